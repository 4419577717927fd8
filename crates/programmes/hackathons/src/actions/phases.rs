use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use super::{edit::notify_all, notify::found};
use crate::{
    emails::{HACKATHON_PHASE, PhaseBegun},
    model::{HACKATHON_PHASES, HackathonId, Phase},
    reads::{self, RecordedPhase},
    rules::{instants::shown_with_zone, timeline::phase},
    store::phases,
};

/// Records each hackathon that entered another phase, once, and wakes the worker that notifies its people. The first
/// record of a hackathon is the phase that it has already, of which no one is notified. Returns the number of changes.
///
/// # Errors
/// When the database fails.
pub async fn record_phases(context: &Context) -> Result<usize, ActionError> {
    let now = context.now();
    let mut changed = 0;
    for RecordedPhase { id, timeline, steps, phase: before, number } in
        reads::recorded_phases(&context.db).await?
    {
        let (hackathon, phase) = (HackathonId::from(id), phase(&timeline, &steps, now));
        if before == Some(phase) {
            continue;
        }
        let (id, next) = (context.ids.next(), number.unwrap_or(0) + 1);
        let mut tx = context.begin().await?;
        if !phases::insert(&tx, id, hackathon, next, phase, now).await? {
            continue;
        }
        if before.is_some() && phase.is_notified() {
            notify_all(&mut tx, context, hackathon, HACKATHON_PHASES).await?;
        }
        tx.commit().await?;
        changed += 1;
    }
    Ok(changed)
}

/// Notifies a person who has a place that submissions are open, or that judging has begun: once for each time at which it
/// begins, and only while it lasts.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_phase(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((application, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    let phase = hackathon.phase(context.now());
    if !application.status.holds_place() || !phase.is_notified() {
        return Ok(());
    }
    let dates = hackathon.timeline();
    let (begins, ends) = match phase {
        Phase::Judging => (dates.judging_opens_at, dates.judging_closes_at),
        _ => (dates.submission_opens_at, dates.submission_closes_at),
    };
    let email = PhaseBegun {
        is_judging: phase == Phase::Judging,
        ends: shown_with_zone(ends, hackathon.zone()),
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let notice = Notice {
        kind: &HACKATHON_PHASE,
        user_id: application.user_id.into(),
        object_id: id,
        occurrence: &format!("{} {begins}", phase.as_str()),
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
