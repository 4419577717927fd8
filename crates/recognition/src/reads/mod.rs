//! Queries of boards, ranks, badges and ledger entries, and checks for operators.

mod badges;
mod boards;
mod canonical;
mod counting;
mod cursor;
mod dump;
mod entries;
mod finals;
mod first_ranks;
mod latest_awards;
mod latest_badges;
mod mismatches;
mod news;
mod own;
mod rank;
mod ranking;
mod sources;
mod unlisted;

pub use badges::{
    AwardedBadge, BadgeOfPerson, Badges, EvaluationRow, OwnBadge, all_badges, any_badge, award,
    awarded_badges, awards_since, badge, badge_by_id, badge_holders, badges, badges_for_person,
    badges_of_person, credential_key, holders, last_evaluation, own_badges, revoked_awards,
    unknown_badge,
};
pub use boards::{
    MonthBoard, Page, RankedRow, has_board, merged_on, merges_of_person, months, page,
    people_with_merges,
};
pub use canonical::{CanonicalNet, CanonicalRow, canonical_net, canonical_rows};
pub use cursor::{Cursor, Start};
pub use dump::{dump, dump_line};
pub use entries::{
    Day, days, first_earned, last_posted, latest, of_person, of_source, spendable, sums,
};
pub use finals::{
    BoardState, Correction, LateChange, board_state, corrections, late_changes, shown_people,
};
pub(crate) use finals::{is_open_month, last_changed, last_earned, open_months};
pub(crate) use first_ranks::{Placed, first_ranks, placed};
pub use latest_awards::{LatestAward, latest_awards};
pub(crate) use latest_badges::{LatestBadge, latest_badges};
pub use mismatches::MISMATCHES;
pub(crate) use mismatches::{board_rows, mismatches};
pub use news::{News, award_news, found_news};
pub use own::export;
pub use rank::{RankInMonth, RankWithNeighbors, rank, rank_and_days, rank_with_neighbors, ranks};
pub use ranking::{RankedPerson, ranking};
pub use sources::{PointsOnBoards, points_on_boards, ranks_on_boards, source_states};
pub(crate) use unlisted::absence;
pub use unlisted::{has_opted_out, unlisted};
