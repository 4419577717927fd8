use platform::module::ProblemCode;

/// Codes of problems, and when they are answered.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("JOB_NOT_FOUND", "there is no job of this name"),
    ProblemCode::new(
        "LAST_MAINTAINER",
        "the project would have no maintainer left",
    ),
    ProblemCode::new(
        "MAINTAINER_REQUIRED",
        "this is open to the project's maintainers",
    ),
    ProblemCode::new(
        "NOT_A_MAINTAINER",
        "the person does not maintain the project",
    ),
    ProblemCode::new(
        "TOO_MUCH_IN_FLIGHT",
        "too many deliveries at once; send it again",
    ),
];
