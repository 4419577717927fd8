use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};

use super::{erase::request_deletion, rosters::changeable_roster, sync_teams::delete_remote_team};
use crate::{
    access,
    gateway::Platforms,
    model::{CompetitorId, RosterId, TeamId},
    reads::{self, MemberView, TeamView},
    rules::teams::{NewMember, TeamDetails, TeamInput, can_join},
    store::{
        erasures::{self, DeletionSubject},
        team_syncs::{self, MemberRow},
        teams,
    },
};

/// The maximum number of teams of a roster.
const MOST: usize = 200;

fn act_on_team(
    id: TeamId,
    actor: Actor,
    action: &'static str,
    after: Option<Value>,
) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "ctf_team",
        target_id: id.0,
        before: None,
        after,
        reason: None,
    }
}

/// Finds a team of a roster that can be changed. The row of the roster is locked: changes of its teams wait for each other.
async fn changeable_team(tx: &Tx, id: TeamId) -> Result<TeamView, ActionError> {
    let found = reads::team(tx, id).await?;
    let roster = found.ok_or_else(access::unknown_team)?.roster_id;
    changeable_roster(tx, roster.into()).await?;
    let found = reads::team(tx, id).await?;
    Ok(found.ok_or_else(access::unknown_team)?)
}

/// Creates a team. Returns its ID.
///
/// # Errors
/// When a field is missing or not valid, the roster has a team with the name or too many teams, or it is archived.
pub async fn create_team(
    context: &Context,
    actor: Actor,
    roster: RosterId,
    input: &TeamInput,
) -> Result<TeamId, ActionError> {
    let details = TeamDetails::read(input)?;
    let tx = context.begin().await?;
    changeable_roster(&tx, roster).await?;
    if reads::teams_of_roster(&tx, roster).await?.len() >= MOST {
        let detail = format!("A roster has at most {MOST} teams. Delete one first.");
        return Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_TEAMS", detail).into());
    }
    let id = TeamId::new(context.ids.next());
    if !teams::insert(&tx, id, roster, &details, context.now()).await? {
        return Err(name_taken().into());
    }
    let after = json!({ "roster": roster.0, "name": details.name });
    let act = act_on_team(id, actor, "ctf_team.create", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(id)
}

fn name_taken() -> Problem {
    let detail = "The roster has a team with this name. Choose another name.";
    Problem::new(ProblemKind::Conflict, "TEAM_NAME_TAKEN", detail).at("name")
}

/// Changes the details of a team. The game platform has no call to rename a team, so the name there stays.
///
/// # Errors
/// When a field is missing or not valid, another team of the roster has the name, or the roster is archived.
pub async fn edit_team(
    context: &Context,
    actor: Actor,
    id: TeamId,
    input: &TeamInput,
) -> Result<(), ActionError> {
    let details = TeamDetails::read(input)?;
    let tx = context.begin().await?;
    let team = changeable_team(&tx, id).await?;
    let other = reads::team_named(&tx, team.roster_id.into(), &details.name).await?;
    if other.is_some_and(|other| other.id != team.id) {
        return Err(name_taken().into());
    }
    teams::update(&tx, id, &details, context.now()).await?;
    let after = json!({
        "name": details.name, "division": details.division.as_str(), "affiliation": details.affiliation,
    });
    let act = act_on_team(id, actor, "ctf_team.edit", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Adds a member to a team, who leaves their former team. Repeating it changes nothing.
///
/// # Errors
/// When the team is full, or the competitor is not confirmed or not on its roster, or the roster is archived.
pub async fn add_team_member(
    context: &Context,
    actor: Actor,
    id: TeamId,
    competitor: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let team = changeable_team(&tx, id).await?;
    tx.lock_rows("competitors", [competitor.0]).await?;
    let everyone = reads::members_of_roster(&tx, team.roster_id.into()).await?;
    let own = everyone.iter().find(|row| row.id == competitor.0);
    if own.is_some_and(|own| own.team_id == Some(team.id)) {
        return Ok(());
    }
    can_join(NewMember {
        members: members(&everyone, &team).count(),
        is_on_roster: own.is_some() || is_waiting(&tx, &team, competitor).await?,
        is_confirmed: own.is_some(),
    })?;
    let row = context.ids.next();
    teams::add_member(&tx, row, id, competitor, context.now()).await?;
    let after = json!({ "competitor": competitor.0 });
    let act = act_on_team(id, actor, "ctf_team.add_member", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

fn members<'a>(
    everyone: &'a [MemberView],
    team: &TeamView,
) -> impl Iterator<Item = &'a MemberView> {
    let id = team.id;
    everyone.iter().filter(move |row| row.team_id == Some(id))
}

/// Returns whether a competitor is on the roster of a team, but not confirmed.
async fn is_waiting(tx: &Tx, team: &TeamView, id: CompetitorId) -> Result<bool, ActionError> {
    let found = reads::competitor(tx, id).await?;
    Ok(found.is_some_and(|found| {
        found.roster_id == team.roster_id && found.left_at.is_none() && found.erased_at.is_none()
    }))
}

/// Removes a member from a team. Repeating it changes nothing.
///
/// # Errors
/// When the team is unknown, or its roster is archived.
pub async fn remove_team_member(
    context: &Context,
    actor: Actor,
    id: TeamId,
    competitor: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let team = changeable_team(&tx, id).await?;
    tx.lock_rows("competitors", [competitor.0]).await?;
    let everyone = reads::members_of_roster(&tx, team.roster_id.into()).await?;
    if members(&everyone, &team).any(|row| row.id == competitor.0) {
        teams::end_membership(&tx, competitor, context.now()).await?;
        let after = json!({ "competitor": competitor.0 });
        let act = act_on_team(id, actor, "ctf_team.remove_member", Some(after));
        audit::record(&tx, context, act).await?;
    }
    Ok(tx.commit().await?)
}

/// Returns the memberships of a team, also those that are not yet ended on the platform. The rows of the competitors are locked,
/// because what the platform confirms about them is stored at any time.
async fn locked_members(tx: &Tx, id: TeamId) -> Result<Vec<MemberRow>, ActionError> {
    let members = team_syncs::members(tx, [id.0]).await?;
    let competitors = members.iter().map(|member| member.competitor_id);
    tx.lock_rows("competitors", competitors).await?;
    Ok(team_syncs::members(tx, [id.0]).await?)
}

/// Deletes a team here, and then on the game platform. The deletion there is open from the beginning, because the process can end
/// in between, and the platform lists no empty teams, so that no comparison would find this one. A failure there blocks nothing:
/// it is returned as a message, and the deletion stays open until an admin confirms it.
///
/// # Errors
/// When the team is unknown, its roster is archived, or the database fails.
pub async fn delete_team(
    context: &Context,
    platforms: &Platforms,
    actor: Actor,
    id: TeamId,
) -> Result<Option<String>, ActionError> {
    let tx = context.begin().await?;
    let team = changeable_team(&tx, id).await?;
    let sent = locked_members(&tx, id).await?;
    teams::delete(&tx, id).await?;
    let after = json!({ "was_on_platform": team.game_platform_id.is_some() });
    let act = act_on_team(id, actor, "ctf_team.delete", Some(after));
    audit::record(&tx, context, act).await?;
    if let Some(there) = &team.game_platform_id {
        request_deletion(&tx, context, DeletionSubject::Team, there, actor).await?;
    }
    tx.commit().await?;
    let Some(there) = &team.game_platform_id else {
        return Ok(None);
    };
    let roster = team.roster_id.into();
    if let Err(error) = delete_remote_team(context, platforms, roster, there, &sent).await {
        return Ok(Some(error.to_string()));
    }
    let tx = context.begin().await?;
    erasures::confirm_team(&tx, there, context.now()).await?;
    tx.commit().await?;
    Ok(None)
}
