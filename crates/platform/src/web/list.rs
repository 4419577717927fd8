use chrono::{Datelike as _, NaiveDateTime, SecondsFormat};
use kernel::{Problem, ProblemKind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The requested page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(value_type = String, required = false)]
    pub cursor: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Pass it as `cursor` to get the next page. Null on the last page.
    pub next_cursor: Option<String>,
}

/// A whole list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct All<T> {
    /// The items of the list.
    pub items: Vec<T>,
}

impl<T> All<T> {
    /// Converts each row.
    pub fn of(rows: impl IntoIterator<Item: Into<T>>) -> Self {
        Self { items: rows.into_iter().map(Into::into).collect() }
    }
}

impl<T> List<T> {
    /// Builds a page of the first `limit` rows, of which one more was requested to know whether another page
    /// follows. `cursor` returns the position of a row.
    pub fn cut(mut rows: Vec<T>, limit: i64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        Self { next_cursor: last.map(cursor), items: rows }
    }

    /// Converts each row, dropping those that `view` returns `None` for.
    pub fn filter_map<U>(self, view: impl FnMut(T) -> Option<U>) -> List<U> {
        List {
            items: self.items.into_iter().filter_map(view).collect(),
            next_cursor: self.next_cursor,
        }
    }

    /// Converts each row.
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> List<U> {
        List { items: self.items.into_iter().map(view).collect(), next_cursor: self.next_cursor }
    }
}

/// Returns the number of rows for a requested limit: 20 by default, at most 100.
///
/// # Errors
/// When the limit is out of range.
pub fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    match asked.unwrap_or(20) {
        limit @ 1..=100 => Ok(limit),
        _ => {
            let detail = "limit must be between 1 and 100.";
            Err(Problem::new(ProblemKind::Malformed, "BAD_LIMIT", detail))
        }
    }
}

/// Returns the problem for a cursor that this server did not issue.
#[must_use]
pub fn bad_cursor() -> Problem {
    let detail = "This cursor is invalid. Start without a cursor.";
    Problem::new(ProblemKind::Malformed, "BAD_CURSOR", detail)
}

/// Formats an instant as part of a cursor, without characters that URLs would encode.
#[must_use]
pub fn write_instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true).replace(':', "")
}

/// Parses the text of [`write_instant`]. Rejects years that PostgreSQL cannot store.
#[must_use]
pub fn read_instant(text: &str) -> Option<Timestamp> {
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H%M%S%.6fZ").ok()?;
    (0..10_000).contains(&at.year()).then(|| at.and_utc())
}

/// Returns the cursor after the row with this instant and id, for lists in that order.
#[must_use]
pub fn cursor_after((at, id): (Timestamp, Uuid)) -> String {
    format!("{}.{}", write_instant(at), id.simple())
}

impl ListQuery {
    /// Returns the number of rows.
    ///
    /// # Errors
    /// When the limit is out of range.
    pub fn limit(&self) -> Result<i64, Problem> {
        limit(self.limit)
    }

    /// Parses the instant and id that [`cursor_after`] wrote.
    ///
    /// # Errors
    /// When the cursor is not one that this server issued.
    pub fn place(&self) -> Result<Option<(Timestamp, Uuid)>, Problem> {
        let place = |cursor: &String| {
            let (at, id) = cursor.rsplit_once('.')?;
            Some((read_instant(at)?, Uuid::try_parse(id).ok()?))
        };
        let read = |cursor| place(cursor).ok_or_else(bad_cursor);
        self.cursor.as_ref().map(read).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cursor: &str) -> ListQuery {
        ListQuery { limit: None, cursor: Some(cursor.to_owned()) }
    }

    #[test]
    fn a_cursor_round_trips() {
        let at = "2026-10-02T08:00:00.000120Z".parse().expect("an instant");
        let place = (at, Uuid::from_u128(9));
        let cursor = cursor_after(place);
        assert!(!cursor.contains(':'), "{cursor}");
        assert_eq!(of(&cursor).place().expect("read"), Some(place));
        for wrong in ["", "1", "yesterday.9", "+12026-10-02T080000.000120Z.9"] {
            assert_eq!(of(wrong).place().expect_err(wrong).code, "BAD_CURSOR");
        }
    }

    #[test]
    fn a_list_continues_if_more_rows_were_found() {
        let cut = |rows: i64| {
            let list = List::cut((1..=rows).collect(), 2, i64::to_string);
            (list.items.len(), list.next_cursor)
        };
        assert_eq!(cut(0), (0, None));
        assert_eq!(cut(2), (2, None));
        assert_eq!(cut(3), (2, Some("2".to_owned())));
    }

    #[test]
    fn a_limit_has_bounds() {
        assert_eq!(limit(None).expect("the usual"), 20);
        assert_eq!(limit(Some(100)).expect("the most"), 100);
        for wrong in [0, -1, 101] {
            assert_eq!(limit(Some(wrong)).expect_err("refused").code, "BAD_LIMIT");
        }
    }
}
