use std::fmt;

use identity::model::UserId;
use kernel::{Points, Problem, ProblemKind, Timestamp};
use platform::web;
use uuid::Uuid;

/// A position after a row of a board, in board order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's points.
    pub points: Points,
    /// When the points were reached.
    pub reached_at: Timestamp,
    pub user_id: UserId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = web::write_instant(self.reached_at);
        write!(f, "{}.{at}.{}", self.points, self.user_id.0.simple())
    }
}

impl Cursor {
    /// Parses a cursor in the format of [`Display`](fmt::Display).
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (points, rest) = text.split_once('.')?;
        let (at, user) = rest.rsplit_once('.')?;
        let points: Points = points.parse().ok()?;
        // Boards are ordered by the negated points.
        points.checked_neg()?;
        Some(Self {
            points,
            reached_at: web::read_instant(at)?,
            user_id: Uuid::try_parse(user).ok()?.into(),
        })
    }
}

/// The start of a page of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Top,
    /// The row after a cursor.
    After(Cursor),
    /// The people who share the rank at this position.
    Rank(i64),
    /// Centers the page on a person. The page is empty when they are not on the board.
    Around(UserId),
}

impl Start {
    /// Parses the start from a cursor or a rank.
    ///
    /// # Errors
    /// When the rank is below 1, the cursor is invalid, or both are given.
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
    fn a_formatted_cursor_is_parsed() {
        let cursor = Cursor {
            points: -15,
            reached_at: "2026-10-02T08:00:00.000120Z".parse().expect("an instant"),
            user_id: Uuid::from_u128(9).into(),
        };
        assert_eq!(Cursor::read(&cursor.to_string()), Some(cursor));
        for wrong in ["", "1", "1.2", "x.2026-10-02T080000.000120Z.9", "1.yesterday.00"] {
            assert_eq!(Cursor::read(wrong), None, "{wrong}");
        }
    }
}
