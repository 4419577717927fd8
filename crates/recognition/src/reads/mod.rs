//! Queries of boards, ranks and ledger entries, and checks for operators.

mod boards;
mod canonical;
mod counting;
mod cursor;
mod dump;
mod entries;
mod mismatches;
mod own;
mod rank;
mod unlisted;

pub use boards::{MonthBoard, Page, Row, has_board, months, page};
pub use canonical::{CanonicalNet, CanonicalRow, canonical_net, canonical_rows};
pub use cursor::{Cursor, Start};
pub use dump::{dump, dump_line};
pub use entries::{Day, days, latest, of_person, of_source, sums};
pub(crate) use mismatches::earners;
pub use mismatches::{MISMATCHES, mismatches};
pub use own::export;
pub use rank::{RankWithNeighbors, rank, rank_and_days, rank_with_neighbors, ranks};
pub use unlisted::unlisted;
