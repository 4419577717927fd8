//! Queries for screens: boards, places, the ledger of a person or a source.

mod boards;
mod canonical;
mod counting;
mod entries;
mod own;
mod standing;

pub use boards::{Cursor, MonthBoard, Page, Row, Start, has_board, months, page};
pub use canonical::{CanonicalNet, CanonicalRow, canonical_net, canonical_rows};
pub use entries::{Day, EntryWithExplanation, days, latest, of_person, of_source};
pub use own::export;
pub use standing::{standing, standing_and_days};
