//! Validation of teams, and decisions on their members.

use kernel::{Checks, Problem, ProblemKind};

use super::rosters::{SCHOOL, invalid, line};
use crate::model::{Division, MOST_MEMBERS};

/// The maximum number of characters of the name of a team.
pub const TEAM_NAME: usize = 40;

/// The typed details of a team.
#[derive(Clone, Debug, Default)]
pub struct TeamInput {
    pub name: String,
    pub division: String,
    /// The affiliation, such as the school.
    pub affiliation: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamDetails {
    pub name: String,
    pub division: Division,
    pub affiliation: String,
}

impl TeamDetails {
    /// Validates typed details.
    ///
    /// # Errors
    /// When a field is missing or not valid.
    pub fn read(input: &TeamInput) -> Result<Self, Problem> {
        let division = Division::named(&input.division).ok_or_else(|| {
            invalid("Choose middle school, high school or college.".to_owned()).at("division")
        });
        let affiliation = line(&input.affiliation, "affiliation", "The affiliation", SCHOOL);
        let mut checks = Checks::default();
        let details = Self {
            name: checks.read(line(&input.name, "name", "The name of the team", TEAM_NAME)),
            division: checks.read_or(division, Division::ALL[0]),
            affiliation: checks.read(affiliation),
        };
        checks.finish(details)
    }
}

/// Facts that decide whether a competitor can be in a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMember {
    /// The number of members of the team, without the competitor.
    pub members: usize,
    /// True if the competitor is on the roster of the team.
    pub is_on_roster: bool,
    /// True once a coach confirmed them.
    pub is_confirmed: bool,
}

/// Refuses a member of a team.
///
/// # Errors
/// When the team is full, or the competitor is not confirmed or not on the roster.
pub fn can_join(new: NewMember) -> Result<(), Problem> {
    let detail = match new {
        NewMember { is_on_roster: false, .. } => {
            "The competitor is not on the roster of the team. Choose one from the list.".to_owned()
        }
        NewMember { is_confirmed: false, .. } => {
            "The competitor is not confirmed. Confirm them first.".to_owned()
        }
        NewMember { members, .. } if members >= MOST_MEMBERS => {
            format!("A team has at most {MOST_MEMBERS} members. Remove one first.")
        }
        _ => return Ok(()),
    };
    Err(Problem::new(ProblemKind::Conflict, "TEAM_MEMBER_REFUSED", detail).at("competitor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_has_a_name_a_division_and_an_affiliation() {
        let input = TeamInput {
            name: " Null Owls ".to_owned(),
            division: "high_school".to_owned(),
            affiliation: "Harbor High".to_owned(),
        };
        let details = TeamDetails::read(&input).expect("valid");
        assert_eq!(details.name, "Null Owls");
        let refused = |change: fn(&mut TeamInput)| {
            let mut input = input.clone();
            change(&mut input);
            TeamDetails::read(&input).expect_err("refused").field
        };
        assert_eq!(refused(|it| it.name = "a".repeat(41)), Some("name"));
        assert_eq!(refused(|it| it.division.clear()), Some("division"));
        assert_eq!(refused(|it| it.affiliation.clear()), Some("affiliation"));
    }

    #[test]
    fn a_team_has_six_confirmed_members_of_its_roster() {
        for (members, is_on_roster, is_confirmed, expected) in [
            (0, true, true, true),
            (5, true, true, true),
            (6, true, true, false),
            (0, false, true, false),
            (0, true, false, false),
        ] {
            let new = NewMember { members, is_on_roster, is_confirmed };
            assert_eq!(can_join(new).is_ok(), expected, "{new:?}");
        }
    }
}
