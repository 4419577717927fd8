//! Consent: whose signature counts, and what it allows.

use kernel::Problem;

use super::rosters::invalid;
use crate::model::ReleaseBy;

/// Reads the version of a text that a checked box agrees to; `None` if the box is not checked.
#[must_use]
pub fn agreed(typed: &str) -> Option<i64> {
    typed.trim().parse().ok()
}

/// Refuses that a competitor who is on record as under 18 states another age: only a coach can.
///
/// # Errors
/// When they state another age.
pub fn check_own_age(recorded: Option<bool>, stated: Option<bool>) -> Result<(), Problem> {
    if recorded != Some(false) || stated == Some(false) {
        return Ok(());
    }
    let detail =
        "Your coach recorded that you are under 18. Only a coach can change this: ask yours.";
    Err(invalid(detail.to_owned()).at("is_18_or_over"))
}

/// Returns whether a signed release does not count, because the competitor signed it and is not of age.
#[must_use]
pub fn is_void(stated_by: Option<ReleaseBy>, of_age: Option<bool>) -> bool {
    stated_by == Some(ReleaseBy::Competitor) && of_age != Some(true)
}

/// Returns whether a competitor can have the weekly e-mail: with a signed release, or of age and without a withdrawal.
#[must_use]
pub fn allows_mail(is_released: bool, of_age: Option<bool>, is_withdrawn: bool) -> bool {
    is_released || (of_age == Some(true) && !is_withdrawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGES: [Option<bool>; 3] = [None, Some(false), Some(true)];

    #[test]
    fn a_checked_box_states_the_version() {
        for (typed, version) in [("2", Some(2)), (" 0 ", Some(0)), ("", None), ("on", None)] {
            assert_eq!(agreed(typed), version, "{typed}");
        }
    }

    #[test]
    fn only_a_coach_ends_the_protection_of_a_minor() {
        for recorded in AGES {
            for stated in AGES {
                let refused = check_own_age(recorded, stated).is_err();
                let lifts = recorded == Some(false) && stated != Some(false);
                assert_eq!(refused, lifts, "{recorded:?} {stated:?}");
            }
        }
        let refused = check_own_age(Some(false), Some(true)).expect_err("refused");
        assert_eq!(refused.field, Some("is_18_or_over"));
    }

    #[test]
    fn a_minor_cannot_sign() {
        for by in ReleaseBy::ALL {
            for age in AGES {
                let void = by == ReleaseBy::Competitor && age != Some(true);
                assert_eq!(is_void(Some(by), age), void, "{by:?} {age:?}");
            }
        }
        assert!(AGES.into_iter().all(|age| !is_void(None, age)));
    }

    #[test]
    fn mail_needs_a_release_or_the_age_without_a_withdrawal() {
        for age in AGES {
            assert!(allows_mail(true, age, false));
            assert!(!allows_mail(false, age, true));
            assert_eq!(allows_mail(false, age, false), age == Some(true));
        }
    }
}
