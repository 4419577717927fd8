use kernel::Timestamp;

/// A person's second factor, without its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct SecondFactor {
    /// When its first code confirmed it.
    pub confirmed_at: Timestamp,
    /// The number of recovery codes that were not used.
    pub codes_left: i64,
}
