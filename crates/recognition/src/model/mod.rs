//! Data types of the ledger, the boards and the programmes.

mod boards;
mod entries;
mod ids;
mod programme;

pub(crate) use boards::WITHIN;
pub use boards::{
    BoardFamily, Boards, FindBoard, GLOBAL, ListBoards, NamedBoard, RankPosition, board_in_month,
    month_board,
};
pub use entries::{Entitlement, Entry, EntryKind, EntryWithExplanation, Posting, Source};
pub use ids::{TransactionId, marker};
pub use programme::{
    CanonicalPart, EntryDescription, Mismatch, Resettled, SettlementMode, SourceLink,
};
