use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on, has_friends,
    join_team::{add_to_team, forming_teams},
    locked,
    manage_team::managed_team,
    person_named,
};
use crate::{
    model::{MemberStatus, TEAM_INVITED, TeamId, TeamRole, Visibility},
    reads::{self, HackathonView, TeamView},
    rules::teams::{InvitationReach, Invitee, JoinedTeam, can_invite, can_join, no_invitation},
    store::teams::{self, NewMember},
};

/// Invites a person to the team of another, who leads it or is a co-leader: a friend, or where friends are off, a person who is
/// looking for a team. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the inviting person has no team or does not lead it, the other is neither a friend nor looking for a team or has a team, the
/// team is full or locked, or teams can no longer change.
pub async fn invite(
    context: &Context,
    person: UserId,
    slug: &str,
    login: &str,
) -> Result<String, ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    let (team, _) = managed_team(&tx, &hackathon, person).await?;
    let (other, login) = person_named(&tx, login).await?;
    let invited = reads::invited(&tx, team.key()).await?;
    if invited.iter().any(|it| it.user_id == other.0) {
        return Ok(login);
    }
    let invitee = invitee(&tx, context, &hackathon, person, other, &login).await?;
    let joined = joined(&hackathon, &team, false);
    can_invite(invitee, joined, invited.len())?;
    sees_hackathon(&tx, &hackathon, other, &login).await?;
    let (row, now) = (context.ids.next(), context.now());
    let invited = NewMember {
        hackathon: hackathon.key(),
        team: team.key(),
        person: other,
        role: TeamRole::Member,
        status: MemberStatus::Invited,
    };
    teams::insert_member(&tx, row, invited, now).await?;
    let after = json!({ "team": team.id, "person": other.0 });
    let act = act_on(&hackathon, Actor::Person(person.0), "team.invite", Some(after));
    audit::record(&tx, context, act).await?;
    tx.wake(TEAM_INVITED, [row], context.ids.as_ref(), now).await?;
    tx.commit().await?;
    Ok(login)
}

/// Reads what decides whether a person can invite another.
async fn invitee<'a>(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
    other: UserId,
    login: &'a str,
) -> Result<Invitee<'a>, ActionError> {
    let id = hackathon.key();
    let reach = if has_friends(tx, context, person).await? {
        InvitationReach::Friends
    } else {
        InvitationReach::Looking
    };
    let has_team = reads::team_of(tx, id, other).await?.is_some();
    let is_in_reach = match reach {
        InvitationReach::Friends => reads::are_friends(tx, person, other).await?,
        InvitationReach::Looking => {
            let mut looking = reads::looking_for_team(tx, id).await?.into_iter();
            has_team || looking.any(|it| it.user_id == other.0)
        }
    };
    Ok(Invitee { login, reach, is_in_reach, has_team })
}

fn joined(hackathon: &HackathonView, team: &TeamView, has_team: bool) -> JoinedTeam {
    JoinedTeam {
        members: team.members,
        most: hackathon.team_max,
        is_locked: team.locked_at.is_some(),
        has_team,
    }
}

/// Refuses to show a private hackathon to a person who did not apply: its invitation link does.
async fn sees_hackathon(
    tx: &Tx,
    hackathon: &HackathonView,
    person: UserId,
    login: &str,
) -> Result<(), ActionError> {
    let application = reads::application(tx, hackathon.key(), person).await?;
    if hackathon.visibility != Visibility::Private || application.is_some() {
        return Ok(());
    }
    let detail = format!(
        "{login} does not take part in {}, which is private. They need the invitation link of its organizers first.",
        hackathon.title
    );
    let problem = Problem::new(ProblemKind::Conflict, "INVITEE_NOT_A_PARTICIPANT", detail);
    Err(problem.at("login").into())
}

/// Cancels the invitation of a person to the team of another, who leads it or is a co-leader. Repeating it changes nothing. Returns
/// the login.
///
/// # Errors
/// When the person has no team or does not lead it, the login is unknown, or teams can no longer change.
pub async fn cancel_invitation(
    context: &Context,
    person: UserId,
    slug: &str,
    login: &str,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    let (team, _) = managed_team(&tx, &hackathon, person).await?;
    let (other, login) = person_named(&tx, login).await?;
    if teams::end_invitation(&tx, team.key(), other).await? {
        let after = json!({ "team": team.id, "person": other.0 });
        let act =
            act_on(&hackathon, Actor::Person(person.0), "team.cancel_invitation", Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(login)
}

/// Accepts the invitation of a person to the team with a slug. Returns the team.
///
/// # Errors
/// When the person has no open application, is in a team or submitted alone while submissions are turned off, the team
/// did not invite them, is full or locked, or teams can no longer change.
pub async fn accept_invitation(
    context: &Context,
    person: UserId,
    slug: &str,
    team: &str,
) -> Result<TeamView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    let team = inviting_team(&tx, &hackathon, person, team).await?;
    let has_team = reads::team_of(&tx, hackathon.key(), person).await?.is_some();
    can_join(joined(&hackathon, &team, has_team))?;
    let id: TeamId = team.key();
    teams::end_invitation(&tx, id, person).await?;
    add_to_team(&tx, context, &hackathon, person, &team).await?;
    let joined = reads::team(&tx, id).await?;
    tx.commit().await?;
    Ok(joined.unwrap_or(team))
}

/// Finds the team with a slug that invited a person.
async fn inviting_team(
    tx: &Tx,
    hackathon: &HackathonView,
    person: UserId,
    slug: &str,
) -> Result<TeamView, ActionError> {
    let invitations = reads::invitations(tx, hackathon.key(), person).await?;
    let found = invitations.into_iter().find(|team| team.slug == slug);
    Ok(found.ok_or_else(no_invitation)?)
}

/// Declines the invitation of a person to the team with a slug, also without an application.
///
/// # Errors
/// When the team did not invite them.
pub async fn decline_invitation(
    context: &Context,
    person: UserId,
    slug: &str,
    team: &str,
) -> Result<TeamView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let team = inviting_team(&tx, &hackathon, person, team).await?;
    teams::end_invitation(&tx, team.key(), person).await?;
    let after = json!({ "team": team.id, "person": person.0 });
    let act = act_on(&hackathon, Actor::Person(person.0), "team.decline_invitation", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(team)
}
