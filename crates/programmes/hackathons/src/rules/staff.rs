//! Decisions on the staff of a hackathon.

use kernel::{Problem, ProblemKind};

use crate::model::StaffRole;

/// Refuses to remove or to demote a person of a staff who is its only organizer.
///
/// # Errors
/// When no other organizer would be left.
pub fn keeps_organizer<T: Copy + PartialEq>(
    staff: &[(T, StaffRole)],
    person: T,
) -> Result<(), Problem> {
    let mut organizers = staff.iter().filter(|(_, role)| *role == StaffRole::Organizer);
    let is_last =
        organizers.next().is_some_and(|(first, _)| *first == person) && organizers.next().is_none();
    if !is_last {
        return Ok(());
    }
    let detail = "This is the last organizer. Add another one first, who takes over.";
    Err(Problem::new(ProblemKind::Conflict, "LAST_ORGANIZER", detail).at("login"))
}

/// Refuses organizers and judges of a hackathon to take part in it.
///
/// # Errors
/// When the person has one of these roles.
pub fn may_take_part(title: &str, role: Option<StaffRole>) -> Result<(), Problem> {
    let Some(role) = role.filter(|role| !role.may_take_part()) else {
        return Ok(());
    };
    let detail = format!(
        "You are in the staff of {title} ({}), so you cannot take part.",
        role.heading().to_lowercase()
    );
    Err(Problem::new(ProblemKind::Conflict, "STAFF_CANNOT_APPLY", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentors_can_take_part() {
        for (role, may) in [
            (None, true),
            (Some(StaffRole::Mentor), true),
            (Some(StaffRole::Judge), false),
            (Some(StaffRole::Organizer), false),
        ] {
            assert_eq!(may_take_part("Low Tide", role).is_ok(), may, "{role:?}");
        }
    }

    #[test]
    fn the_last_organizer_stays() {
        let staff = [(1, StaffRole::Organizer), (2, StaffRole::Judge)];
        let problem = keeps_organizer(&staff, 1).expect_err("the last");
        assert_eq!(problem.code, "LAST_ORGANIZER");
        assert_eq!(keeps_organizer(&staff, 2), Ok(()));
        let two = [(1, StaffRole::Organizer), (3, StaffRole::Organizer)];
        assert_eq!(keeps_organizer(&two, 1), Ok(()));
    }
}
