use platform::module::ProblemCode;

/// Codes of problems and their meanings.
#[rustfmt::skip]
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("APP_NOT_BEGUN", "this browser did not begin the creation of a GitHub App in the last hour", "Create the App again at `/setup/github`."),
    ProblemCode::new("NO_PROGRAM", "no program is chosen", "Choose at least one program."),
];
