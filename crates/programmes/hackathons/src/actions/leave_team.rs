use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on, join_team::forming_teams, manage_team::managed_team, new_code, person_named,
    places::fill_places,
};
use crate::{
    access,
    model::{MemberStatus, TeamId, TeamRole},
    reads::{self, HackathonView},
    rules::teams::next_leader,
    store::{
        exports::{self, DeletedExports},
        help, tasks, teams,
    },
};

/// Lets a person leave their team. If they led it, the first co-leader leads it, else the first member. Repeating it changes
/// nothing.
///
/// # Errors
/// When the person has no open application, or teams can no longer change.
pub async fn leave_team(context: &Context, person: UserId, slug: &str) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    leave_within(&tx, context, &hackathon, person, MemberStatus::Left, Actor::Person(person.0))
        .await?;
    // A smaller team can fit into the free places.
    fill_places(&mut tx, context, &hackathon).await?;
    Ok(tx.commit().await?)
}

/// Ends the membership of a person, if they are in a team, in the caller's transaction, which holds the lock of the hackathon's
/// row.
pub(super) async fn leave_within(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
    status: MemberStatus,
    actor: Actor,
) -> Result<(), ActionError> {
    let Some((team, role)) = reads::team_of(tx, hackathon.key(), person).await? else {
        return Ok(());
    };
    let id = team.key();
    end_membership(tx, context, id, (person, role), status).await?;
    if role == TeamRole::Leader {
        let others = reads::members(tx, [id]).await?;
        let others: Vec<_> = others.iter().map(|it| (it.user_id, it.role)).collect();
        match next_leader(&others) {
            Some(next) => teams::set_role(tx, id, next.into(), TeamRole::Leader).await?,
            // A team without members ends.
            None => help::withdraw_of(tx, id, context.now()).await?,
        }
    }
    let after = json!({ "team": team.id, "person": person.0, "status": status.as_str() });
    audit::record(tx, context, act_on(hackathon, actor, "team.leave", Some(after))).await?;
    Ok(())
}

/// Ends a membership, and what the member could let others do: the open invitations end if they could send some. Who was removed
/// knows the code, so the team gets another one, and their own invitation ends.
async fn end_membership(
    tx: &Tx,
    context: &Context,
    team: TeamId,
    (person, role): (UserId, TeamRole),
    status: MemberStatus,
) -> Result<(), ActionError> {
    let now = context.now();
    teams::end_membership(tx, team, person, status, now).await?;
    tasks::unassign(tx, team, person, now).await?;
    exports::delete(tx, DeletedExports::Member(team, person)).await?;
    if role.manages() {
        teams::end_invitations(tx, team).await?;
    }
    if status == MemberStatus::Removed {
        teams::end_invitation(tx, team, person).await?;
        teams::set_code(tx, team, &new_code()?, now).await?;
    }
    Ok(())
}

/// Removes a member of the person's team, which gets another code. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the person is neither the leader nor a co-leader, the member leads the team, or teams can no longer change.
pub async fn remove_member(
    context: &Context,
    person: UserId,
    slug: &str,
    login: &str,
) -> Result<String, ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = forming_teams(&tx, context, slug, person).await?;
    let (team, _) = managed_team(&tx, &hackathon, person).await?;
    let (member, login) = person_named(&tx, login).await?;
    let members = reads::members(&tx, [team.key()]).await?;
    let role = match members.iter().find(|it| it.user_id == member.0) {
        None => return Ok(login),
        Some(found) if found.role == TeamRole::Leader => {
            return Err(access::leader_stays().into());
        }
        Some(found) => found.role,
    };
    end_membership(&tx, context, team.key(), (member, role), MemberStatus::Removed).await?;
    let after = json!({ "team": team.id, "person": member.0 });
    let act = act_on(&hackathon, Actor::Person(person.0), "team.remove_member", Some(after));
    audit::record(&tx, context, act).await?;
    fill_places(&mut tx, context, &hackathon).await?;
    tx.commit().await?;
    Ok(login)
}
