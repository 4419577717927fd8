/// Whole points of the ledger. May be negative: a penalty or a reversal.
pub type Points = i64;
