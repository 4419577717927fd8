/// Whole points in the ledger. Negative for a penalty or a reversal.
pub type Points = i64;
