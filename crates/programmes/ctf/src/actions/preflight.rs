use std::collections::{BTreeMap, HashMap};

use platform::{Context, db::DbError};
use uuid::Uuid;

use super::{
    onboard::{NO_COACH, NO_EMAIL, NO_NAME},
    sync_teams::is_due,
};
use crate::{
    gateway::Platforms,
    rules::{
        left_out::LeftOutCompetitor,
        plan::hindrance,
        runs::{RunScope, SyncCounts},
    },
    store::{
        sync_people::{self, Candidate, Coaches},
        team_syncs::{self, MemberRow},
    },
};

/// A forecast of a run. Nothing was asked, and nothing was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preflight {
    /// The numbers of competitors: `synced` are those who would be asked for.
    pub competitors: SyncCounts,
    /// The numbers of teams: `synced` are those of which something would be sent.
    pub teams: SyncCounts,
    /// Competitors who would be left out or would fail.
    pub left: Vec<LeftOutCompetitor>,
}

/// Returns what a run would do, without asking the platform and without writing anything.
///
/// # Errors
/// When the database fails.
pub async fn preflight(
    context: &Context,
    platforms: &Platforms,
    scope: RunScope,
) -> Result<Preflight, DbError> {
    let db = &context.db;
    let coaches = sync_people::coaches(db, None).await?;
    let mut held: HashMap<Uuid, Option<String>> = HashMap::new();
    let mut hold = |roster: Uuid| {
        let held = held.entry(roster);
        let why = || platforms.held_back(context, &coaches.subjects(roster));
        held.or_insert_with(why).clone()
    };
    let mut found = Preflight::default();
    for person in sync_people::candidates(db, scope).await? {
        found.competitors.total += 1;
        match left(&person, hold(person.roster_id), &coaches) {
            None => found.competitors.synced += 1,
            Some(left) => {
                if left.fails {
                    found.competitors.failed += 1;
                } else {
                    found.competitors.skipped += 1;
                }
                found.left.push(left);
            }
        }
    }
    let teams = team_syncs::teams(db, scope).await?;
    let mut members: BTreeMap<Uuid, Vec<MemberRow>> = BTreeMap::new();
    for member in team_syncs::members(db, teams.iter().map(|team| team.id)).await? {
        members.entry(member.team_id).or_default().push(member);
    }
    for team in teams {
        found.teams.total += 1;
        let members = members.get(&team.id).map_or(&[][..], Vec::as_slice);
        if is_due(&team, members) && hold(team.roster_id).is_none() {
            found.teams.synced += 1;
        } else {
            found.teams.skipped += 1;
        }
    }
    Ok(found)
}

fn left(person: &Candidate, held: Option<String>, coaches: &Coaches) -> Option<LeftOutCompetitor> {
    let left = |kind, message: &str, fails| LeftOutCompetitor {
        competitor: person.key(),
        kind,
        message: message.to_owned(),
        fails,
    };
    if let Some(skip) = hindrance(&person.person(held)) {
        return Some(left(skip.kind(), skip.message(), false));
    }
    if person.game_platform_id.is_some() {
        return None;
    }
    if coaches.responsible(person.roster_id).is_none() {
        return Some(left("no_coach", NO_COACH, true));
    }
    match (person.has_email, person.has_name) {
        (false, _) => Some(left("no_email", NO_EMAIL, true)),
        (true, false) => Some(left("no_name", NO_NAME, true)),
        (true, true) => None,
    }
}
