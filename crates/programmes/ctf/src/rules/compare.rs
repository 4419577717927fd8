//! Comparisons with the game platform: whom they are about.

use std::fmt;

use kernel::{Problem, ProblemKind};

use crate::model::RosterId;

pub const MOST_SAMPLED: i64 = 50;

/// The subjects of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareScope {
    /// Everyone, all coaches and all teams.
    All,
    /// A number of competitors, chosen at random.
    Sample(i64),
    /// A number of competitors of a roster, chosen at random.
    Roster(RosterId, i64),
}

platform::stored!(CompareScope);

impl fmt::Display for CompareScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Sample(number) => write!(f, "sample:{number}"),
            Self::Roster(roster, number) => write!(f, "roster:{roster}:{number}"),
        }
    }
}

impl CompareScope {
    /// Returns the scope with a stored text. Samples are at most [`MOST_SAMPLED`].
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        if text == "all" {
            return Some(Self::All);
        }
        if let Some(number) = text.strip_prefix("sample:") {
            return sampled(number).map(Self::Sample);
        }
        let (roster, number) = text.strip_prefix("roster:")?.split_once(':')?;
        let roster = RosterId::new(roster.parse().ok()?);
        Some(Self::Roster(roster, sampled(number)?))
    }

    /// Returns the roster and the number of a sample; `None` for a comparison of everyone.
    #[must_use]
    pub const fn sample(&self) -> Option<(Option<RosterId>, i64)> {
        match self {
            Self::All => None,
            Self::Sample(number) => Some((None, *number)),
            Self::Roster(roster, number) => Some((Some(*roster), *number)),
        }
    }
}

/// Returns the scopes of the samples of each size, of everyone or of a roster.
pub fn samples(roster: Option<RosterId>) -> impl Iterator<Item = CompareScope> {
    (1..=MOST_SAMPLED).map(move |number| match roster {
        Some(roster) => CompareScope::Roster(roster, number),
        None => CompareScope::Sample(number),
    })
}

/// Returns the number of competitors of a sample; `None` for text that is not a number from 1 to [`MOST_SAMPLED`].
#[must_use]
pub fn sampled(text: &str) -> Option<i64> {
    let number = text.trim().parse().ok()?;
    (1..=MOST_SAMPLED).contains(&number).then_some(number)
}

/// Reads the number of competitors in a form.
///
/// # Errors
/// When it is not a number from 1 to [`MOST_SAMPLED`].
pub fn check_sampled(text: &str) -> Result<i64, Problem> {
    sampled(text).ok_or_else(|| {
        let detail = format!("Enter a number of competitors from 1 to {MOST_SAMPLED}.");
        Problem::new(ProblemKind::Invalid, "BAD_SAMPLE", detail).at("number")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_are_written() {
        let roster = RosterId::new(uuid::Uuid::from_u128(7));
        for scope in [
            CompareScope::All,
            CompareScope::Sample(1),
            CompareScope::Sample(50),
            CompareScope::Roster(roster, 10),
        ] {
            assert_eq!(CompareScope::named(&scope.to_string()), Some(scope));
        }
        for unknown in [
            "",
            "sample",
            "sample:",
            "sample:0",
            "sample:51",
            "sample:x",
            "roster:10",
            "roster::10",
            "roster:00000000-0000-0000-0000-000000000007:0",
            "some",
        ] {
            assert_eq!(CompareScope::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn samples_are_of_each_size() {
        let roster = RosterId::new(uuid::Uuid::from_u128(7));
        for of in [None, Some(roster)] {
            let found: Vec<_> = samples(of).filter_map(|scope| scope.sample()).collect();
            let expected: Vec<_> = (1..=50).map(|number| (of, number)).collect();
            assert_eq!(found, expected);
        }
    }
}
