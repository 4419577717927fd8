//! Data types of the ledger, the boards, the badges and the programmes.

mod badges;
mod boards;
mod entries;
mod fed_boards;
mod finalizer;
mod ids;
mod programme;
mod topics;

pub use badges::{
    Achievement, AwardRow, AwardedBy, BadgeAudience, BadgeRow, Champion, FirstBadge, MERGED,
    Metric, OWN_METRIC, Rarity, Reached, Share,
};
pub use boards::{
    BoardFamily, Boards, FindBoard, GLOBAL, ListBoards, MERGE_REASON, NamedBoard, RECOUNT_DUE,
    RankPosition, SourceState, board_in_month, month_board, source_board,
};
pub(crate) use boards::{SOURCE, WITHIN, kind_mark};
pub use entries::{
    Entitlement, Entry, EntryKind, EntryWithExplanation, Posting, Redemption, Source,
};
pub use fed_boards::{FedBoard, Span};
pub use finalizer::Finalizer;
pub use ids::{BadgeId, marker};
pub use programme::{
    CanonicalPart, EntryDescription, Mismatch, Pending, Resettled, SettlementMode, SourceLink,
};
pub use topics::{BADGE_AWARDED, BADGE_CHANGED, BADGES_DUE, BADGES_FOUND};
