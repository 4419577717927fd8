//! Differences between the teams here and the memberships that the game platform lists.

use std::collections::{BTreeMap, BTreeSet};

use kernel::counted;
use uuid::Uuid;

use super::{
    own_ids::is_own,
    reconcile::{DifferenceSubject, FoundDifference},
    reconcile_kinds::DifferenceKind,
};

/// A team as it is stored here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamHere {
    pub id: Uuid,
    /// The ID on the platform, once the platform confirmed it.
    pub platform_id: Option<String>,
    pub name: String,
    /// False if the platform answered that it does not know the team.
    pub is_known_there: bool,
    /// True if the team is archived, or the integration is off for its roster: then only its members are compared.
    pub is_resting: bool,
}

/// A competitor who has an account on the platform, or had one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberHere {
    pub competitor: Uuid,
    /// The ID on the platform.
    pub user: String,
    pub is_erased: bool,
    /// True if they were erased, and no one confirmed that the platform deleted the account.
    pub is_deletion_open: bool,
    /// True if nothing is compared: they must not be sent, or their membership changed while the platform was asked.
    pub is_resting: bool,
    pub team: Option<Uuid>,
}

/// A membership that the platform lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberThere {
    /// The ID of the person.
    pub user: String,
    pub team: String,
    /// The name of the team, if it is stated.
    pub name: Option<String>,
}

/// Teams and people as they are stored here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamsHere {
    pub teams: Vec<TeamHere>,
    pub members: Vec<MemberHere>,
    /// The IDs of coaches on the platform.
    pub coaches: BTreeSet<String>,
    /// The prefix of all IDs of this server on the platform.
    pub prefix: String,
}

/// Compares teams and memberships. Each difference comes once. Unknown teams and people of other servers that share the platform
/// are no difference.
#[must_use]
pub fn memberships(
    here: &TeamsHere,
    there: &[MemberThere],
) -> Vec<(DifferenceSubject, FoundDifference)> {
    let mut found = teams(here, there);
    found.extend(people(here, there));
    found
}

fn teams(here: &TeamsHere, there: &[MemberThere]) -> Vec<(DifferenceSubject, FoundDifference)> {
    let mut listed: BTreeMap<&str, (i64, Option<&str>)> = BTreeMap::new();
    for member in there {
        let team = listed.entry(&member.team).or_default();
        team.0 += 1;
        team.1 = member.name.as_deref();
    }
    let mut found = Vec::new();
    for team in &here.teams {
        let own = team.platform_id.as_deref();
        let own = own.and_then(|id| listed.remove(id));
        if !team.is_resting {
            let finding = one_team(team, own.and_then(|(_, name)| name));
            found.extend(finding.map(|finding| (DifferenceSubject::Team(team.id.into()), finding)));
        }
    }
    listed.retain(|id, _| is_own(id, &here.prefix));
    for (id, (members, _)) in listed {
        let members = counted(members, "member", "members");
        let finding = FoundDifference::new(DifferenceKind::TeamUnknown, "No team", members);
        found.push((DifferenceSubject::ForeignTeam(id.to_owned()), finding));
    }
    found
}

fn one_team(team: &TeamHere, name: Option<&str>) -> Option<FoundDifference> {
    match (&team.platform_id, name) {
        (None, _) => {
            Some(FoundDifference::new(DifferenceKind::TeamUnsent, team.name.as_str(), "No team"))
        }
        (Some(_), _) if !team.is_known_there => {
            Some(FoundDifference::new(DifferenceKind::TeamMissing, team.name.as_str(), "Unknown"))
        }
        (Some(_), Some(name)) if name != team.name => {
            Some(FoundDifference::new(DifferenceKind::TeamRenamed, team.name.as_str(), name))
        }
        _ => None,
    }
}

