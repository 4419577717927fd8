use identity::rules::email_address;
use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    outbox::{EMAIL, Key, Post, enqueue, may_write_to},
};
use serde_json::json;
use uuid::Uuid;

use super::rosters::{act_on_roster, changeable_roster};
use crate::{
    emails::{CTF_REMINDER, Reminder},
    model::{CompetitorId, RosterId},
    reads::{self, CompetitorView, DashboardPerson, RosterView},
    rules::reminders::{Reminded, ReminderCause, cause, is_recent},
    store::competitors,
};

/// Reminds the competitors of a roster who have been inactive for 14 days or never signed in: in their inbox and by email as they
/// chose, or at the address of the profile if they have no account here. Each is reminded at most once in 7 days, and only if
/// emails about their results are allowed. Returns how many were reminded and skipped.
///
/// # Errors
/// When the roster is archived, an email cannot be rendered, or the database fails.
pub async fn remind_inactive(
    context: &Context,
    post: &Post,
    actor: Actor,
    id: RosterId,
) -> Result<Reminded, ActionError> {
    let mut tx = context.begin().await?;
    let roster = changeable_roster(&tx, id).await?;
    let due = due(&tx, context, id).await?;
    tx.lock_rows("competitors", due.iter().map(|(id, _)| id.0)).await?;
    let sender = Sender { context, post, actor, roster: &roster };
    let mut done = Reminded::default();
    for (competitor, cause) in due {
        if let Some(found) = reads::competitor(&tx, competitor).await? {
            remind(&mut tx, &sender, &found, cause, &mut done).await?;
        }
    }
    let after = json!({ "sent": done.sent, "skipped": done.skipped() });
    let act = act_on_roster(id, actor, "ctf_roster.remind", None, Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(done)
}

/// Finds the competitors with a reason for a reminder, in the order of their IDs.
async fn due(
    tx: &Tx,
    context: &Context,
    roster: RosterId,
) -> Result<Vec<(CompetitorId, ReminderCause)>, ActionError> {
    let now = context.now();
    // Stored solves count into the last activity of the platform's totals, so that no range is read.
    let found = |person: DashboardPerson| {
        let facts = person.support(0, None);
        let cause = cause(&facts, now).filter(|_| person.erased_at.is_none())?;
        Some((CompetitorId::new(person.id), cause))
    };
    let people = reads::dashboard_people(tx, roster).await?;
    let mut due: Vec<_> = people.into_iter().filter_map(found).collect();
    due.sort_by_key(|(id, _)| id.0);
    Ok(due)
}

/// The sender of the reminders to a roster.
struct Sender<'a> {
    context: &'a Context,
    post: &'a Post,
    actor: Actor,
    roster: &'a RosterView,
}

async fn remind(
    tx: &mut Tx,
    sender: &Sender<'_>,
    found: &CompetitorView,
    cause: ReminderCause,
    done: &mut Reminded,
) -> Result<(), ActionError> {
    let now = sender.context.now();
    if is_recent(found.reminded_at, now) {
        done.recent += 1;
        return Ok(());
    }
    if !found.allows_mail() {
        done.without_consent += 1;
        return Ok(());
    }
    let email = Reminder {
        roster: sender.roster.name.clone(),
        never_signed_in: cause == ReminderCause::NeverSignedIn,
        has_account: found.user_id.is_some(),
    };
    let is_sent = match found.user_id {
        Some(person) => inform(tx, sender, found, person, &email).await?,
        None => write(tx, sender, found, &email).await?,
    };
    if is_sent {
        competitors::set_reminded(tx, found.key(), now).await?;
        done.sent += 1;
    } else {
        done.unreachable += 1;
    }
    Ok(())
}

/// Notifies a competitor with an account, as they chose.
async fn inform(
    tx: &mut Tx,
    sender: &Sender<'_>,
    found: &CompetitorView,
    person: Uuid,
    email: &Reminder,
) -> Result<bool, ActionError> {
    let Sender { context, post, .. } = *sender;
    let notice = Notice {
        kind: &CTF_REMINDER,
        user_id: person.into(),
        object_id: found.id,
        occurrence: &context.now().to_rfc3339(),
        link: "/ctf/me/report".to_owned(),
        email,
    };
    notify(tx, context, post, &notice).await
}

/// Writes to the address in the profile of a competitor without an account; returns whether there is one, the server sends email,
/// and the address did not get too many.
async fn write(
    tx: &mut Tx,
    sender: &Sender<'_>,
    found: &CompetitorView,
    email: &Reminder,
) -> Result<bool, ActionError> {
    let Sender { context, post, actor, .. } = *sender;
    let profile = found.profile();
    let Some(address) = profile.email().filter(|_| post.channels.has(EMAIL)) else {
        return Ok(false);
    };
    let to = email_address(address)?;
    if !may_write_to(tx, context, actor.person(), &to).await? {
        return Ok(false);
    }
    let content = post.write(email, None)?;
    let key = Key {
        person: Uuid::nil(),
        kind: CTF_REMINDER.code,
        object: found.id,
        occurrence: &context.now().to_rfc3339(),
        channel: EMAIL,
    };
    enqueue(tx, context, key, &to, &content, context.now()).await?;
    Ok(true)
}
