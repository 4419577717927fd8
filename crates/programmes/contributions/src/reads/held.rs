//! Everything that is held against a person, with its reasons.

use github::reads::PullRequest;
use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Kind, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{disputes::disputes_about, slugs_of};
use crate::{
    model::{DisputeKind, DisputeState, FlagEffect, FlagState, ProjectId, SOURCE, SanctionKind},
    rules::{
        Explanation,
        disputes::window_ends,
        fair_play::{FindingKind, GamingSign},
    },
};

/// The possibility to contest something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contest {
    /// The last instant at which it can be contested.
    pub until: Timestamp,
    /// The number and the state of the person's dispute.
    pub dispute: Option<(i64, DisputeState)>,
}

impl Contest {
    fn of(since: Timestamp, dispute: Option<&(i64, DisputeState)>) -> Self {
        Self { until: window_ends(since), dispute: dispute.copied() }
    }

    /// Returns whether it can be contested at an instant.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.dispute.is_none() && now <= self.until
    }
}

/// A confirmed flag that concerns a person.
#[derive(Clone, Debug)]
pub struct HeldFlag {
    /// The number, as in F-12.
    pub number: i64,
    pub kind: FindingKind,
    pub effect: Option<FlagEffect>,
    pub signs: Vec<GamingSign>,
    pub reason: String,
    pub decided_at: Timestamp,
    pub contest: Contest,
}

/// A warning or disqualification of a person.
#[derive(Clone, Debug)]
pub struct HeldSanction {
    pub id: Uuid,
    pub kind: SanctionKind,
    pub season: String,
    pub slug: String,
    pub reason: String,
    pub decided_at: Timestamp,
    pub contest: Contest,
}

/// The current ban of a person.
#[derive(Clone, Debug)]
pub struct HeldBan {
    pub id: Uuid,
    pub reason: String,
    pub decided_at: Timestamp,
    /// When it ends; absent if it lasts until it is lifted.
    pub ends_at: Option<Timestamp>,
    pub contest: Contest,
}

/// A pull request of a person that earns nothing, or loses points.
#[derive(Clone, Debug)]
pub struct HeldPull {
    pub pull: PullRequest,
    pub project: String,
    pub points: Points,
    pub reasons: Vec<String>,
    /// The number of the confirmed flag that is the only reason; absent if there are others.
    pub flag: Option<i64>,
    pub contest: Contest,
}

/// The most flags, and the most sanctions, that are listed.
const MOST: i64 = 100;

/// Lists the confirmed flags that concern a person, newest first, at most 100. Those that a dispute undid are left out.
pub async fn held_flags(db: &impl Sql, person: UserId) -> Result<Vec<HeldFlag>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        number: i64,
        kind: FindingKind,
        effect: Option<FlagEffect>,
        signs: String,
        reason: Option<String>,
        decided_at: Timestamp,
    }
    let sql = "SELECT f.id, f.number, f.kind, f.effect, f.signs, f.reason, f.decided_at \
               FROM fair_play_subjects s JOIN fair_play_flags f ON f.id = s.flag_id \
               WHERE s.subject_id = $1 AND s.kind = 'person' AND f.state = $2 \
               AND f.decided_at IS NOT NULL ORDER BY f.decided_at DESC, f.number DESC LIMIT $3";
    let state = FlagState::Confirmed.as_str();
    let values = [person.into(), state.into(), MOST.into()];
    let rows: Vec<Row> = db.all(db.statement(sql, values)).await?;
    let ids = rows.iter().map(|row| row.id);
    let disputes = disputes_about(db, person, DisputeKind::Flag, ids).await?;
    let held = |row: Row| {
        let dispute = disputes.get(&row.id);
        if dispute.is_some_and(|(_, state)| *state == DisputeState::Granted) {
            return None;
        }
        Some(HeldFlag {
            number: row.number,
            kind: row.kind,
            effect: row.effect,
            signs: serde_json::from_str(&row.signs).unwrap_or_default(),
            reason: row.reason.unwrap_or_default(),
            decided_at: row.decided_at,
            contest: Contest::of(row.decided_at, dispute),
        })
    };
    Ok(rows.into_iter().filter_map(held).collect())
}

