//! The status of a competitor, which follows from what is known about them.

use crate::model::CompetitorStatus;

/// Facts that the status of a competitor follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts")]
pub struct StatusFacts {
    /// True once a coach confirmed them.
    pub is_confirmed: bool,
    /// True if nothing is missing in the profile.
    pub has_profile: bool,
    /// True while a signed release is on record.
    pub is_released: bool,
    /// True if they have an account on the game platform.
    pub is_on_platform: bool,
}

#[must_use]
pub fn status(facts: StatusFacts) -> CompetitorStatus {
    let StatusFacts { is_confirmed, has_profile, is_released, is_on_platform } = facts;
    match (is_confirmed, has_profile && is_released, is_on_platform) {
        (false, ..) => CompetitorStatus::Pending,
        (true, true, _) => CompetitorStatus::Complete,
        (true, false, true) => CompetitorStatus::InTheGameNotCompliant,
        (true, false, false) if has_profile => CompetitorStatus::Profile,
        (true, false, false) => CompetitorStatus::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_follows_from_the_facts() {
        use CompetitorStatus::{Complete, InTheGameNotCompliant, Pending, Profile};
        for (is_confirmed, has_profile, is_released, is_on_platform, expected) in [
            (false, false, false, false, Pending),
            (false, true, true, true, Pending),
            (true, false, false, false, Pending),
            (true, false, true, false, Pending),
            (true, true, false, false, Profile),
            (true, true, false, true, InTheGameNotCompliant),
            (true, false, true, true, InTheGameNotCompliant),
            (true, true, true, false, Complete),
            (true, true, true, true, Complete),
        ] {
            let facts = StatusFacts { is_confirmed, has_profile, is_released, is_on_platform };
            assert_eq!(status(facts), expected, "{facts:?}");
        }
    }
}
