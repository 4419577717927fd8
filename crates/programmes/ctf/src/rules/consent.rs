//! Consent: whose signature counts, and what it allows.

use kernel::Problem;

use super::{profile::Profile, rosters::invalid};
use crate::model::ReleaseBy;

/// Reads the version of a text that a checked box agrees to; `None` if the box is not checked.
#[must_use]
pub fn agreed(typed: &str) -> Option<i64> {
    typed.trim().parse().ok()
}

/// The statement of the roster about the age of a competitor, which they cannot change themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownAge {
    /// The age on record: true if they are of age.
    pub recorded: Option<bool>,
    /// True if the roster is one of a college.
    pub is_college: bool,
    /// The grade on record.
    pub grade: Option<i64>,
}

impl KnownAge {
    /// Returns whether a statement of being of age agrees with what the roster says: a coach recorded it, or the roster is of a
    /// college and the grade is not one of a school.
    fn agrees(self) -> bool {
        let is_at_school = self.grade.is_some_and(|grade| grade <= 12);
        self.recorded == Some(true) || (self.is_college && !is_at_school)
    }
}

/// Returns whether a competitor's account has the protection of minors: as their age says. Without one, the roster decides: people on
/// the roster of a school count as minors, and those on that of a college as adults unless their grade is one of a school.
#[must_use]
pub fn counts_as_minor(known: KnownAge) -> bool {
    !known.recorded.unwrap_or_else(|| known.agrees())
}

/// Refuses that a competitor alone states an age that ends the protection of minors: the roster must agree, or a coach record it.
/// One who is on record as under 18 cannot state another age at all.
///
/// # Errors
/// When they state such an age.
pub fn check_own_age(known: KnownAge, stated: Option<bool>) -> Result<(), Problem> {
    let detail = match (known.recorded, stated) {
        (_, Some(false)) | (None | Some(true), None) => return Ok(()),
        (Some(false), _) => {
            "Your coach recorded that you are under 18. Only a coach can change this: ask yours."
        }
        (_, Some(true)) if known.agrees() => return Ok(()),
        (_, Some(true)) => {
            "Only a coach can record that you are 18 or over. Ask yours, then save this again."
        }
    };
    Err(invalid(detail.to_owned()).at("is_18_or_over"))
}

/// Refuses that a competitor who is not of age changes the parent after a parent was asked for consent: only a coach can.
///
/// # Errors
/// When the name or the address of the parent differs.
pub fn check_own_parent(
    recorded: &Profile,
    stated: &Profile,
    parent_was_asked: bool,
) -> Result<(), Problem> {
    if !parent_was_asked || recorded.is_18_or_over == Some(true) {
        return Ok(());
    }
    let field = if recorded.parent_email != stated.parent_email {
        "parent_email"
    } else if recorded.parent_name != stated.parent_name {
        "parent_name"
    } else {
        return Ok(());
    };
    let detail = "Your parent was asked for consent, so only a coach can change this: ask yours.";
    Err(invalid(detail.to_owned()).at(field))
}

/// Returns whether a signed release does not count, because the competitor signed it and is not of age.
#[must_use]
pub fn is_void(stated_by: Option<ReleaseBy>, of_age: Option<bool>) -> bool {
    stated_by == Some(ReleaseBy::Competitor) && of_age != Some(true)
}

/// Returns whether a competitor can have the weekly email: with a signed release, or of age and without a withdrawal.
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
    fn an_unknown_age_is_that_of_a_minor_at_schools_only() {
        for (recorded, is_college, grade, is_minor) in [
            (None, false, None, true),
            (None, false, Some(14), true),
            (None, true, Some(12), true),
            (None, true, None, false),
            (Some(true), false, None, false),
            (Some(false), true, Some(14), true),
        ] {
            let known = KnownAge { recorded, is_college, grade };
            assert_eq!(counts_as_minor(known), is_minor, "{known:?}");
        }
    }

    #[test]
    fn only_a_coach_or_the_roster_ends_the_protection_of_a_minor() {
        for recorded in AGES {
            for stated in AGES {
                for (is_college, grade, agrees) in [
                    (false, None, false),
                    (false, Some(14), false),
                    (true, Some(12), false),
                    (true, Some(13), true),
                    (true, None, true),
                ] {
                    let known = KnownAge { recorded, is_college, grade };
                    let refused = check_own_age(known, stated);
                    let lifts = match recorded {
                        Some(false) => stated != Some(false),
                        None => stated == Some(true) && !agrees,
                        Some(true) => false,
                    };
                    assert_eq!(refused.is_err(), lifts, "{known:?} {stated:?}");
                    if let Err(problem) = refused {
                        assert_eq!(problem.field, Some("is_18_or_over"));
                    }
                }
            }
        }
    }

    #[test]
    fn only_a_coach_changes_a_parent_who_was_asked() {
        let recorded = Profile {
            is_18_or_over: Some(false),
            parent_name: Some("Bo".to_owned()),
            parent_email: Some("bo@home.example".to_owned()),
            ..Profile::default()
        };
        let address =
            Profile { parent_email: Some("me@school.example".to_owned()), ..recorded.clone() };
        let name = Profile { parent_name: None, ..recorded.clone() };
        let adult = Profile { is_18_or_over: Some(true), ..recorded.clone() };
        for (stated, field) in [(&address, "parent_email"), (&name, "parent_name")] {
            let refused = check_own_parent(&recorded, stated, true).expect_err("refused");
            assert_eq!(refused.field, Some(field));
            assert!(check_own_parent(&recorded, stated, false).is_ok());
            assert!(check_own_parent(&adult, stated, true).is_ok());
        }
        assert!(check_own_parent(&recorded, &recorded, true).is_ok());
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
