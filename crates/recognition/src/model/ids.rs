use kernel::Id;

/// An entry of the ledger: `point_transactions.id`.
pub type TransactionId = Id<marker::Transaction>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`TransactionId`](super::TransactionId).
    #[derive(Debug)]
    pub enum Transaction {}
}
