/// A key of the configuration, as every layer knows it.
pub(super) struct Key {
    /// Its name in `guildhall.toml`.
    pub(super) name: &'static str,
    /// The environment variable that sets it. `X_FILE` names a file that holds the value.
    pub(super) variable: &'static str,
    /// Its value where no layer sets it.
    pub(super) default: Option<&'static str>,
    /// Exposure of its value.
    pub(super) exposure: Exposure,
}

/// Exposure of a value on pages, in answers and in refusals.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exposure {
    Open,
    Secret,
}
