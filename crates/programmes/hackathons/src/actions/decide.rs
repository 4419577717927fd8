use identity::model::UserId;
use kernel::{Problem, ProblemKind, typed};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on, changeable,
    leave_team::leave_within,
    places::{fill_places, next_status},
};
use crate::{
    model::{APPLICATION_DECIDED, ApplicationId, ApplicationStatus, MemberStatus},
    reads::{self, ApplicationView, HackathonView},
    rules::{applications::Decision, invalid, waitlist::approved_status},
    store::applications::{self, NewStatus},
};

/// The maximum number of applications that one request decides.
const MOST_DECIDED: usize = 200;
/// The maximum number of characters of a reason.
const REASON: usize = 500;

/// A decision about applications.
#[derive(Clone, Debug)]
pub struct NewDecision {
    pub decision: Decision,
    /// The applications, in the order in which places are given.
    pub applications: Vec<ApplicationId>,
    /// The reason of a rejection, which the people see; may be empty.
    pub reason: String,
}

/// The outcome of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecidedApplication {
    /// The number of people who got a place.
    pub accepted: usize,
    /// The number of people who went to the waitlist.
    pub waitlisted: usize,
    /// The number of people who were rejected.
    pub rejected: usize,
    /// The number of applications that the decision did not change.
    pub unchanged: usize,
}

/// Approves or rejects applications. The people are notified; a rejected person leaves their team, and their place goes to the
/// waitlist. An application that the decision would not change is left as it is: one on the waitlist moves by itself.
///
/// # Errors
/// When there is none or too many, one is not of the hackathon, the reason is not valid, or the hackathon is over; and for an
/// approval, when the person organizes or judges it, or all places are taken and the waitlist no longer moves.
pub async fn decide(
    context: &Context,
    actor: Actor,
    slug: &str,
    new: &NewDecision,
) -> Result<DecidedApplication, ActionError> {
    let reason = typed::paragraphs(&new.reason, "The reason", REASON);
    let reason = reason.map_err(|detail| invalid("reason", detail))?;
    check_number(new.applications.len())?;
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let mut unchanged = 0;
    let mut changed = Vec::new();
    for id in &new.applications {
        let application = of(&tx, &hackathon, *id).await?;
        if !new.decision.changes(application.status) {
            unchanged += 1;
            continue;
        }
        let status = match new.decision {
            Decision::Approve => approve(&tx, context, &hackathon, &application, actor).await?,
            Decision::Reject => {
                let reason = (!reason.is_empty()).then_some(reason.as_str());
                reject(&tx, context, &hackathon, &application, actor, reason).await?
            }
        };
        changed.push(*id);
        let after = json!({ "application": id.0, "status": status.as_str() });
        let act = act_on(&hackathon, actor, "application.decide", Some(after));
        audit::record(&tx, context, act).await?;
    }
    let (ids, now) = (context.ids.as_ref(), context.now());
    let wakes = changed.iter().map(|id| id.0);
    tx.wake(APPLICATION_DECIDED, wakes, ids, now).await?;
    fill_places(&mut tx, context, &hackathon).await?;
    let mut decided = outcome(&tx, &changed).await?;
    decided.unchanged = unchanged;
    tx.commit().await?;
    Ok(decided)
}

/// Counts what the decided applications became. Some of those on the waitlist can have got places that became free.
async fn outcome(tx: &Tx, changed: &[ApplicationId]) -> Result<DecidedApplication, ActionError> {
    let mut decided = DecidedApplication::default();
    for id in changed {
        let application = reads::application_by_id(tx, *id).await?;
        match application.map(|application| application.status) {
            Some(status) if status.holds_place() => decided.accepted += 1,
            Some(ApplicationStatus::Waitlisted) => decided.waitlisted += 1,
            _ => decided.rejected += 1,
        }
    }
    Ok(decided)
}

fn check_number(count: usize) -> Result<(), Problem> {
    match count {
        0 => Err(invalid("applications", "Choose at least one application.".to_owned())),
        1..=MOST_DECIDED => Ok(()),
        count => Err(invalid(
            "applications",
            format!("Choose at most {MOST_DECIDED} applications, not {count}."),
        )),
    }
}

async fn of(
    tx: &Tx,
    hackathon: &HackathonView,
    id: ApplicationId,
) -> Result<ApplicationView, ActionError> {
    let found = reads::application_by_id(tx, id).await?;
    let own = found.filter(|found| found.hackathon_id == hackathon.id);
    let unknown = || {
        let detail = format!("{} has no such application. Reload the list.", hackathon.title);
        Problem::new(ProblemKind::NotFound, "NOT_FOUND", detail).at("applications")
    };
    Ok(own.ok_or_else(unknown)?)
}

async fn approve(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    application: &ApplicationView,
    actor: Actor,
) -> Result<ApplicationStatus, ActionError> {
    let now = context.now();
    check_staff(tx, hackathon, application).await?;
    let is_moving = hackathon.phase(now).moves_waitlist();
    let approved = |free, is_empty| approved_status(free, is_empty, is_moving);
    let new = NewStatus { is_approved: true, ..next_status(tx, hackathon, approved).await? };
    applications::set_status(tx, application.key(), new, actor.person(), None, now).await?;
    Ok(new.status)
}

/// Refuses to approve a person who joined the staff since they applied, as an organizer or a judge.
async fn check_staff(
    tx: &Tx,
    hackathon: &HackathonView,
    application: &ApplicationView,
) -> Result<(), ActionError> {
    check_staff_of(
        tx,
        hackathon,
        application.user_id.into(),
        application.login.as_str(),
        "applications",
    )
    .await
}

/// Refuses to give a place to an organizer or a judge, whom a field names.
pub(super) async fn check_staff_of(
    tx: &Tx,
    hackathon: &HackathonView,
    person: UserId,
    login: &str,
    field: &'static str,
) -> Result<(), ActionError> {
    let role = reads::role_in(tx, hackathon.key(), person).await?;
    let Some(role) = role.filter(|role| !role.may_take_part()) else {
        return Ok(());
    };
    let detail = format!(
        "{login} is in the staff of {} ({}), so they cannot take part. Remove them from the staff first.",
        hackathon.title,
        role.heading().to_lowercase()
    );
    let problem = Problem::new(ProblemKind::Conflict, "STAFF_CANNOT_APPLY", detail);
    Err(problem.at(field).into())
}

async fn reject(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    application: &ApplicationView,
    actor: Actor,
    reason: Option<&str>,
) -> Result<ApplicationStatus, ActionError> {
    let new = NewStatus { status: ApplicationStatus::Rejected, rank: None, is_approved: false };
    applications::set_status(tx, application.key(), new, actor.person(), reason, context.now())
        .await?;
    leave_within(tx, context, hackathon, application.user_id.into(), MemberStatus::Removed, actor)
        .await?;
    Ok(new.status)
}
