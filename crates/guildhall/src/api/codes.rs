use platform::module::ProblemCode;

/// Codes of problems and their meanings.
#[rustfmt::skip]
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("JOB_NOT_FOUND", "no job has this name", "Use a name that `GET /api/v1/admin/jobs` lists."),
    ProblemCode::new("METRICS_TOKEN_REQUIRED", "metrics require the configured token", "Send `GUILDHALL_METRICS_TOKEN` as the bearer token."),
];
