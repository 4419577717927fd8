use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{act_on, join_team::forming_teams, new_code, person_named};
use crate::{
    access,
    model::TeamRole,
    reads::{self, HackathonView, TeamView},
    rules::teams::{self as rules, may_manage},
    store::teams,
};

/// A change of a team; absent fields stay as they are.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    pub name: Option<String>,
    /// True if it is locked, so that people cannot join it.
    pub is_locked: Option<bool>,
    /// True to replace its code. The former one no longer works.
    pub new_code: bool,
}

/// Changes the team of a person. Returns it.
///
/// # Errors
/// When the person is neither the leader nor a co-leader, the name is not valid, or teams can no longer change.
pub async fn change_team(
    context: &Context,
    person: UserId,
    slug: &str,
    change: &TeamChange,
) -> Result<TeamView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    let (team, _) = managed_team(&tx, &hackathon, person).await?;
    let name = match &change.name {
        Some(name) => rules::name(name)?,
        None => team.name.clone(),
    };
    let code = if change.new_code { new_code()? } else { team.invite_code.clone() };
    let now = context.now();
    let locked_at = match change.is_locked {
        Some(true) => team.locked_at.or(Some(now)),
        Some(false) => None,
        None => team.locked_at,
    };
    teams::update(&tx, team.key(), &name, &code, locked_at, now).await?;
    let after = json!({
        "team": team.id, "is_locked": locked_at.is_some(), "new_code": change.new_code,
    });
    let act = act_on(&hackathon, Actor::Person(person.0), "team.edit", Some(after));
    audit::record(&tx, context, act).await?;
    let changed = reads::team(&tx, team.key()).await?;
    tx.commit().await?;
    Ok(changed.unwrap_or(team))
}

/// Gives a member of the person's team another role. A new leader replaces the person, who stays as a co-leader. The open
/// invitations end when a member can no longer send any. Returns the login.
///
/// # Errors
/// When the person does not lead the team, the login is no member, it is the person's own, or teams can no longer change.
pub async fn set_team_role(
    context: &Context,
    person: UserId,
    slug: &str,
    login: &str,
    role: TeamRole,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    let (team, own_role) = own_team(&tx, &hackathon, person).await?;
    if own_role != TeamRole::Leader {
        let detail = "Only the leader of the team can change roles. Ask them.";
        let problem = Problem::new(ProblemKind::Forbidden, "TEAM_LEADER_REQUIRED", detail);
        return Err(problem.into());
    }
    let (member, login) = person_named(&tx, login).await?;
    if member == person {
        return Err(access::leader_stays().into());
    }
    let members = reads::members(&tx, [team.key()]).await?;
    let found = members.iter().find(|it| it.user_id == member.0);
    let before = found.ok_or_else(|| access::unknown_member(&login))?.role;
    teams::set_role(&tx, team.key(), member, role).await?;
    if before.manages() && !role.manages() {
        teams::end_invitations(&tx, team.key()).await?;
    }
    if role == TeamRole::Leader {
        teams::set_role(&tx, team.key(), person, TeamRole::CoLeader).await?;
    }
    let after = json!({ "team": team.id, "person": member.0, "role": role.as_str() });
    let act = act_on(&hackathon, Actor::Person(person.0), "team.set_role", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(login)
}

/// Finds the team of a person, with their role in it.
pub(super) async fn own_team(
    tx: &Tx,
    hackathon: &HackathonView,
    person: UserId,
) -> Result<(TeamView, TeamRole), ActionError> {
    let own = reads::team_of(tx, hackathon.key(), person).await?;
    Ok(own.ok_or_else(access::no_team)?)
}

/// Finds the team that a person leads, alone or with others.
pub(super) async fn managed_team(
    tx: &Tx,
    hackathon: &HackathonView,
    person: UserId,
) -> Result<(TeamView, TeamRole), ActionError> {
    let (team, role) = own_team(tx, hackathon, person).await?;
    may_manage(role)?;
    Ok((team, role))
}
