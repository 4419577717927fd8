use platform::module::ProblemCode;

/// Codes of problems and their meanings.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("JOB_NOT_FOUND", "no job has this name"),
    ProblemCode::new(
        "TOO_MUCH_IN_FLIGHT",
        "too many deliveries at once; send it again",
    ),
];
