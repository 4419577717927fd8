use platform::module::ProblemCode;

/// Codes of problems, and when they are answered.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new(
        "ALWAYS_SENT",
        "what concerns the security of one's account is always sent",
    ),
    ProblemCode::new(
        "AMBIGUOUS_NAME",
        "several repositories go by this name: an id says which",
    ),
    ProblemCode::new("BAD_CAP", "more or fewer letters a day than can be chosen"),
    ProblemCode::new("BAD_HEADER", "a header is too long"),
    ProblemCode::new("BAD_MONTH", "the month is none"),
    ProblemCode::new("BAD_RANK", "the rank is below 1"),
    ProblemCode::new(
        "BAD_SIGNATURE",
        "the delivery is not signed by the hook's secret",
    ),
    ProblemCode::new("JOB_NOT_FOUND", "there is no job of this name"),
    ProblemCode::new(
        "LAST_MAINTAINER",
        "the project would have no maintainer left",
    ),
    ProblemCode::new(
        "MAINTAINER_REQUIRED",
        "this is open to the project's maintainers",
    ),
    ProblemCode::new("MISSING_HEADER", "a header is missing"),
    ProblemCode::new(
        "NOT_A_MAINTAINER",
        "the person does not maintain the project",
    ),
    ProblemCode::new(
        "NOT_STORED",
        "the delivery could not be stored; send it again",
    ),
    ProblemCode::new("NOT_A_TIME", "it is no time of the day"),
    ProblemCode::new("NO_OWN_HOOK", "the repository has no webhook of its own"),
    ProblemCode::new("NO_SUCH_KIND", "there is no such kind of news"),
    ProblemCode::new("NO_SUCH_MODE", "there is no such way to be told"),
    ProblemCode::new("SAME_SECRET", "the hook has this secret already"),
    ProblemCode::new(
        "TOO_MUCH_IN_FLIGHT",
        "too many deliveries at once; send it again",
    ),
];
