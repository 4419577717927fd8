//! Teams: their names and codes, and who can join and change them.

use kernel::{Problem, ProblemKind, typed};

use super::invalid;
use crate::model::{Phase, TEAM_NAME, TeamRole};

/// The characters of codes: without I, O, 0 and 1, which are taken for others.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The number of characters of a code.
const LENGTH: usize = 8;

/// Returns the code that random bytes stand for: five bits are a character.
#[must_use]
pub fn code_of(random: [u8; LENGTH]) -> String {
    let character = |byte: u8| char::from(ALPHABET[usize::from(byte % 32)]);
    random.into_iter().map(character).collect()
}

/// Returns a code as pages show it, such as `K7WM-4RXT`.
#[must_use]
pub fn shown_code(code: &str) -> String {
    match code.split_at_checked(LENGTH / 2) {
        Some((first, second)) if !second.is_empty() => format!("{first}-{second}"),
        _ => code.to_owned(),
    }
}

/// Parses a typed code. Small letters, spaces and hyphens do not matter.
///
/// # Errors
/// When it has another length, or a character that codes never contain. The sentence names it.
pub fn read_code(typed: &str) -> Result<String, Problem> {
    let is_between = |c: &char| !c.is_whitespace() && *c != '-';
    let code: String = typed.chars().filter(is_between).map(|c| c.to_ascii_uppercase()).collect();
    let is_wrong = |c: &char| !u8::try_from(*c).is_ok_and(|byte| ALPHABET.contains(&byte));
    let detail = if code.is_empty() {
        "Enter the code of the team. Its members see it on the page of their team.".to_owned()
    } else if let Some(wrong) = code.chars().find(is_wrong) {
        format!("Codes never contain '{wrong}'. Compare the code with the one that you were given.")
    } else if code.len() != LENGTH {
        format!("A code has {LENGTH} characters, not {}.", code.len())
    } else {
        return Ok(code);
    };
    Err(invalid("code", detail))
}

/// Validates the name of a team.
///
/// # Errors
/// When it is empty, too long or contains invisible characters.
pub fn name(typed: &str) -> Result<String, Problem> {
    typed::line(typed, "The name of the team", TEAM_NAME).map_err(|detail| invalid("name", detail))
}

/// A team that a person wants to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinedTeam {
    pub members: i64,
    /// The maximum number.
    pub most: i64,
    /// True if it is locked, so that people cannot join it.
    pub is_locked: bool,
    /// True if the person is in a team of the hackathon.
    pub has_team: bool,
}

/// Refuses a person whom a team cannot take.
///
/// # Errors
/// When they are in a team, or the team is locked or full.
pub fn can_join(joined: JoinedTeam) -> Result<(), Problem> {
    if joined.has_team {
        let detail = "You are in a team of this hackathon. Leave it first.";
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_IN_TEAM", detail));
    }
    if joined.is_locked && joined.members > 0 {
        let detail = "The team is locked. Ask its leader to unlock it.";
        return Err(Problem::new(ProblemKind::Conflict, "TEAM_LOCKED", detail));
    }
    if joined.members >= joined.most {
        let detail =
            format!("The team is full: it has {} of {} members.", joined.members, joined.most);
        return Err(Problem::new(ProblemKind::Conflict, "TEAM_FULL", detail));
    }
    Ok(())
}

/// Returns the role of a person who joins a team. The first member of a team that everyone left leads it, also if its former leader
/// locked it.
#[must_use]
pub const fn joining_role(members: i64) -> TeamRole {
    match members {
        0 => TeamRole::Leader,
        _ => TeamRole::Member,
    }
}

/// The maximum number of invitations of a team that have no answer.
pub const MOST_INVITED: usize = 20;

/// A person whom a team wants to invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitee<'a> {
    pub login: &'a str,
    /// The people whom the team can invite.
    pub reach: InvitationReach,
    /// True if they are a friend of the person who invites, or without friends, are looking for a team.
    pub is_in_reach: bool,
    /// True if they are in a team of the hackathon.
    pub has_team: bool,
}

/// The people whom the leader of a team can invite by their login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationReach {
    Friends,
    /// People who are looking for a team in the hackathon, where friends are off.
    Looking,
}

/// Refuses to invite a person; `team` is the team as if its leader joined it, and `invited` the number of people who have not
/// answered.
///
/// # Errors
/// When the person is out of reach or in a team, or the team is locked or full, or invited too many.
pub fn can_invite(invitee: Invitee<'_>, team: JoinedTeam, invited: usize) -> Result<(), Problem> {
    let login = invitee.login;
    let refused = |code, detail: String| Problem::new(ProblemKind::Conflict, code, detail);
    if !invitee.is_in_reach {
        let instead = "Send them the code of the team instead.";
        let problem = match invitee.reach {
            InvitationReach::Friends => {
                let detail = format!("{login} is not your friend. {instead}");
                Problem::new(ProblemKind::Conflict, "NOT_A_FRIEND", detail)
            }
            InvitationReach::Looking => {
                let detail = format!("{login} is not looking for a team. {instead}");
                Problem::new(ProblemKind::Conflict, "NOT_LOOKING_FOR_TEAM", detail)
            }
        };
        return Err(problem.at("login"));
    }
    if invitee.has_team {
        let detail =
            format!("{login} is in a team of this hackathon. They have to leave it first.");
        return Err(refused("ALREADY_IN_TEAM", detail).at("login"));
    }
    can_join(JoinedTeam { has_team: false, ..team })?;
    if invited >= MOST_INVITED {
        let detail = format!(
            "{MOST_INVITED} people have not answered the invitations of the team. Cancel one of them first."
        );
        return Err(refused("TOO_MANY_INVITATIONS", detail).at("login"));
    }
    Ok(())
}

