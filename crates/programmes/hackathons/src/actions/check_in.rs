use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use recognition::model::BADGES_DUE;
use serde_json::json;

use super::{
    act_on, changeable,
    decide::check_staff_of,
    funnel::{self, FunnelStage},
    locked, new_code, person_named,
    places::next_status,
};
use crate::{
    model::{APPLICATION_DECIDED, ApplicationId, ApplicationStatus, HackathonId},
    reads::{self, ApplicationView, HackathonView},
    rules::{
        applications::ApplicationDetails,
        check_in::{admit, admit_walk_in, may_check_in, unknown_person},
        instants::shown_with_zone,
        invalid,
        teams::read_code,
    },
    store::{
        applications::{self, NewStatus},
        check_ins,
    },
    telemetry::APPLICATIONS,
};

/// Checks a person in who has a place, by their code or their login. Returns the application.
///
/// # Errors
/// When it is too early or the hackathon is archived or canceled, no person of it has the code or login, they have no place, or they
/// are checked in.
pub async fn check_in(
    context: &Context,
    actor: Actor,
    slug: &str,
    who: &str,
) -> Result<ApplicationView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = open_for_check_in(context, locked(&tx, slug).await?)?;
    let person = person_of(&tx, &hackathon, who).await?;
    let found = reads::application(&tx, hackathon.key(), person).await?;
    let found = found.ok_or_else(|| unknown_person(&hackathon.title))?;
    let checked = check_in_within(&tx, context, &hackathon, &found, actor).await?;
    tx.commit().await?;
    Ok(checked)
}

/// Refuses a hackathon whose people cannot be checked in now.
fn open_for_check_in(
    context: &Context,
    hackathon: HackathonView,
) -> Result<HackathonView, ActionError> {
    let now = context.now();
    may_check_in(&hackathon.title, hackathon.phase(now), &hackathon.timeline(), now)?;
    Ok(hackathon)
}

/// Finds the person with a code at the hackathon, else the one with a login.
async fn person_of(tx: &Tx, hackathon: &HackathonView, who: &str) -> Result<UserId, ActionError> {
    if let Ok(code) = read_code(who)
        && let Some(person) = reads::person_with_code(tx, hackathon.key(), &code).await?
    {
        return Ok(person);
    }
    let found = identity::reads::person(tx, who.trim()).await?;
    Ok(found.map(|found| found.id.into()).ok_or_else(|| unknown_person(&hackathon.title))?)
}

/// Checks a person in, in the caller's transaction, which holds the lock of the hackathon's row.
async fn check_in_within(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    found: &ApplicationView,
    actor: Actor,
) -> Result<ApplicationView, ActionError> {
    let since = found.checked_in_at;
    let since = since.map(|since| shown_with_zone(since, hackathon.zone()));
    admit(&found.login, found.status, since.as_deref())?;
    check_ins::set(tx, found.key(), Some(context.now()), actor.person()).await?;
    // A person who came needs no reminder to confirm.
    applications::confirm(tx, found.key(), context.now()).await?;
    record(tx, context, hackathon, found.key(), actor, "application.check_in").await?;
    written(tx, hackathon, found.key()).await
}

async fn record(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    id: ApplicationId,
    actor: Actor,
    action: &'static str,
) -> Result<(), ActionError> {
    let after = json!({ "application": id.0 });
    audit::record(tx, context, act_on(hackathon, actor, action, Some(after))).await?;
    Ok(())
}

async fn written(
    tx: &Tx,
    hackathon: &HackathonView,
    id: ApplicationId,
) -> Result<ApplicationView, ActionError> {
    let written = reads::application_by_id(tx, id).await?;
    Ok(written.ok_or_else(|| unknown_person(&hackathon.title))?)
}

