use sea_orm::FromQueryResult;

/// The deliveries that were received since an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Failures {
    /// The number of all.
    pub(crate) received: i64,
    /// The number of those whose last attempt failed.
    pub(crate) failed: i64,
}
