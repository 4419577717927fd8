use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Sql, Tx},
    jobs::{self, Progress},
};
use uuid::Uuid;

use super::LOCK;
use crate::{
    Facts, Programmes,
    model::{
        Achievement, AwardRow, AwardedBy, BADGE_AWARDED, BADGES_DUE, BADGES_FOUND, BadgeId,
        BadgeRow, Reached,
    },
    rules::badges::{Achieved, Criteria, Decision, LatestAward, decide},
    store::{
        awards::{self, Revoking},
        badges,
    },
    telemetry::BADGES_AWARDED,
};

/// The reason for revoking a badge that was earned with spam.
const SPAM: &str = "The contributions that earned it were spam or disqualified.";

/// The age after which an award is not news, so that imports, replays and new badges send no emails.
const NEWS: TimeDelta = TimeDelta::days(2);

/// Evaluates the badges of people for whom something changed, in one transaction per batch.
///
/// # Errors
/// When the database fails.
pub async fn evaluate_due(context: &Context, programmes: Programmes) -> Result<Progress, DbError> {
    let Some((mut tx, wake_ups)) = jobs::claimed(context, BADGES_DUE).await? else {
        return Ok(Progress::Idle);
    };
    let people: BTreeSet<UserId> = wake_ups.iter().map(|it| it.object_id.into()).collect();
    let people: Vec<UserId> = people.into_iter().collect();
    let changes = evaluate(&mut tx, context, programmes, &people).await?;
    BADGES_AWARDED.add(&[], changes.awarded as u64);
    jobs::worked(tx, &wake_ups).await
}

/// The number of badges that an evaluation awarded and revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AwardCounts {
    pub(super) awarded: usize,
    pub(super) revoked: usize,
}

/// Evaluates all badges that a person can earn by themselves, in the transaction of a text that names them.
///
/// # Errors
/// When the database fails.
pub async fn evaluate_person(
    tx: &mut Tx,
    context: &Context,
    programmes: Programmes,
    person: UserId,
) -> Result<(), DbError> {
    let changes = evaluate(tx, context, programmes, &[person]).await?;
    BADGES_AWARDED.add(&[], changes.awarded as u64);
    Ok(())
}

/// Evaluates all badges of people that they can earn by themselves. Running it again changes nothing.
pub(super) async fn evaluate(
    tx: &mut Tx,
    context: &Context,
    programmes: Programmes,
    people: &[UserId],
) -> Result<AwardCounts, DbError> {
    tx.serialize(LOCK).await?;
    let rules = rules(tx).await?;
    let achievements = programmes.achievements(Facts::Within(tx), people).await?;
    let latest = awards::latest(tx, people.iter().copied()).await?;
    let mut outcome = Outcome::default();
    let mut achieved = by_person(achievements);
    for person in people {
        let achieved = Achieved::of(achieved.remove(person).unwrap_or_default());
        for (badge, criteria) in &rules {
            let award = latest.get(&(*person, *badge));
            let decision = decide(criteria, award.map(LatestAward::of), &achieved);
            outcome.apply(*person, *badge, award, decision);
        }
    }
    outcome.write(tx, context).await
}

/// Returns the criteria of the badges that people can earn.
pub(super) async fn rules(db: &impl Sql) -> Result<Vec<(BadgeId, Criteria)>, DbError> {
    let current = badges::all(db).await?.into_iter();
    let current = current.filter(|badge| badge.retired_at.is_none());
    let rule = |badge: BadgeRow| match Criteria::stored(&badge.criteria) {
        Ok(criteria) => Some((badge.id.into(), criteria)),
        Err(errors) => {
            let error = errors.first().map(ToString::to_string).unwrap_or_default();
            tracing::error!(badge = badge.slug, error, "cannot read the criteria of a badge");
            None
        }
    };
    Ok(current.filter_map(rule).collect())
}

fn by_person(achievements: Vec<Achievement>) -> HashMap<UserId, Vec<Achievement>> {
    let mut by_person: HashMap<UserId, Vec<Achievement>> = HashMap::new();
    for achievement in achievements {
        by_person.entry(achievement.user_id).or_default().push(achievement);
    }
    by_person
}

/// The changes by an evaluation.
#[derive(Default)]
pub(super) struct Outcome {
    awarded: Vec<awards::NewAward>,
    corrected: Vec<(Uuid, Reached)>,
    revoked: Vec<Uuid>,
}

impl Outcome {
    /// Adds what a decision about a badge of a person changes.
    pub(super) fn apply(
        &mut self,
        person: UserId,
        badge: BadgeId,
        award: Option<&AwardRow>,
        decision: Decision,
    ) {
        match (decision, award) {
            (Decision::Award(reached), _) => self.award(person, badge, &reached),
            (Decision::Correct(reached), Some(award)) => {
                let evidence = reached.evidence.to_string();
                let is_same = award.awarded_at == reached.at
                    && award.evidence.as_deref() == Some(evidence.as_str());
                if !is_same {
                    self.corrected.push((award.id, reached));
                }
            }
            (Decision::Revoke, Some(award)) => self.revoked.push(award.id),
            (Decision::Keep | Decision::Correct(_) | Decision::Revoke, _) => {}
        }
    }

    fn award(&mut self, person: UserId, badge: BadgeId, reached: &Reached) {
        self.awarded.push(awards::NewAward {
            badge_id: badge,
            user_id: person,
            awarded_by: AwardedBy::Rule,
            awarded_by_id: None,
            reason: None,
            at: reached.at,
            evidence: Some(reached.evidence.to_string()),
        });
    }

    /// Writes the changes, and has people notified: of recent awards and of revocations each, of older awards once.
    pub(super) async fn write(
        self,
        tx: &mut Tx,
        context: &Context,
    ) -> Result<AwardCounts, DbError> {
        let (ids, now) = (context.ids.as_ref(), context.now());
        let revoking = Revoking { by: AwardedBy::Rule, by_id: None, reason: SPAM };
        awards::revoke(tx, &self.revoked, revoking, now).await?;
        awards::correct(tx, self.corrected).await?;
        let awarded = awards::insert(tx, ids, self.awarded, now).await?;
        let changes = AwardCounts { awarded: awarded.len(), revoked: self.revoked.len() };
        let is_news = |at: Timestamp| now - at < NEWS;
        let news = awarded.iter().filter(|(_, _, at)| is_news(*at));
        let news = news.map(|(id, ..)| *id).chain(self.revoked);
        tx.wake(BADGE_AWARDED, news, ids, now).await?;
        let found = awarded.iter().filter(|(_, _, at)| !is_news(*at));
        let found: HashMap<UserId, Uuid> = found.map(|(id, person, _)| (*person, *id)).collect();
        let mut found: Vec<Uuid> = found.into_values().collect();
        found.sort_unstable();
        tx.wake(BADGES_FOUND, found, ids, now).await?;
        Ok(changes)
    }
}
