use platform::module::ProblemCode;

/// Codes of problems and their meanings.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("JOB_NOT_FOUND", "no job has this name"),
    ProblemCode::new(
        "METRICS_TOKEN_REQUIRED",
        "metrics require the configured token",
    ),
];
