use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, changeable};
use crate::{
    access,
    model::SubmissionId,
    reads::{self, SubmissionPart, SubmissionView},
    rules::expo::{has_demo, is_free, numbered, place},
    store::submissions,
};

/// The maximum number of submissions that are numbered.
const MOST: i64 = 10_000;

/// Gives a submission a table or a link for the demos, or takes it. Returns the submission.
///
/// # Errors
/// When nothing was submitted or it is withdrawn, the place is not valid, another submission has the table, or the hackathon is over.
pub async fn set_place(
    context: &Context,
    actor: Actor,
    slug: &str,
    id: SubmissionId,
    typed: &str,
) -> Result<SubmissionView, ActionError> {
    let place = place(typed)?;
    let tx = context.begin().await?;
    // The lock of the hackathon keeps two submissions from one table.
    let hackathon = changeable(&tx, context, slug).await?;
    let found = reads::submission(&tx, id).await?;
    let own = found.filter(|it| it.hackathon_id == hackathon.id && it.version > 0);
    let before = own.ok_or_else(access::unknown_submission)?;
    if before.place == place {
        return Ok(before);
    }
    has_demo(&place, before.facts().is_withdrawn)?;
    let placed = reads::placed_submissions(&tx, hackathon.key()).await?;
    let others = placed.into_iter().filter(|it| it.id != id.0);
    let taken: Vec<_> = others.map(|it| (it.place, it.title)).collect();
    is_free(&place, &taken)?;
    tx.lock_rows("submissions", [id.0]).await?;
    submissions::set_place(&tx, id, &place).await?;
    let after = json!({ "submission": id.0, "place": place });
    audit::record(&tx, context, act_on(&hackathon, actor, "submission.place", Some(after))).await?;
    let placed = reads::submission(&tx, id).await?;
    tx.commit().await?;
    Ok(placed.ok_or_else(access::unknown_submission)?)
}

/// Gives each judged submission without a place a numbered table: those of one track beside each other, then in the order in which
/// teams began. Those with a place keep it, so it can be repeated. Returns their number.
///
/// # Errors
/// When the hackathon is over.
pub async fn number_tables(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<usize, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let id = hackathon.key();
    let tracks = reads::tracks(&tx, id).await?;
    let first = |it: &SubmissionView| {
        let own = it.tracks().first().copied().unwrap_or_default();
        tracks.iter().position(|track| track.slug == own)
    };
    let judged = reads::submissions(&tx, id, SubmissionPart::Judged, None, MOST).await?;
    let mut without: Vec<_> = judged.iter().filter(|it| it.place.is_empty()).collect();
    // Submissions without a track come last.
    without.sort_by_key(|it| (first(it).unwrap_or(usize::MAX), it.id));
    let without: Vec<SubmissionId> = without.into_iter().map(SubmissionView::key).collect();
    let taken = reads::placed_submissions(&tx, id).await?.into_iter();
    let taken: Vec<String> = taken.map(|it| it.place).collect();
    tx.lock_rows("submissions", without.iter().map(|it| it.0)).await?;
    let placed = numbered(&without, &taken);
    for (submission, table) in &placed {
        submissions::set_place(&tx, *submission, table).await?;
    }
    if !placed.is_empty() {
        let after = json!({ "submissions": placed.len() });
        let act = act_on(&hackathon, actor, "submission.number_tables", Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(placed.len())
}