/// Undoes that a person was checked in. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the login is unknown or the person did not apply, or the hackathon is archived or canceled.
pub async fn undo_check_in(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let hackathon = open_for_check_in(context, locked(&tx, slug).await?)?;
    let (person, login) = person_named(&tx, login).await?;
    let found = reads::application(&tx, hackathon.key(), person).await?;
    let found = found.ok_or_else(|| unknown_person(&hackathon.title))?;
    if found.checked_in_at.is_some() {
        check_ins::set(&tx, found.key(), None, None).await?;
        record(&tx, context, &hackathon, found.key(), actor, "application.undo_check_in").await?;
    }
    tx.commit().await?;
    Ok(login)
}

/// A person who comes without a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalkIn {
    pub login: String,
    /// True if they accept the code of conduct.
    pub accepts_conduct: bool,
    /// True if they may exceed the number of places.
    pub exceeds_capacity: bool,
}

/// Gives a place to a person who comes without one, and checks them in. A person with a place is checked in only. Returns the
/// application.
///
/// # Errors
/// When it is too early or the hackathon is over, the login is unknown, the person organizes or judges the hackathon, was rejected, is
/// checked in, or does not accept the code of conduct, or no place is free and they may not exceed the number of places.
pub async fn walk_in(
    context: &Context,
    actor: Actor,
    slug: &str,
    new: &WalkIn,
) -> Result<ApplicationView, ActionError> {
    let code = new_code()?;
    let mut tx = context.begin().await?;
    let hackathon = open_for_check_in(context, changeable(&tx, context, slug).await?)?;
    let (person, login) = person_named(&tx, &new.login).await?;
    let key = hackathon.key();
    check_staff_of(&tx, &hackathon, person, &login, "login").await?;
    let before = reads::application(&tx, key, person).await?;
    let status = before.as_ref().map(|it| it.status);
    if let Some(found) = before.as_ref().filter(|it| it.status.holds_place()) {
        let checked = check_in_within(&tx, context, &hackathon, found, actor).await?;
        tx.commit().await?;
        return Ok(checked);
    }
    let may = |free, is_empty| {
        admit_walk_in(&login, status, free, is_empty, new.exceeds_capacity)?;
        Ok(ApplicationStatus::Approved)
    };
    let place = NewStatus { is_approved: true, ..next_status(&tx, &hackathon, may).await? };
    let id = match &before {
        Some(before) => before.key(),
        None => apply_for(&tx, context, &hackathon, person, new, &code).await?,
    };
    let now = context.now();
    applications::set_status(&tx, id, place, actor.person(), None, now).await?;
    check_ins::set(&tx, id, Some(now), actor.person()).await?;
    applications::confirm(&tx, id, now).await?;
    record(&tx, context, &hackathon, id, actor, "application.walk_in").await?;
    let ids = context.ids.as_ref();
    tx.wake(APPLICATION_DECIDED, [id.0], ids, now).await?;
    tx.wake(BADGES_DUE, [person.0], ids, now).await?;
    let written = written(&tx, &hackathon, id).await?;
    tx.commit().await?;
    if before.is_none() {
        APPLICATIONS.add(&[], 1);
        funnel::count(FunnelStage::Applied, 1);
    }
    Ok(written)
}

/// Stores an application without words for a person who accepts the code of conduct on site.
async fn apply_for(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
    new: &WalkIn,
    code: &str,
) -> Result<ApplicationId, ActionError> {
    if !new.accepts_conduct {
        let detail = "Confirm that the person accepts the code of conduct.".to_owned();
        return Err(invalid("accepts_conduct", detail).into());
    }
    let details = ApplicationDetails {
        motivation: String::new(),
        skills: Vec::new(),
        answers: Vec::new(),
        conduct_version: hackathon.conduct_version,
        is_looking_for_team: false,
    };
    let (id, now) = (ApplicationId::new(context.ids.next()), context.now());
    let key: HackathonId = hackathon.key();
    applications::write(tx, id, key, person, &details, None, now).await?;
    check_ins::insert(tx, id, key, code, now).await?;
    Ok(id)
}