/// Returns the error for an invitation that was not sent, or no longer holds.
#[must_use]
pub fn no_invitation() -> Problem {
    let detail = "The team has not invited you, or no longer does. Ask its leader for its code.";
    Problem::new(ProblemKind::NotFound, "NO_TEAM_INVITATION", detail)
}

/// Refuses changes of teams outside the phases in which teams form.
///
/// # Errors
/// When the hackathon is in another phase.
pub fn forming(phase: Phase) -> Result<(), Problem> {
    if phase.forms_teams() {
        return Ok(());
    }
    let detail = match phase {
        Phase::Draft | Phase::Upcoming => {
            "Teams form when applications open. See the dates of the hackathon."
        }
        _ => "Teams can no longer change, because submissions are closed.",
    };
    Err(Problem::new(ProblemKind::Conflict, "TEAMS_CLOSED", detail))
}

/// Refuses a member who may not change the team.
///
/// # Errors
/// When they are neither the leader nor a co-leader.
pub fn may_manage(role: TeamRole) -> Result<(), Problem> {
    if role.manages() {
        return Ok(());
    }
    let detail = "Only the leader and co-leaders of the team can do this. Ask one of them.";
    Err(Problem::new(ProblemKind::Forbidden, "TEAM_LEADER_REQUIRED", detail))
}

/// Returns who leads a team after its leader left, of the members in the order in which they joined: the first co-leader, else
/// the first member.
#[must_use]
pub fn next_leader<T: Copy>(members: &[(T, TeamRole)]) -> Option<T> {
    let co_leader = members.iter().find(|(_, role)| *role == TeamRole::CoLeader);
    co_leader.or(members.first()).map(|(person, _)| *person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_eight_characters_that_cannot_be_mistaken() {
        let code = code_of([0, 7, 31, 255, 32, 64, 100, 13]);
        assert_eq!(code, "AH99AAEP");
        for byte in 0..=255 {
            let code = code_of([byte; LENGTH]);
            assert_eq!(read_code(&code).as_ref(), Ok(&code));
            assert!(!code.contains(['I', 'O', '0', '1']));
        }
        assert_eq!(shown_code("K7WM4RXT"), "K7WM-4RXT");
        assert_eq!(read_code(" k7wm-4rxt "), Ok("K7WM4RXT".to_owned()));
        for (typed, says) in [
            ("", "Enter the code"),
            ("K7WM-4RXO", "never contain 'O'"),
            ("K7WM", "not 4"),
            ("K7WM-4RXTT", "not 9"),
            ("K7WM-4RXé", "never contain 'é'"),
        ] {
            let problem = read_code(typed).expect_err(typed);
            assert_eq!(problem.field, Some("code"));
            assert!(problem.detail.contains(says), "{}", problem.detail);
        }
    }

    #[test]
    fn each_refusal_has_its_code() {
        let open = JoinedTeam { members: 3, most: 4, is_locked: false, has_team: false };
        assert_eq!(can_join(open), Ok(()));
        for (joined, code) in [
            (JoinedTeam { has_team: true, is_locked: true, ..open }, "ALREADY_IN_TEAM"),
            (JoinedTeam { is_locked: true, members: 4, ..open }, "TEAM_LOCKED"),
            (JoinedTeam { members: 4, ..open }, "TEAM_FULL"),
        ] {
            assert_eq!(can_join(joined).expect_err(code).code, code);
        }
        let invitee = Invitee {
            login: "bo",
            reach: InvitationReach::Friends,
            is_in_reach: true,
            has_team: false,
        };
        let of_leader = JoinedTeam { has_team: true, ..open };
        assert_eq!(can_invite(invitee, of_leader, MOST_INVITED - 1), Ok(()));
        let stranger = Invitee { is_in_reach: false, ..invitee };
        let settled = Invitee { reach: InvitationReach::Looking, ..stranger };
        let taken = Invitee { has_team: true, ..invitee };
        let full = JoinedTeam { members: 4, ..of_leader };
        let locked = JoinedTeam { is_locked: true, ..full };
        for (invitee, team, invited, code) in [
            (stranger, of_leader, 0, "NOT_A_FRIEND"),
            (settled, of_leader, 0, "NOT_LOOKING_FOR_TEAM"),
            (taken, of_leader, 0, "ALREADY_IN_TEAM"),
            (invitee, locked, 0, "TEAM_LOCKED"),
            (invitee, full, 0, "TEAM_FULL"),
            (invitee, of_leader, MOST_INVITED, "TOO_MANY_INVITATIONS"),
        ] {
            let refused = can_invite(invitee, team, invited).expect_err(code);
            assert_eq!(refused.code, code);
        }
        assert_eq!(may_manage(TeamRole::Member).expect_err("member").code, "TEAM_LEADER_REQUIRED");
        assert_eq!(may_manage(TeamRole::CoLeader), Ok(()));
        assert_eq!(forming(Phase::Judging).expect_err("closed").code, "TEAMS_CLOSED");
        assert_eq!(forming(Phase::Submission), Ok(()));
    }

    #[test]
    fn the_lead_goes_to_the_first_co_leader_else_the_first_member() {
        let members = [(1, TeamRole::Member), (2, TeamRole::CoLeader), (3, TeamRole::CoLeader)];
        assert_eq!(next_leader(&members), Some(2));
        assert_eq!(next_leader(&members[..1]), Some(1));
        assert_eq!(next_leader::<i32>(&[]), None);
    }
}
