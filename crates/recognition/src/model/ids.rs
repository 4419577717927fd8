use kernel::Id;

/// An entry of the ledger: `point_transactions.id`.
pub type TransactionId = Id<marker::Transaction>;

/// A badge: `badges.id`.
pub type BadgeId = Id<marker::Badge>;

/// A badge that a person has or had: `user_badges.id`.
pub type AwardId = Id<marker::Award>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`TransactionId`](super::TransactionId).
    #[derive(Debug)]
    pub enum Transaction {}
    /// Marks a [`BadgeId`](super::BadgeId).
    #[derive(Debug)]
    pub enum Badge {}
    /// Marks an [`AwardId`](super::AwardId).
    #[derive(Debug)]
    pub enum Award {}
}
