use notifications::actions::notify;
use notifications::model::Notice;
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{HACKATHON_REMINDER, SubmissionNews},
    model::SUBMISSION_REMINDERS,
    reads::{self, Unsubmitted},
    rules::{
        instants::shown_with_zone,
        reminders::{due, left},
    },
    store::reminders,
};

/// Records the reminders to submit that are due, and wakes the worker that sends them. Each is recorded once for a person and a
/// deadline, so that it is sent once although workers stop or deadlines move. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn remind_due(context: &Context) -> Result<usize, ActionError> {
    let now = context.now();
    let mut all = 0;
    for hackathon in reads::reminding(&context.db, now).await? {
        let mut tx = context.begin().await?;
        let settings = reads::submission_settings(&tx, hackathon.key()).await?;
        let people = reads::without_submission(&tx, hackathon.key(), None).await?;
        let timeline = hackathon.timeline();
        let reminder = |person: &Unsubmitted| {
            let closes_at = person.deadline(timeline.submission_closes_at);
            // A reminder before submissions open would ask for what cannot be done yet.
            let since = person.since.max(timeline.submission_opens_at);
            let minutes = due(&settings.reminders(), closes_at, since, now)?;
            Some((context.ids.next(), person.person(), closes_at, minutes))
        };
        let rows: Vec<_> = people.iter().filter_map(reminder).collect();
        let written = reminders::insert(&tx, hackathon.key(), &rows, now).await?;
        all += written.len();
        let ids = context.ids.as_ref();
        tx.wake(SUBMISSION_REMINDERS, written, ids, now).await?;
        tx.commit().await?;
    }
    Ok(all)
}

/// Reminds a person to submit, unless they have submitted since, or the deadline has moved.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_reminder(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(reminder) = reads::reminder(tx, id).await? else {
        return Ok(());
    };
    let hackathon = reads::hackathon_by_id(tx, reminder.hackathon_id.into()).await?;
    let Some(hackathon) = hackathon else {
        return Ok(());
    };
    let person = reminder.user_id.into();
    let found = reads::without_submission(tx, hackathon.key(), Some(person)).await?;
    let common = hackathon.timeline().submission_closes_at;
    let is_due = |person: &Unsubmitted| person.deadline(common) == reminder.closes_at;
    if !found.iter().any(is_due) || hackathon.phase(context.now()).is_over() {
        return Ok(());
    }
    let closes = shown_with_zone(reminder.closes_at, hackathon.zone());
    let email = SubmissionNews::reminder(
        &hackathon.title,
        &left(reminder.minutes),
        &closes,
        hackathon.slug.clone(),
    );
    let notice = Notice {
        kind: &HACKATHON_REMINDER,
        user_id: reminder.user_id.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
