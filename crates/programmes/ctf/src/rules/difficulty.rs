//! The difficulty of a challenge, by its points.

/// The fewest points of a hard challenge.
pub const HARD: i64 = 400;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difficulty {
    /// 100 to 199 points.
    Easy,
    /// 200 to 399 points.
    Medium,
    /// 400 points or more.
    Hard,
}

impl Difficulty {
    /// Returns the difficulty of a challenge; `None` below 100 points.
    #[must_use]
    pub const fn of(points: i64) -> Option<Self> {
        match points {
            ..100 => None,
            100..200 => Some(Self::Easy),
            200..HARD => Some(Self::Medium),
            HARD.. => Some(Self::Hard),
        }
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Easy => "Easy",
            Self::Medium => "Medium",
            Self::Hard => "Hard",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_belong_to_the_harder_one() {
        let of = [99, 100, 199, 200, 399, 400, 1_000].map(Difficulty::of);
        let (easy, medium, hard) = (Difficulty::Easy, Difficulty::Medium, Difficulty::Hard);
        let expected =
            [None, Some(easy), Some(easy), Some(medium), Some(medium), Some(hard), Some(hard)];
        assert_eq!(of, expected);
    }
}
