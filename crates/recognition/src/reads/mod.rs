//! Queries for screens: boards, places, the ledger of a person or a source.

mod boards;
mod canonical;
mod entries;

pub use boards::{Cursor, Page, Row, Start, has_board, page, standing};
pub use canonical::{CanonicalNet, CanonicalRow, canonical_net, canonical_rows};
pub use entries::{EntryWithExplanation, of_person, of_source};
