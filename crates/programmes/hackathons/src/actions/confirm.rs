use identity::model::UserId;
use kernel::Timestamp;
use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    outbox::Post,
};
use serde_json::json;
use uuid::Uuid;

use super::{act_on, apply::participant, places::fill_places};
use crate::{
    access,
    emails::{ConfirmPlace, HACKATHON_APPLICATION},
    model::{APPLICATION_DECIDED, CONFIRMATION_REMINDERS},
    reads::{self, ApplicationView, HackathonView, Unconfirmed},
    rules::{
        confirmations::{REMINDERS, admit},
        instants::shown_with_zone,
        reminders::{due, left},
    },
    store::{applications, reminders},
};

/// Confirms the place of a person. Repeating it changes nothing. Returns the application.
///
/// # Errors
/// When the person has no place, or places of the hackathon are not confirmed now.
pub async fn confirm_place(
    context: &Context,
    person: UserId,
    slug: &str,
) -> Result<ApplicationView, ActionError> {
    let tx = context.begin().await?;
    let (hackathon, application) = participant(&tx, context, slug, person).await?;
    let now = context.now();
    admit(&hackathon.title, application.status, hackathon.confirm_by, now)?;
    if application.confirmed_at.is_some() {
        return Ok(application);
    }
    applications::confirm(&tx, application.key(), now).await?;
    let after = json!({ "application": application.id });
    let act = act_on(&hackathon, Actor::Person(person.0), "application.confirm", Some(after));
    audit::record(&tx, context, act).await?;
    let confirmed = reads::application_by_id(&tx, application.key()).await?;
    tx.commit().await?;
    Ok(confirmed.ok_or_else(|| access::unknown_hackathon(slug))?)
}

/// Reminds people to confirm their places, and moves the places that are not confirmed in time to the end of the waitlist, from which
/// the next people get them in order. Running it again, or late, moves each once. Returns the number of reminders and of places.
///
/// # Errors
/// When the database fails.
pub async fn settle_confirmations(context: &Context) -> Result<(usize, usize), ActionError> {
    let (mut reminded, mut released) = (0, 0);
    for hackathon in reads::confirming(&context.db, context.now()).await? {
        let Some(confirm_by) = hackathon.confirm_by else {
            continue;
        };
        let people = reads::unconfirmed(&context.db, hackathon.key(), confirm_by).await?;
        if people.is_empty() {
            continue;
        }
        if context.now() < confirm_by {
            reminded += remind(context, &hackathon, confirm_by, &people).await?;
        } else {
            released += release(context, &hackathon).await?;
        }
    }
    Ok((reminded, released))
}

/// Records the reminders to the unconfirmed people of a hackathon that are due, each once for a person and a time. Returns their number.
/// Whoever confirms meanwhile is not notified: the worker looks again.
async fn remind(
    context: &Context,
    hackathon: &HackathonView,
    confirm_by: Timestamp,
    people: &[Unconfirmed],
) -> Result<usize, ActionError> {
    let (now, key) = (context.now(), hackathon.key());
    let reminder = |person: &Unconfirmed| {
        let minutes = due(&REMINDERS, confirm_by, person.since, now)?;
        Some((context.ids.next(), person.person(), confirm_by, minutes))
    };
    let rows: Vec<_> = people.iter().filter_map(reminder).collect();
    let mut tx = context.begin().await?;
    let written = reminders::insert_confirmations(&tx, key, &rows, now).await?;
    let count = written.len();
    let ids = context.ids.as_ref();
    tx.wake(CONFIRMATION_REMINDERS, written, ids, now).await?;
    tx.commit().await?;
    Ok(count)
}

/// Moves the unconfirmed places of a hackathon to the end of the waitlist, and gives them to the next people. Returns their number.
async fn release(context: &Context, hackathon: &HackathonView) -> Result<usize, ActionError> {
    let mut tx = context.begin().await?;
    tx.lock_rows("hackathons", [hackathon.id]).await?;
    let found = reads::hackathon_by_id(&tx, hackathon.key()).await?;
    let now = context.now();
    let is_due = |it: &HackathonView| {
        it.phase(now).moves_waitlist() && it.confirm_by.is_some_and(|confirm_by| confirm_by <= now)
    };
    let Some(hackathon) = found.filter(is_due) else {
        return Ok(0);
    };
    let key = hackathon.key();
    let last_rank = applications::occupancy(&tx, key).await?.last_rank;
    let confirm_by = hackathon.confirm_by.unwrap_or(now);
    let moved = applications::queue_unconfirmed(&tx, key, confirm_by, last_rank, now).await?;
    let count = moved.len();
    let ids = context.ids.as_ref();
    tx.wake(APPLICATION_DECIDED, moved, ids, now).await?;
    fill_places(&mut tx, context, &hackathon).await?;
    tx.commit().await?;
    Ok(count)
}

/// Reminds a person to confirm their place, unless they have, or the time has moved.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_confirmation(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(reminder) = reads::confirmation_reminder(tx, id).await? else {
        return Ok(());
    };
    let hackathon = reads::hackathon_by_id(tx, reminder.hackathon_id.into()).await?;
    let now = context.now();
    let is_due = |it: &HackathonView| {
        it.confirm_by == Some(reminder.closes_at)
            && now < reminder.closes_at
            && !it.phase(now).is_over()
    };
    let Some(hackathon) = hackathon.filter(is_due) else {
        return Ok(());
    };
    let people = reads::unconfirmed(tx, hackathon.key(), reminder.closes_at).await?;
    if !people.iter().any(|it| it.person().0 == reminder.user_id) {
        return Ok(());
    }
    let email = ConfirmPlace {
        left: left(reminder.minutes),
        by: shown_with_zone(reminder.closes_at, hackathon.zone()),
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let notice = Notice {
        kind: &HACKATHON_APPLICATION,
        user_id: reminder.user_id.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
