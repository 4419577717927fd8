use super::{Achieved, Criteria, reached};
use crate::model::{AwardRow, AwardedBy, Reached};

/// The latest award of a badge to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatestAward {
    /// By its criteria.
    ByRule,
    /// By an admin, which no rule changes.
    ByAdmin,
    /// Revoked by a rule. The person can earn it again.
    RevokedByRule,
    /// Revoked by an admin. Only an admin can award it again.
    RevokedByAdmin,
}

impl LatestAward {
    #[must_use]
    pub fn of(award: &AwardRow) -> Self {
        match (award.revoked_by, award.awarded_by) {
            (Some(AwardedBy::Rule), _) => Self::RevokedByRule,
            (Some(AwardedBy::Admin), _) => Self::RevokedByAdmin,
            (None, AwardedBy::Rule) => Self::ByRule,
            (None, AwardedBy::Admin) => Self::ByAdmin,
        }
    }
}

/// The result of evaluating a badge of a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Nothing changes.
    Keep,
    /// The person earned the badge.
    Award(Reached),
    /// The person has the badge, and earned it at another time or with other numbers than stored.
    Correct(Reached),
    /// The person earned the badge with contributions that turned out to be spam.
    Revoke,
}

/// Evaluates the criteria of a badge that a person may have.
///
/// A badge that a person once earned stays, even if a later correction lowers a number: it was true when it was awarded.
/// Only a badge that was earned with spam is revoked, which is so if the criteria are reached with the contributions that
/// turned out to be spam, and not without them.
#[must_use]
pub fn decide(criteria: &Criteria, held: Option<LatestAward>, achieved: &Achieved) -> Decision {
    if !criteria.is_personal() {
        return Decision::Keep;
    }
    match reached(criteria, achieved.counted()) {
        Some(found) => decide_reached(held, found),
        None if held != Some(LatestAward::ByRule) => Decision::Keep,
        None => match reached(criteria, achieved.with_void()) {
            Some(_) => Decision::Revoke,
            None => Decision::Keep,
        },
    }
}

/// Decides about a badge whose criteria a person reached. What an admin decided stays.
#[must_use]
pub fn decide_reached(held: Option<LatestAward>, reached: Reached) -> Decision {
    match held {
        None | Some(LatestAward::RevokedByRule) => Decision::Award(reached),
        Some(LatestAward::ByRule) => Decision::Correct(reached),
        Some(LatestAward::ByAdmin | LatestAward::RevokedByAdmin) => Decision::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Achievement, MERGED};
    use uuid::Uuid;

    fn merge(day: u32, is_void: bool) -> Achievement {
        Achievement {
            user_id: Uuid::from_u128(1).into(),
            metric: MERGED,
            at: format!("2026-01-{day:02}T00:00:00Z").parse().expect("an instant"),
            order: 0,
            amount: 1,
            rating: None,
            is_void,
        }
    }

    fn word(decision: &Decision) -> &'static str {
        match decision {
            Decision::Keep => "keep",
            Decision::Award(_) => "award",
            Decision::Correct(_) => "correct",
            Decision::Revoke => "revoke",
        }
    }

    #[test]
    fn only_spam_takes_a_badge_back() {
        use LatestAward::{ByAdmin, ByRule, RevokedByAdmin, RevokedByRule};
        let two = Criteria::PrCount { at_least: 2 };
        let (merged, spam, fewer) = (
            [merge(1, false), merge(2, false)],
            [merge(1, false), merge(2, true)],
            [merge(1, false)],
        );
        for (held, merges, expected) in [
            (None, &merged[..], "award"),
            (None, &spam, "keep"),
            (Some(ByRule), &merged, "correct"),
            (Some(ByRule), &spam, "revoke"),
            (Some(ByRule), &fewer, "keep"),
            (Some(ByAdmin), &spam, "keep"),
            (Some(ByAdmin), &merged, "keep"),
            (Some(RevokedByRule), &merged, "award"),
            (Some(RevokedByRule), &spam, "keep"),
            (Some(RevokedByAdmin), &merged, "keep"),
        ] {
            let achieved = Achieved::of(merges.iter().copied());
            let decision = decide(&two, held, &achieved);
            assert_eq!(word(&decision), expected, "{held:?}, {merges:?}");
        }
    }
}
