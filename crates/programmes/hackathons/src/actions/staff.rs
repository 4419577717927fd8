use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{act_on, changeable, new_code, person_named, staff_invitations::revoke_after_loss};
use crate::{
    model::{HackathonId, StaffRole, Visibility},
    reads::{self, HackathonView},
    rules::{staff as rules, tracks::judged},
    store::{hackathons, help, staff},
};

/// Gives a person a role in the staff of a hackathon. The invitation link that a former organizer knows is replaced, and the
/// invitations that they sent end. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the login is unknown, the person takes part, they are its last organizer, or the hackathon is over.
pub async fn add_staff(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
    role: StaffRole,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (person, login) = person_named(&tx, login).await?;
    let id = hackathon.key();
    let application = reads::application(&tx, id, person).await?;
    if role != StaffRole::Mentor && application.is_some_and(|it| it.status.is_open()) {
        let detail =
            format!("{login} takes part in {}. Ask them to withdraw first.", hackathon.title);
        let problem = Problem::new(ProblemKind::Conflict, "STAFF_CANNOT_APPLY", detail);
        return Err(problem.at("login").into());
    }
    if role != StaffRole::Organizer {
        keeps_organizer(&tx, id, person).await?;
    }
    let before = reads::role_in(&tx, id, person).await?;
    let (row, now) = (context.ids.next(), context.now());
    if staff::set(&tx, row, id, person, role, now).await? {
        end_after_loss(&tx, context, &hackathon, person, before).await?;
        if role == StaffRole::Judge {
            help::hand_back_of(&tx, id, person, now).await?;
        }
        let after = json!({ "person": person.0, "role": role.as_str() });
        let act = act_on(&hackathon, actor, "hackathon.add_staff", Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(login)
}

/// Limits a judge of a hackathon to the projects of some tracks, or to none if there are none. A project that they have now stays
/// with them. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the login is unknown, the person is not a judge, the hackathon has no such track, or it is over.
pub async fn set_judge_tracks(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
    tracks: &[String],
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (person, login) = person_named(&tx, login).await?;
    let id = hackathon.key();
    if reads::role_in(&tx, id, person).await? != Some(StaffRole::Judge) {
        let detail = format!("{login} is not a judge of this hackathon. Give them the role first.");
        let problem = Problem::new(ProblemKind::Conflict, "NOT_A_JUDGE", detail);
        return Err(problem.at("login").into());
    }
    let tracks = judged(&reads::tracks(&tx, id).await?, tracks)?;
    if staff::set_tracks(&tx, id, person, &tracks).await? {
        let after = json!({ "person": person.0, "tracks": tracks });
        let act = act_on(&hackathon, actor, "hackathon.set_judge_tracks", Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(login)
}

/// Removes a person from the staff of a hackathon; the requests for help that they took wait again. The invitation link that a
/// former organizer knows is replaced, and the invitations that they sent end. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the login is unknown, they are its last organizer, or the hackathon is over.
pub async fn remove_staff(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (person, login) = person_named(&tx, login).await?;
    let id = hackathon.key();
    keeps_organizer(&tx, id, person).await?;
    let before = reads::role_in(&tx, id, person).await?;
    if staff::remove(&tx, id, person).await? {
        end_after_loss(&tx, context, &hackathon, person, before).await?;
        help::hand_back_of(&tx, id, person, context.now()).await?;
        let after = json!({ "person": person.0 });
        let act = act_on(&hackathon, actor, "hackathon.remove_staff", Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(login)
}

/// Ends what a person knows or let others do in a role that they lost: the invitation link of a hackathon that is not public, and
/// the invitations to its staff that they sent or have.
async fn end_after_loss(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
    former: Option<StaffRole>,
) -> Result<(), ActionError> {
    let now = context.now();
    if former.is_some() {
        revoke_after_loss(tx, hackathon, person, now).await?;
    }
    if former == Some(StaffRole::Organizer) && hackathon.visibility != Visibility::Public {
        let code = new_code()?;
        hackathons::set_invite_code(tx, hackathon.key(), &code, now).await?;
    }
    Ok(())
}

/// Refuses to remove or to demote the last organizer.
async fn keeps_organizer(tx: &Tx, id: HackathonId, person: UserId) -> Result<(), ActionError> {
    let staff = reads::staff(tx, id).await?.into_iter();
    let roles: Vec<_> = staff.map(|it| (it.user_id, it.role)).collect();
    Ok(rules::keeps_organizer(&roles, person.0)?)
}