/// Lists the sanctions of a person that are not lifted, newest first, at most 100.
pub async fn held_sanctions(db: &impl Sql, person: UserId) -> Result<Vec<HeldSanction>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        kind: SanctionKind,
        name: String,
        slug: String,
        reason: String,
        created_at: Timestamp,
    }
    let sql = "SELECT x.id, x.kind, s.name, s.slug, x.reason, x.created_at FROM sanctions x \
               JOIN seasons s ON s.id = x.season_id WHERE x.user_id = $1 AND x.lifted_at IS NULL \
               ORDER BY x.created_at DESC, x.id DESC LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [person.into(), MOST.into()])).await?;
    let ids = rows.iter().map(|row| row.id);
    let disputes = disputes_about(db, person, DisputeKind::Sanction, ids).await?;
    let held = |row: Row| HeldSanction {
        kind: row.kind,
        contest: Contest::of(row.created_at, disputes.get(&row.id)),
        id: row.id,
        season: row.name,
        slug: row.slug,
        reason: row.reason,
        decided_at: row.created_at,
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Returns the current ban of a person.
pub async fn held_ban(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<HeldBan>, DbError> {
    let Some(ban) = identity::reads::current_ban(db, person, now).await? else {
        return Ok(None);
    };
    let disputes = disputes_about(db, person, DisputeKind::Ban, [ban.id]).await?;
    Ok(Some(HeldBan {
        contest: Contest::of(ban.created_at, disputes.get(&ban.id)),
        id: ban.id,
        reason: ban.reason,
        decided_at: ban.created_at,
        ends_at: ban.ends_at,
    }))
}

/// A contribution without points, as [`held_pulls`] selects it.
#[derive(Clone, Debug, serde::Deserialize)]
struct UnscoredContribution(
    Uuid,
    ProjectId,
    Points,
    Timestamp,
    Option<Timestamp>,
    Option<Timestamp>,
    Option<String>,
    Option<String>,
);

impl UnscoredContribution {
    /// Reads the explanations with a reason that is held against the author.
    fn held(&self) -> Vec<Explanation> {
        let stored = [&self.6, &self.7].into_iter().flatten();
        let read = stored.filter_map(|stored| Explanation::read(stored).ok());
        read.filter(|part| !part.held().is_empty()).collect()
    }

    fn since(&self, posted: Option<&Timestamp>) -> Timestamp {
        let ended = [self.4, self.5, posted.copied()].into_iter().flatten();
        ended.fold(self.3, Timestamp::max)
    }
}

fn reasons(held: &[Explanation]) -> Vec<String> {
    let mut reasons = Vec::new();
    for reason in held.iter().flat_map(Explanation::held) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// Returns the number of the confirmed flag that is the only reason.
fn only_flag(held: &[Explanation]) -> Option<i64> {
    let number = held.first()?.held_by_flag()?;
    held.iter().all(|part| part.held_by_flag() == Some(number)).then_some(number)
}

/// A page of pull requests.
#[derive(Clone, Debug, Default)]
pub struct HeldPulls {
    /// The pull requests; there may be fewer than `limit` although there is a next page.
    pub items: Vec<HeldPull>,
    /// The position of the next page.
    pub next: Option<(Timestamp, Uuid)>,
}

/// Lists the pull requests of a person that earn nothing by a reason that is held against them, opened before a position
/// (exclusive), newest first. Drafts, and pull requests that are not settled, are left out.
pub async fn held_pulls(
    db: &impl Sql,
    person: UserId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<HeldPulls, DbError> {
    let mut rows = without_points(db, person, before, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| (row.3, row.0));
    let rows = rows.into_iter().map(|row| (row.held(), row));
    let rows: Vec<_> = rows.filter(|(held, _)| !held.is_empty()).collect();
    let ids = || rows.iter().map(|(_, row)| row.0);
    let mut pulls = github::reads::pull_requests(db, ids().map(Into::into)).await?;
    let posted = recognition::reads::last_posted(db, SOURCE, ids()).await?;
    let disputes = disputes_about(db, person, DisputeKind::Score, ids()).await?;
    let slugs = slugs_of(db, rows.iter().map(|(_, row)| row.1)).await?;
    let shown = |(held, row): &(Vec<Explanation>, UnscoredContribution)| {
        let since = row.since(posted.get(&row.0));
        Some(HeldPull {
            pull: pulls.remove(&row.0)?,
            project: slugs.get(&row.1).cloned().unwrap_or_default(),
            points: row.2,
            reasons: reasons(held),
            flag: only_flag(held),
            contest: Contest::of(since, disputes.get(&row.0)),
        })
    };
    Ok(HeldPulls { items: rows.iter().filter_map(shown).collect(), next })
}

/// Reads the contributions of a person without points.
async fn without_points(
    db: &impl Sql,
    person: UserId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<UnscoredContribution>, DbError> {
    let columns = [
        ("pull_request_id", Kind::Uuid),
        ("project_id", Kind::Uuid),
        ("score", Kind::Int),
        ("opened_at", Kind::At),
        ("merged_at", Kind::At),
        ("closed_at", Kind::At),
        ("opening_explanation", Kind::Text),
        ("merge_explanation", Kind::Text),
    ];
    let mut query = db.query();
    let (person, limit) = (query.bind(person), query.bind(limit));
    let earlier = before.map_or(String::new(), |(at, id)| {
        let (at, id) = (query.bind(at), query.bind(id));
        format!("AND (opened_at, pull_request_id) < ({at}, {id})")
    });
    let names = columns.map(|(name, _)| name).join(", ");
    let sql = format!(
        "SELECT {names} FROM contributions WHERE author_id = {person} AND score <= 0 \
         AND opening_explanation IS NOT NULL {earlier} \
         ORDER BY opened_at DESC, pull_request_id DESC LIMIT {limit}"
    );
    db.documents(query.documents(&columns, &sql)).await
}

/// Returns the possibility of a person to contest the points of their pull request; `None` if it belongs to no project.
pub async fn contest_of_pull(
    db: &impl Sql,
    person: UserId,
    pull: Uuid,
) -> Result<Option<Contest>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        opened_at: Timestamp,
        merged_at: Option<Timestamp>,
        closed_at: Option<Timestamp>,
        number: Option<i64>,
        state: Option<DisputeState>,
        appeal_state: Option<DisputeState>,
    }
    let sql = "SELECT c.opened_at, c.merged_at, c.closed_at, d.number, d.state, a.state AS appeal_state \
               FROM contributions c LEFT JOIN disputes d ON d.target_id = c.pull_request_id \
               AND d.kind = $1 AND d.opened_by_id = $2 LEFT JOIN appeals a ON a.dispute_id = d.id \
               WHERE c.pull_request_id = $3";
    let kind = DisputeKind::Score.as_str();
    let values = [kind.into(), person.into(), pull.into()];
    let row: Option<Row> = db.one(db.statement(sql, values)).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let posted = recognition::reads::last_posted(db, SOURCE, [pull]).await?;
    let ended = [row.merged_at, row.closed_at, posted.get(&pull).copied()];
    let since = ended.into_iter().flatten();
    let dispute = row.number.zip(row.appeal_state.or(row.state));
    let since = since.fold(row.opened_at, Timestamp::max);
    Ok(Some(Contest::of(since, dispute.as_ref())))
}
