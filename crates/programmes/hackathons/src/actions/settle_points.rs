use std::sync::Arc;

use kernel::Month;
use platform::{
    Context,
    db::{DbError, Sql, Tx},
};
use recognition::{
    LEDGER_ENTRIES,
    model::{
        BADGES_DUE, Boards, Entitlement, EntryKind, GLOBAL, Mismatch, Resettled, SettlementMode,
        Source, month_board,
    },
    rules::EntitlementKey,
};
use serde_json::json;

use crate::{
    model::{HackathonId, POINT_SOURCE, PointReason, SubmissionId},
    reads::{self, ResultView},
    rules::points::PointValues,
    store::results::{self, NewResult},
};

/// Stores the results of the active members of judged submissions, and posts their points. The caller holds the lock of the
/// hackathon. Returns the number of judged submissions.
pub(super) async fn store_results(
    tx: &mut Tx,
    context: &Context,
    hackathon: HackathonId,
) -> Result<usize, DbError> {
    let judged = reads::judged_people(tx, hackathon).await?;
    let people = judged.iter().map(|it| it.person);
    let identities = identity::reads::first_identities(tx, people).await?;
    let new = judged.iter().map(|it| NewResult {
        id: context.ids.next(),
        submission: it.submission,
        person: it.person,
        identity: identities.get(&it.person).copied(),
        is_late: it.is_late,
        outcome: it.outcome,
    });
    let new: Vec<NewResult> = new.collect();
    results::insert(tx, hackathon, &new, context.now()).await?;
    settle(tx, context, hackathon).await?;
    let people = judged.iter().map(|it| it.person.0);
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(BADGES_DUE, people, ids, now).await?;
    let mut submissions: Vec<SubmissionId> = judged.iter().map(|it| it.submission).collect();
    submissions.dedup();
    Ok(submissions.len())
}

/// Settles the points again after the submission was disqualified or takes part again, and evaluates the badges of its people.
pub(super) async fn settle_ruled(
    tx: &mut Tx,
    context: &Context,
    hackathon: HackathonId,
    submission: SubmissionId,
) -> Result<(), DbError> {
    settle(tx, context, hackathon).await?;
    let results = reads::results(tx, hackathon).await?;
    let own = results.iter().filter(|result| result.submission_id == submission.0);
    let people: Vec<_> = own.map(|result| result.person().0).collect();
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(BADGES_DUE, people, ids, now).await
}

/// Posts the points of a hackathon by its results. The caller holds the lock of the hackathon. Returns the number of entries.
pub(super) async fn settle(
    tx: &Tx,
    context: &Context,
    hackathon: HackathonId,
) -> Result<usize, DbError> {
    let (scope, wanted) = owed(tx, hackathon).await?;
    let reconciled = recognition::actions::reconcile(tx, context, &scope, wanted).await?;
    LEDGER_ENTRIES.add(&[], reconciled.entries as u64);
    Ok(reconciled.entries)
}

/// Returns the keys of a hackathon in the ledger, and what its people are entitled to.
async fn owed(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<(Vec<EntitlementKey>, Vec<Entitlement>), DbError> {
    let results = reads::results(db, hackathon).await?;
    let approved = reads::approved_points(db, [hackathon]).await?;
    let scope = results.iter().flat_map(keys).collect();
    let Some(values) = approved.first().map(reads::ApprovedPoints::values) else {
        return Ok((scope, Vec::new()));
    };
    // An account that was linked after the results earns the points of a person who had none.
    let without = results.iter().filter(|result| result.identity().is_none());
    let without = without.map(ResultView::person);
    let linked = identity::reads::first_identities(db, without).await?;
    let wanted = results.iter().filter_map(|result| {
        let known = linked.get(&result.person()).copied();
        let identity = result.identity().or(known)?;
        Some(entitlements(&values, result, identity))
    });
    Ok((scope, wanted.flatten().collect()))
}

fn source(result: &ResultView) -> Source {
    Source { kind: POINT_SOURCE, id: result.id }
}

fn keys(result: &ResultView) -> impl Iterator<Item = EntitlementKey> {
    let source = source(result);
    let reasons = PointReason::ALL.iter();
    reasons.map(move |reason| (source, reason.as_str()))
}

/// Returns what a result entitles a person to.
fn entitlements(
    values: &PointValues,
    result: &ResultView,
    identity_id: identity::model::IdentityId,
) -> Vec<Entitlement> {
    let at = result.created_at;
    let boards: Boards = Arc::from([GLOBAL.to_owned(), month_board(Month::of(at))]);
    let awards = values.awards(result.outcome(), result.is_disqualified());
    let entitled = awards.into_iter().map(|(reason, points)| Entitlement {
        user_id: result.person(),
        identity_id,
        source: source(result),
        reason: reason.as_str(),
        kind: match reason {
            PointReason::Submission => EntryKind::Award,
            PointReason::Finalist | PointReason::Winner => EntryKind::Bonus,
        },
        points,
        occurred_at: at,
        boards: boards.clone(),
        explanation: json!({
            "reason": reason.as_str(), "points": points, "is_late": result.is_late,
            "outcome": result.outcome().map(crate::model::JuryOutcome::as_str),
        })
        .to_string(),
    });
    entitled.collect()
}

/// Settles every hackathon with results again, in one transaction each, or checks whether that would post anything, and changes
/// nothing. Calls `progress` with the number of hackathons that are done.
///
/// # Errors
/// When the database fails.
pub async fn resettle(
    context: &Context,
    mode: SettlementMode,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Resettled, DbError> {
    let hackathons = reads::with_results(&context.db).await?;
    let (mut done, mut entries) = (0, 0);
    for hackathon in hackathons {
        entries += match mode {
            SettlementMode::Post => post_again(context, hackathon).await?,
            SettlementMode::Check => {
                let db = context.db.snapshot().await?;
                let (scope, wanted) = owed(&db, hackathon).await?;
                recognition::actions::unposted(&db, &scope, wanted).await?
            }
        };
        done += 1;
        progress(done);
    }
    Ok(Resettled { summary: kernel::counted(done, "hackathon", "hackathons"), entries })
}

async fn post_again(context: &Context, hackathon: HackathonId) -> Result<usize, DbError> {
    let tx = context.begin().await?;
    tx.lock_rows("hackathons", [hackathon.0]).await?;
    let entries = settle(&tx, context, hackathon).await?;
    tx.commit().await?;
    Ok(entries)
}

/// Compares the ledger with the results: entries that settling again would post, and those of an unknown result.
///
/// # Errors
/// When the database fails.
pub async fn mismatches(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let mut found = strays(context).await?;
    let settled = resettle(context, SettlementMode::Check, &mut |_| {}).await?;
    found.extend(settled.mismatch());
    Ok(found)
}

/// Finds entries of results that do not exist.
async fn strays(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let db = context.db.snapshot().await?;
    let (first, last) = (uuid::Uuid::nil(), uuid::Uuid::max());
    let sums = recognition::reads::sums(&db, POINT_SOURCE, first, last).await?;
    let known = reads::point_sources(&db, sums.keys().copied()).await?;
    let strays = sums.into_iter().filter(|(id, points)| *points != 0 && !known.contains_key(id));
    let mismatch = |(_, points): (uuid::Uuid, i64)| Mismatch {
        what: "points in the ledger without a result of a hackathon".to_owned(),
        which: String::new(),
        stored: points.to_string(),
        counted: "0".to_owned(),
    };
    let found = strays.map(mismatch).take(recognition::reads::MISMATCHES);
    Ok(found.collect())
}
