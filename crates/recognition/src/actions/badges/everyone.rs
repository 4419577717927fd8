//! The evaluation of everyone, in batches, after a badge was created or changed and at set times.

use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use platform::{
    Context,
    db::{DbError, Tx},
    jobs::{self, Progress},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    LOCK,
    evaluate::{AwardCounts, Outcome, evaluate, rules},
};
use crate::{
    Programmes,
    model::{BADGE_CHANGED, Champion, Reached, Share},
    rules::badges::{Criteria, LatestAward, decide_reached},
    store::{
        awards,
        evaluations::{self, EvaluationRow},
    },
};

/// The number of people per transaction, so that the writer is free in between.
const BATCH: i64 = 250;

/// Requests an evaluation of everyone, which [`evaluate_next`] does.
///
/// # Errors
/// When the database fails.
pub async fn evaluate_everyone(context: &Context) -> Result<(), DbError> {
    let mut tx = context.begin().await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(BADGE_CHANGED, [Uuid::nil()], ids, now).await?;
    tx.commit().await
}

/// Evaluates the next batch of people, if an evaluation of everyone is due. A badge that is changed meanwhile has it
/// begin again. A process that stops leaves the rest to the next one.
///
/// # Errors
/// When the database fails.
pub async fn evaluate_next(context: &Context, programmes: Programmes) -> Result<Progress, DbError> {
    let Some((mut tx, wake_ups)) = jobs::claimed(context, BADGE_CHANGED).await? else {
        return Ok(Progress::Idle);
    };
    let Some(last) = wake_ups.last() else {
        return Ok(Progress::Idle);
    };
    let evaluation = begun(&tx, context, last.id).await?;
    let after = evaluation.after_id.map(Into::into);
    let people = identity::reads::totals(&tx, after, BATCH).await?;
    let people: Vec<UserId> = people.into_iter().map(|person| person.user_id).collect();
    let Some(last) = people.last() else {
        tx.commit().await?;
        return complete(context, programmes, &evaluation, &wake_ups).await;
    };
    let AwardCounts { awarded, revoked } = evaluate(&mut tx, context, programmes, &people).await?;
    let counts = (people.len() as i64, awarded as i64, revoked as i64);
    evaluations::advance(&tx, evaluation.id, *last, counts).await?;
    tx.commit().await?;
    Ok(Progress::Full)
}

/// Returns the evaluation that a wake-up caused, or begins it.
async fn begun(tx: &Tx, context: &Context, cause: Uuid) -> Result<EvaluationRow, DbError> {
    if let Some(evaluation) = evaluations::of_cause(tx, cause).await? {
        return Ok(evaluation);
    }
    let before = evaluations::last(tx).await?;
    let people = before.map_or(0, |before| before.people.max(before.evaluated));
    let id = context.ids.next();
    evaluations::begin(tx, id, cause, people, context.now()).await
}

/// Awards the badges that compare people, and ends the evaluation.
async fn complete(
    context: &Context,
    programmes: Programmes,
    evaluation: &EvaluationRow,
    wake_ups: &[jobs::WakeUp],
) -> Result<Progress, DbError> {
    // Outside the transaction, because it reads the merges of everyone.
    let mut champions = BTreeMap::new();
    for share in shares(context).await? {
        let mut found = Vec::new();
        for programme in programmes.iter() {
            found.extend(programme.champions(context, share).await?);
        }
        champions.insert(share, found);
    }
    let mut tx = context.begin().await?;
    tx.serialize(BADGE_CHANGED).await?;
    tx.serialize(LOCK).await?;
    let outcome = earned(&tx, &champions).await?;
    let changes = outcome.write(&mut tx, context).await?;
    let (awarded, now) = (changes.awarded as i64, context.now());
    evaluations::complete(&tx, evaluation.id, awarded, now).await?;
    jobs::forget(&tx, wake_ups).await?;
    tx.commit().await?;
    Ok(Progress::Worked)
}

/// Returns the shares that badges require.
async fn shares(context: &Context) -> Result<Vec<Share>, DbError> {
    let rules = rules(&context.db).await?;
    let share = |(_, criteria)| match criteria {
        Criteria::ProjectChampion(share) => Some(share),
        _ => None,
    };
    Ok(rules.into_iter().filter_map(share).collect())
}

/// Returns the badges of champions that differ from those that they have.
async fn earned(tx: &Tx, champions: &BTreeMap<Share, Vec<Champion>>) -> Result<Outcome, DbError> {
    let mut outcome = Outcome::default();
    let people = champions.values().flatten().map(|champion| champion.user_id);
    let people: BTreeSet<UserId> = people.collect();
    let latest = awards::latest(tx, people).await?;
    for (badge, criteria) in rules(tx).await? {
        let Criteria::ProjectChampion(share) = criteria else {
            continue;
        };
        let found = champions.get(&share).into_iter().flatten();
        for (person, champion) in first_of_each(found) {
            let award = latest.get(&(person, badge));
            let decision = decide_reached(award.map(LatestAward::of), reached(champion));
            outcome.apply(person, badge, award, decision);
        }
    }
    Ok(outcome)
}

/// Returns the first project of each champion.
fn first_of_each<'a>(
    champions: impl Iterator<Item = &'a Champion>,
) -> BTreeMap<UserId, &'a Champion> {
    let mut first = BTreeMap::<UserId, &Champion>::new();
    for champion in champions {
        let known = first.entry(champion.user_id).or_insert(champion);
        if (champion.at, &champion.project) < (known.at, &known.project) {
            *known = champion;
        }
    }
    first
}

fn reached(champion: &Champion) -> Reached {
    let Champion { project, own, total, .. } = champion;
    Reached { at: champion.at, evidence: json!({ "project": project, "own": own, "total": total }) }
}
