//! Changes of ranks.

use std::fmt;

use ui::format::Number;

/// The change of a person's rank since the previous month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankChange {
    /// Not on the previous month's leaderboard.
    New,
    Same,
    /// Better by a number of ranks.
    Up(Number),
    /// Worse by a number of ranks.
    Down(Number),
}

impl fmt::Display for RankChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => f.write_str("new"),
            Self::Same => f.write_str("same"),
            Self::Up(ranks) => write!(f, "up\u{a0}{ranks}"),
            Self::Down(ranks) => write!(f, "down\u{a0}{ranks}"),
        }
    }
}

impl RankChange {
    /// Returns the class of its color.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::New | Self::Same => "same",
            Self::Up(_) => "up",
            Self::Down(_) => "down",
        }
    }

    /// Returns the path of its arrow; absent for a person who is new.
    #[must_use]
    pub fn arrow(self) -> Option<&'static str> {
        match self {
            Self::New => None,
            Self::Same => Some("M5 12h14"),
            Self::Up(_) => Some("M12 20V5M6 11l6-6 6 6"),
            Self::Down(_) => Some("M12 4v15M6 13l6 6 6-6"),
        }
    }

    /// Returns the direction in a word, which the arrow shows to others.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "",
            Self::Same => "no change",
            Self::Up(_) => "up ",
            Self::Down(_) => "down ",
        }
    }

    /// Returns what is printed beside the arrow.
    #[must_use]
    pub fn printed(self) -> String {
        match self {
            Self::New => "new".to_owned(),
            Self::Same => String::new(),
            Self::Up(ranks) | Self::Down(ranks) => ranks.to_string(),
        }
    }

    pub(super) fn of(rank: i64, before: Option<i64>) -> Self {
        match before.map(|before| before - rank) {
            None => Self::New,
            Some(0) => Self::Same,
            Some(up) if up > 0 => Self::Up(Number(up)),
            Some(down) => Self::Down(Number(-down)),
        }
    }

    /// Returns the difference as a number; `None` for a person who is new.
    pub(super) fn difference(self) -> Option<i64> {
        match self {
            Self::New => None,
            Self::Same => Some(0),
            Self::Up(Number(up)) => Some(up),
            Self::Down(Number(down)) => Some(-down),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_better_when_the_rank_is_lower() {
        for (rank, before, expected, difference) in [
            (3, None, RankChange::New, None),
            (3, Some(3), RankChange::Same, Some(0)),
            (3, Some(9), RankChange::Up(Number(6)), Some(6)),
            (9, Some(3), RankChange::Down(Number(6)), Some(-6)),
        ] {
            let change = RankChange::of(rank, before);
            assert_eq!((change, change.difference()), (expected, difference));
        }
    }
}
