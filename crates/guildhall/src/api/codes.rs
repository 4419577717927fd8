use platform::module::ProblemCode;

/// Codes of problems and their meanings.
#[rustfmt::skip]
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("BAD_KIND", "no kind of things has this name", "Use one of the names that the response lists."),
    ProblemCode::new("BAD_SEARCH", "the text of the search is too short or too long", "Send 2 to 100 characters."),
    ProblemCode::new("JOB_NOT_FOUND", "no job has this name", "Use a name that `GET /api/v1/admin/jobs` lists."),
    ProblemCode::new("METRICS_TOKEN_REQUIRED", "metrics require the configured token", "Send `GUILDHALL_METRICS_TOKEN` as the bearer token."),
];
