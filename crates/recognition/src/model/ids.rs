use kernel::Id;

/// An entry of the ledger: `point_transactions.id`.
pub type TransactionId = Id<marker::Transaction>;

/// Names of the kinds of rows; no value of them exists.
pub mod marker {
    /// Row of a [`TransactionId`](super::TransactionId).
    #[derive(Debug)]
    pub enum Transaction {}
}
