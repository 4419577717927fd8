//! Paging of long lists.

use kernel::{Problem, Timestamp};
use platform::web::{self, ListQuery, cursor_after};
use uuid::Uuid;

/// The number of rows on a page.
pub const ROWS: i64 = 10;

/// A page of a list.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// The cursor of the next page; absent on the last.
    pub next: Option<String>,
    /// True on the list's first page.
    pub is_first: bool,
    /// The cursor of this page, where its CSV begins.
    pub asked: String,
}

/// The position after which a page begins; `None` for the first page.
pub type ListPosition = Option<(Timestamp, Uuid)>;

/// Decodes a cursor into a position.
///
/// # Errors
/// When the cursor is not one that this server issued.
pub fn place(cursor: &str) -> Result<ListPosition, Problem> {
    let query = ListQuery { limit: None, cursor: (!cursor.is_empty()).then(|| cursor.to_owned()) };
    query.place()
}

impl<T> List<T> {
    /// Builds a page of `limit` rows from those read, of which one more indicates a next page.
    pub fn cut(
        rows: Vec<T>,
        limit: i64,
        cursor: &str,
        place: impl Fn(&T) -> (Timestamp, Uuid),
    ) -> Self {
        let cut = web::List::cut(rows, limit, |row| cursor_after(place(row)));
        Self {
            rows: cut.items,
            next: cut.next_cursor,
            is_first: cursor.is_empty(),
            asked: cursor.to_owned(),
        }
    }

    /// Converts each row, dropping those that `view` returns `None` for.
    pub fn map<U>(self, view: impl FnMut(T) -> Option<U>) -> List<U> {
        List {
            rows: self.rows.into_iter().filter_map(view).collect(),
            next: self.next,
            is_first: self.is_first,
            asked: self.asked,
        }
    }
}
