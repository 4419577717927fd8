/// A key of the configuration.
pub(super) struct Key {
    /// Its name in `guildhall.toml`.
    pub(super) name: &'static str,
    /// The environment variable that sets it. `X_FILE` names a file that holds the value.
    pub(super) variable: &'static str,
    /// Its value if no layer sets it.
    pub(super) default: Option<&'static str>,
    pub(super) exposure: Exposure,
    /// True if admins can save it in the browser.
    pub(super) is_kept: bool,
}

/// The exposure of a value on pages, in responses and in errors.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exposure {
    Open,
    Secret,
}