fn people(here: &TeamsHere, there: &[MemberThere]) -> Vec<(DifferenceSubject, FoundDifference)> {
    let teams: BTreeMap<&str, &TeamHere> =
        here.teams.iter().filter_map(|team| Some((team.platform_id.as_deref()?, team))).collect();
    let by_id: BTreeMap<Uuid, &TeamHere> = here.teams.iter().map(|team| (team.id, team)).collect();
    let mut listed: BTreeMap<&str, &MemberThere> = BTreeMap::new();
    for member in there {
        listed.insert(&member.user, member);
    }
    let mut found = Vec::new();
    for member in &here.members {
        let listed = listed.remove(member.user.as_str());
        let own = member.team.and_then(|team| by_id.get(&team).copied());
        if let Some(finding) = one_member(member, own, listed, &teams) {
            found.push(finding);
        }
    }
    let strangers = listed
        .into_keys()
        .filter(|user| is_own(user, &here.prefix) && !here.coaches.contains(*user));
    found.extend(strangers.map(|user| {
        let finding =
            FoundDifference::new(DifferenceKind::AccountUnknown, "No person", "In a team");
        (DifferenceSubject::Account(user.to_owned()), finding)
    }));
    found
}

fn one_member(
    member: &MemberHere,
    own: Option<&TeamHere>,
    listed: Option<&MemberThere>,
    teams: &BTreeMap<&str, &TeamHere>,
) -> Option<(DifferenceSubject, FoundDifference)> {
    if member.is_erased {
        let there = match listed {
            Some(_) => "In a team",
            None if member.is_deletion_open => "Deletion not confirmed",
            None => return None,
        };
        let finding = FoundDifference::new(DifferenceKind::AccountErased, "Erased", there);
        return Some((DifferenceSubject::Competitor(member.competitor.into()), finding));
    }
    if member.is_resting {
        return None;
    }
    let name_here = || own.map_or_else(|| "No team".to_owned(), |team| team.name.clone());
    let name_there = |listed: &MemberThere| match teams.get(listed.team.as_str()) {
        Some(team) => team.name.clone(),
        None => "Unknown team".to_owned(),
    };
    let finding = match (own, listed) {
        (None, None) => return None,
        (Some(own), Some(listed)) if own.platform_id.as_ref() == Some(&listed.team) => return None,
        // The team itself is the difference.
        (Some(own), None) if own.platform_id.is_none() || !own.is_known_there => return None,
        (Some(own), None) if own.is_resting => return None,
        (Some(_), None) => {
            FoundDifference::new(DifferenceKind::MemberMissing, name_here(), "No team")
        }
        (Some(_), Some(listed)) => {
            FoundDifference::new(DifferenceKind::MemberElsewhere, name_here(), name_there(listed))
        }
        (None, Some(listed)) => {
            FoundDifference::new(DifferenceKind::MemberExtra, "No team", name_there(listed))
        }
    };
    Some((DifferenceSubject::Competitor(member.competitor.into()), finding))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ID that this server can have made, and one of another server.
    const UNKNOWN: &str = "0192aaaa-bbbb-7ccc-8ddd-0123456789ab";
    const STAGING: &str = "staging-0192aaaa-bbbb-7ccc-8ddd-0123456789ab";

    fn team(number: u128, name: &str) -> TeamHere {
        TeamHere {
            id: Uuid::from_u128(number),
            platform_id: Some(format!("t{number}")),
            name: name.to_owned(),
            is_known_there: true,
            is_resting: false,
        }
    }

    fn member(number: u128, team: Option<u128>) -> MemberHere {
        MemberHere {
            competitor: Uuid::from_u128(number),
            user: format!("u{number}"),
            team: team.map(Uuid::from_u128),
            ..MemberHere::default()
        }
    }

    fn listed(user: &str, team: &str) -> MemberThere {
        MemberThere { user: user.to_owned(), team: team.to_owned(), name: None }
    }

    fn here() -> TeamsHere {
        TeamsHere {
            teams: vec![team(1, "Owls"), team(2, "Foxes")],
            members: vec![member(11, Some(1)), member(12, Some(2)), member(13, None)],
            coaches: BTreeSet::from(["c1".to_owned()]),
            prefix: String::new(),
        }
    }

    fn kinds(here: &TeamsHere, there: &[MemberThere]) -> Vec<DifferenceKind> {
        let found = memberships(here, there).into_iter();
        found.map(|(_, finding)| finding.kind).collect()
    }

    #[test]
    fn equal_sides_have_no_difference() {
        let there = [listed("u11", "t1"), listed("u12", "t2"), listed("c1", "t1")];
        assert_eq!(kinds(&here(), &there), []);
    }

    #[test]
    fn each_membership_is_compared() {
        for (there, expected) in [
            (vec![listed("u11", "t1")], DifferenceKind::MemberMissing),
            (vec![listed("u11", "t2"), listed("u12", "t2")], DifferenceKind::MemberElsewhere),
            (
                vec![listed("u11", "t1"), listed("u12", "t2"), listed("u13", "t2")],
                DifferenceKind::MemberExtra,
            ),
            (
                vec![listed("u11", "t1"), listed("u12", "t2"), listed(UNKNOWN, "t2")],
                DifferenceKind::AccountUnknown,
            ),
        ] {
            assert_eq!(kinds(&here(), &there), [expected], "{there:?}");
        }
    }

    #[test]
    fn each_team_is_compared() {
        let there = [listed("u11", "t1"), listed("u12", "t2")];
        let mut unsent = here();
        unsent.teams.push(TeamHere { platform_id: None, ..team(3, "New") });
        unsent.members.push(member(14, Some(3)));
        assert_eq!(kinds(&unsent, &there), [DifferenceKind::TeamUnsent]);
        let mut missing = here();
        missing.teams[1].is_known_there = false;
        assert_eq!(kinds(&missing, &there[..1]), [DifferenceKind::TeamMissing]);
        let mut renamed = there.clone();
        renamed[0].name = Some("Barn Owls".to_owned());
        renamed[1].name = Some("Foxes".to_owned());
        let found = memberships(&here(), &renamed);
        let expected = FoundDifference::new(DifferenceKind::TeamRenamed, "Owls", "Barn Owls");
        assert_eq!(found, [(DifferenceSubject::Team(Uuid::from_u128(1).into()), expected)]);
    }

    #[test]
    fn a_team_that_is_unknown_here_is_found_with_its_members() {
        let there = [
            listed("u11", "t1"),
            listed("u12", "t2"),
            listed("u13", UNKNOWN),
            listed("c1", UNKNOWN),
        ];
        let found = memberships(&here(), &there);
        let unknown = FoundDifference::new(DifferenceKind::TeamUnknown, "No team", "2 members");
        let extra = FoundDifference::new(DifferenceKind::MemberExtra, "No team", "Unknown team");
        assert_eq!(
            found,
            [
                (DifferenceSubject::ForeignTeam(UNKNOWN.to_owned()), unknown),
                (DifferenceSubject::Competitor(Uuid::from_u128(13).into()), extra)
            ]
        );
    }

    #[test]
    fn teams_and_people_of_another_server_are_no_difference() {
        let own = [listed("u11", "t1"), listed("u12", "t2")];
        for (prefix, unknown, expected) in [
            ("", STAGING, vec![]),
            ("staging-", UNKNOWN, vec![]),
            (
                "staging-",
                STAGING,
                vec![DifferenceKind::TeamUnknown, DifferenceKind::AccountUnknown],
            ),
        ] {
            let here = TeamsHere { prefix: prefix.to_owned(), ..here() };
            let mut there = own.to_vec();
            there.push(listed(unknown, unknown));
            assert_eq!(kinds(&here, &there), expected, "{prefix:?} {unknown}");
        }
        let mut there = own.to_vec();
        there.push(listed("u13", STAGING));
        assert_eq!(kinds(&here(), &there), [DifferenceKind::MemberExtra]);
    }

    #[test]
    fn who_rests_is_not_compared_and_who_was_erased_is_found() {
        let mut here = here();
        here.members[0].is_resting = true;
        here.members[1].is_erased = true;
        here.members[1].team = None;
        here.teams[1].is_resting = true;
        let there = [listed("u11", "t2"), listed("u12", "t2")];
        assert_eq!(kinds(&here, &there), [DifferenceKind::AccountErased]);
        assert_eq!(kinds(&here, &[]), []);
        here.members[1].is_deletion_open = true;
        assert_eq!(kinds(&here, &[]), [DifferenceKind::AccountErased]);
    }

    #[test]
    fn members_of_an_archived_team_are_removed_there_but_not_added() {
        let mut here = here();
        here.teams[0].is_resting = true;
        assert_eq!(kinds(&here, &[listed("u12", "t2")]), []);
        let there = [listed("u11", "t1"), listed("u12", "t2"), listed("u13", "t1")];
        assert_eq!(kinds(&here, &there), [DifferenceKind::MemberExtra]);
    }
}
