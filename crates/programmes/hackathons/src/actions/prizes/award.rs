use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use super::{act_on, award_of, locked, none_waits, prize_of, refused};
use crate::{
    access,
    actions::rule_submission::is_decidable,
    model::{HackathonId, PRIZE_CHANGED, PrizeAwardId, SubmissionId},
    reads::{self, HackathonView, PrizeAwardPart, PrizeAwardView, PrizeView, SubmissionView},
    rules::prizes::{MOST, MOST_PRIZES, PrizeCandidate, admit_award, admit_publication},
    store::prizes::{self, NewAward},
};

/// The highest number of awards of a hackathon.
const MOST_AWARDS: i64 = MOST_PRIZES as i64 * MOST;

/// Awards a prize to a submission. Only staff sees the award before the results; afterwards its people are notified at once.
/// Returns the award.
///
/// # Errors
/// When submissions are open, also only that of the team, or the hackathon is canceled, the prize or the submission is unknown, the submission does not count,
/// is not in the track of the prize or has it, or all of it are awarded.
pub async fn award_prize(
    context: &Context,
    actor: Actor,
    hackathon: &str,
    slug: &str,
    submission: SubmissionId,
) -> Result<PrizeAwardView, ActionError> {
    let mut tx = context.begin().await?;
    // Awards of a hackathon wait for each other, so that each counts those before it.
    let hackathon = locked(&tx, hackathon).await?;
    none_waits(&hackathon)?;
    let prize = prize_of(&tx, &hackathon, slug).await?;
    let found = reads::submission(&tx, submission).await?;
    let own = found.filter(|it| it.hackathon_id == hackathon.id && it.version > 0);
    let submission = own.ok_or_else(access::unknown_submission)?;
    let now = context.now();
    let candidate = candidate(&tx, context, &hackathon, &prize, &submission).await?;
    admit_award(&candidate)?;
    is_decidable(&tx, &hackathon, &submission, now).await?;
    let is_published = hackathon.steps().results_published_at.is_some();
    let id = PrizeAwardId::new(context.ids.next());
    let new = NewAward {
        id,
        hackathon: hackathon.key(),
        prize: prize.key(),
        submission: submission.key(),
        published_at: is_published.then_some(now),
        decided_by: actor.person(),
    };
    prizes::insert_award(&tx, new, now).await?;
    let after = json!({ "prize": prize.id, "award": id.0, "submission": submission.id });
    let act = act_on(&hackathon, actor, "prize.award", Some(after));
    audit::record(&tx, context, act).await?;
    if is_published {
        tx.wake(PRIZE_CHANGED, [id.0], context.ids.as_ref(), now).await?;
    }
    let awarded = award_of(&tx, &hackathon, id).await?;
    tx.commit().await?;
    Ok(awarded)
}

async fn candidate(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    prize: &PrizeView,
    submission: &SubmissionView,
) -> Result<PrizeCandidate, ActionError> {
    // After the results, a prize goes to the people who were stored with them.
    let has_people = match hackathon.steps().results_published_at {
        Some(_) => !reads::prize_recipients(tx, submission.key()).await?.is_empty(),
        None => true,
    };
    Ok(PrizeCandidate {
        phase: hackathon.phase(context.now()),
        is_judged: submission.facts().is_judged() && has_people,
        is_in_track: prize.is_for(submission),
        has_it: reads::has_prize(tx, prize.key(), submission.key()).await?,
        awarded: prize.awarded,
        count: prize.count,
    })
}

/// Takes an award back before the results, as if it had not been made. Returns it.
///
/// # Errors
/// When the award is unknown, or the results are published.
pub async fn take_back_prize(
    context: &Context,
    actor: Actor,
    hackathon: &str,
    id: PrizeAwardId,
) -> Result<PrizeAwardView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, hackathon).await?;
    none_waits(&hackathon)?;
    let award = award_of(&tx, &hackathon, id).await?;
    if award.published_at.is_some() {
        return Err(refused(format!(
            "The results of {} are published. Mark the prize as forfeited instead.",
            hackathon.title
        )));
    }
    prizes::delete_award(&tx, id).await?;
    let after = json!({ "award": id.0, "submission": award.submission_id });
    let act = act_on(&hackathon, actor, "prize.take_back", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(award)
}

/// Refuses to publish awards that could not be made any longer.
///
/// # Errors
/// When a submission with an award does not count, or is not in the track of its prize.
pub(in crate::actions) async fn admit_awards(
    tx: &Tx,
    hackathon: HackathonId,
) -> Result<(), ActionError> {
    for (prize, submission) in awarded(tx, hackathon, PrizeAwardPart::Open).await? {
        admit_publication(
            &prize.name,
            &submission.title,
            submission.facts().is_judged(),
            prize.is_for(&submission),
        )?;
    }
    Ok(())
}

/// Publishes the awards of a hackathon with its results, and wakes the worker that notifies the winners. The caller holds the lock
/// of the hackathon's row, and has checked the awards.
pub(in crate::actions) async fn publish_awards(
    tx: &mut Tx,
    context: &Context,
    hackathon: HackathonId,
) -> Result<(), ActionError> {
    let now = context.now();
    let published = prizes::publish(tx, hackathon, now).await?;
    tx.wake(PRIZE_CHANGED, published, context.ids.as_ref(), now).await?;
    Ok(())
}

/// Lists the prizes with the submissions to which they are awarded.
pub(super) async fn awarded(
    tx: &Tx,
    hackathon: HackathonId,
    part: PrizeAwardPart,
) -> Result<Vec<(PrizeView, SubmissionView)>, DbError> {
    let prizes = reads::prizes(tx, hackathon).await?;
    let awards = reads::prize_awards(tx, hackathon, part, None, MOST_AWARDS).await?;
    let mut found = Vec::new();
    for award in awards.iter().filter(|it| it.state.is_open()) {
        let prize = prizes.iter().find(|it| it.id == award.prize_id);
        let submission = reads::submission(tx, award.submission_id.into()).await?;
        found.extend(prize.cloned().zip(submission));
    }
    Ok(found)
}
