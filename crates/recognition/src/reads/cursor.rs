use std::fmt;

use identity::model::UserId;
use kernel::{Points, Problem, ProblemKind, Timestamp};
use platform::web;
use uuid::Uuid;

/// A position between rows of a board: after this row, in board order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's points.
    pub points: Points,
    /// When they were reached.
    pub reached_at: Timestamp,
    /// The person.
    pub user_id: UserId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = web::write_instant(self.reached_at);
        write!(f, "{}.{at}.{}", self.points, self.user_id.0.simple())
    }
}

impl Cursor {
    /// Reads a cursor as [`Display`](fmt::Display) writes it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (points, rest) = text.split_once('.')?;
        let (at, user) = rest.rsplit_once('.')?;
        let points: Points = points.parse().ok()?;
        // Boards are in order of −points.
        points.checked_neg()?;
        Some(Self {
            points,
            reached_at: web::read_instant(at)?,
            user_id: Uuid::try_parse(user).ok()?.into(),
        })
    }
}

/// The beginning of a page of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the top.
    Top,
    /// After a row.
    After(Cursor),
    /// With the people who share the rank that covers this one.
    Rank(i64),
    /// So that this person is in the middle; an empty page when they are not on the board.
    Around(UserId),
}

impl Start {
    /// Reads the beginning that an address names by a cursor or a rank.
    ///
    /// # Errors
    /// A problem when the rank is below 1, the cursor cannot be read, or both are given.
    pub fn read(cursor: Option<&str>, rank: Option<i64>) -> Result<Self, Problem> {
        let malformed = |code, detail| Err(Problem::new(ProblemKind::Malformed, code, detail));
        match (cursor, rank) {
            (None, None) => Ok(Self::Top),
            (None, Some(rank)) if rank >= 1 => Ok(Self::Rank(rank)),
            (None, Some(_)) => malformed("BAD_RANK", "The rank must be 1 or more."),
            (Some(_), Some(_)) => malformed("BAD_CURSOR", "Give either cursor or rank, not both."),
            (Some(cursor), None) => {
                let cursor = Cursor::read(cursor).ok_or_else(web::bad_cursor)?;
                Ok(Self::After(cursor))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor {
            points: -15,
            reached_at: "2026-10-02T08:00:00.000120Z".parse().expect("an instant"),
            user_id: Uuid::from_u128(9).into(),
        };
        assert_eq!(Cursor::read(&cursor.to_string()), Some(cursor));
        for wrong in [
            "",
            "1",
            "1.2",
            "x.2026-10-02T080000.000120Z.9",
            "1.yesterday.00",
        ] {
            assert_eq!(Cursor::read(wrong), None, "{wrong}");
        }
    }
}
