use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    slug,
};
use serde_json::json;

use super::{
    act_on,
    apply::participant,
    funnel::{self, FunnelStage},
    new_code,
    submit::follow_into_team,
};
use crate::{
    access,
    model::{MemberStatus, TeamId, TeamRole},
    reads::{self, HackathonView, TeamView},
    rules::teams::{self as rules, JoinedTeam, can_join, forming, joining_role, read_code},
    store::teams::{self, NewMember, NewTeam},
};

/// Creates a team, which the person leads. Returns it.
///
/// # Errors
/// When the name is not valid, the person has no open application, is in a team or submitted alone while submissions
/// are turned off, or teams can no longer change.
pub async fn create_team(
    context: &Context,
    person: UserId,
    slug: &str,
    name: &str,
) -> Result<TeamView, ActionError> {
    let name = rules::name(name)?;
    let code = new_code()?;
    let tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    let has_team = reads::team_of(&tx, hackathon.key(), person).await?.is_some();
    can_join(JoinedTeam { members: 0, most: hackathon.team_max, is_locked: false, has_team })?;
    let (id, now) = (TeamId::new(context.ids.next()), context.now());
    let base = slug::from_name(&name).unwrap_or_else(|| "team".to_owned());
    let (own, event) = (&tx, hackathon.key());
    let is_taken = |slug: String| async move { reads::team_slug_exists(own, event, &slug).await };
    let new = NewTeam {
        id,
        hackathon: hackathon.key(),
        name: &name,
        slug: &slug::free(base, is_taken).await?,
        code: &code,
    };
    teams::insert(&tx, new, now).await?;
    let leader = NewMember {
        hackathon: hackathon.key(),
        team: id,
        person,
        role: TeamRole::Leader,
        status: MemberStatus::Active,
    };
    teams::insert_member(&tx, context.ids.next(), leader, now).await?;
    follow_into_team(&tx, context, &hackathon, person, id).await?;
    let after = json!({ "team": id.0, "leader": person.0 });
    let act = act_on(&hackathon, Actor::Person(person.0), "team.create", Some(after));
    audit::record(&tx, context, act).await?;
    let team = reads::team(&tx, id).await?;
    tx.commit().await?;
    funnel::count(FunnelStage::Teamed, 1);
    Ok(team.ok_or_else(access::unknown_team)?)
}

/// Locks a hackathon in which teams can change, for a person with an open application.
pub(super) async fn forming_teams(
    tx: &Tx,
    context: &Context,
    slug: &str,
    person: UserId,
) -> Result<HackathonView, ActionError> {
    let (hackathon, _) = participant(tx, context, slug, person).await?;
    forming(hackathon.phase(context.now()))?;
    Ok(hackathon)
}

/// Adds a person to the team with a code; they lead one that everyone left. A member stays one. Returns the team.
///
/// # Errors
/// When no team has the code, the team is full or locked, the person has no open application, is in another team or
/// submitted alone while submissions are turned off, or teams can no longer change.
pub async fn join_team(
    context: &Context,
    person: UserId,
    code: &str,
) -> Result<(HackathonView, TeamView), ActionError> {
    let code = read_code(code)?;
    let tx = context.begin().await?;
    let team = reads::team_with_code(&tx, &code).await?;
    let team = team.ok_or_else(unknown_code)?;
    let hackathon = reads::hackathon_by_id(&tx, team.hackathon_id.into()).await?;
    let hackathon = hackathon.ok_or_else(unknown_code)?;
    // Also when teams no longer change.
    if is_member(&tx, person, &team).await? {
        return Ok((hackathon, team));
    }
    let hackathon = forming_teams(&tx, context, &hackathon.slug, person).await;
    let hackathon = hackathon.map_err(|error| match error {
        ActionError::Refused(problem) if problem.kind == ProblemKind::NotFound => {
            unknown_code().into()
        }
        other => other,
    })?;
    // The code can be replaced, and the last place taken, until the row is locked.
    let team = reads::team_with_code(&tx, &code).await?;
    let team = team.ok_or_else(unknown_code)?;
    let own = reads::team_of(&tx, hackathon.key(), person).await?;
    if own.as_ref().is_some_and(|(own, _)| own.id == team.id) {
        return Ok((hackathon, team));
    }
    can_join(JoinedTeam {
        members: team.members,
        most: hackathon.team_max,
        is_locked: team.locked_at.is_some(),
        has_team: own.is_some(),
    })
    .map_err(|problem| problem.at("code"))?;
    add_to_team(&tx, context, &hackathon, person, &team).await?;
    let joined = reads::team(&tx, team.key()).await?;
    tx.commit().await?;
    funnel::count(FunnelStage::Teamed, 1);
    Ok((hackathon, joined.unwrap_or(team)))
}

async fn is_member(tx: &Tx, person: UserId, team: &TeamView) -> Result<bool, ActionError> {
    let own = reads::team_of(tx, team.hackathon_id.into(), person).await?;
    Ok(own.is_some_and(|(own, _)| own.id == team.id))
}

/// Adds a person to a team, with what they submitted alone. The caller holds the lock of the hackathon's row.
pub(super) async fn add_to_team(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
    team: &TeamView,
) -> Result<(), ActionError> {
    let member = NewMember {
        hackathon: hackathon.key(),
        team: team.key(),
        person,
        role: joining_role(team.members),
        status: MemberStatus::Active,
    };
    let (row, now) = (context.ids.next(), context.now());
    teams::insert_member(tx, row, member, now).await?;
    follow_into_team(tx, context, hackathon, person, team.key()).await?;
    let after = json!({ "team": team.id, "person": person.0 });
    let act = act_on(hackathon, Actor::Person(person.0), "team.join", Some(after));
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Returns the error for a code that no team has.
fn unknown_code() -> Problem {
    let detail = "No team has this code. Compare it with the one that you were given, or ask the team’s leader for a new one.";
    Problem::new(ProblemKind::NotFound, "UNKNOWN_TEAM_CODE", detail).at("code")
}
