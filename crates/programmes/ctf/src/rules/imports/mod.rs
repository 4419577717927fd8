//! Reading of rosters from spreadsheets: bytes to text, text to a sheet, and its lines to competitors, questions and errors.
//! Nothing is left out without a word: columns that are not known are named, and lines that cannot be added keep a reason.

mod columns;
mod decode;
mod review;
mod rows;
mod sheet;
#[cfg(test)]
mod tests;

pub use columns::{Column, ColumnField, Mapping};
pub use decode::{Decoded, decode};
pub use review::{Answer, KnownPerson, Question, Review, Seen, review};
pub use rows::{BadRow, Candidate, RosterRows};
pub use sheet::{FirstLine, LONGEST_CELL, MOST, MOST_COLUMNS, Sheet, SheetRow};

use kernel::Problem;

use super::rosters::invalid;

/// The maximum length of a file or a text, in KiB.
pub const MOST_KIB: usize = 512;

/// The same in bytes.
pub const LONGEST: usize = MOST_KIB * 1024;

fn too_long() -> Problem {
    refused(format!("The sheet is larger than {MOST_KIB} KiB. Split it."))
}

fn refused(detail: impl Into<String>) -> Problem {
    invalid(detail.into()).at("rows")
}
