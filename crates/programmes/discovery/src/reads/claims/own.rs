use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use crate::model::ClaimStatus;

/// A claim, as its person sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnClaim {
    pub id: Uuid,
    pub opportunity_id: Uuid,
    pub user_id: Uuid,
    pub status: ClaimStatus,
    /// When the person claimed the issue.
    pub queued_at: Timestamp,
    /// When they began to work on it.
    pub claimed_at: Option<Timestamp>,
    /// When the claim ends.
    pub expires_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Why it ended, in words.
    pub end_reason: Option<String>,
    /// The pull request that completed it: `owner/name#number`.
    pub pull_request: Option<String>,
    /// `merged` or `closed`.
    pub outcome: Option<String>,
    /// True if a pull request extended it.
    pub extended: bool,
    hours: Option<i64>,
    /// How difficult it was, 1 to 5.
    pub difficulty: Option<i64>,
    /// How much the person learned, 1 to 5.
    pub learning: Option<i64>,
    pub title: String,
    pub number: i64,
    repository_id: Uuid,
    /// The people before them in the queue, and themselves.
    place: i64,
    /// The repository's name.
    #[sea_orm(skip)]
    pub repository: String,
}

impl OwnClaim {
    /// Returns the place in the queue, from 1.
    #[must_use]
    pub fn place(&self) -> Option<i64> {
        (self.status == ClaimStatus::Queued).then_some(self.place)
    }

    /// Returns the hours that it took.
    #[must_use]
    pub fn hours(&self) -> Option<f64> {
        self.hours.map(|hours| hours as f64 / 1_000.0)
    }

    /// Returns whether the person can state its outcome.
    #[must_use]
    pub fn can_be_rated(&self) -> bool {
        !self.status.is_open() && self.claimed_at.is_some()
    }

    /// Returns the place in the person's list of claims.
    #[must_use]
    pub fn cursor(&self) -> String {
        format!("{}.{}", rank(self.status), self.id)
    }
}

/// The order of states in a person's list, as [`RANK`] has it.
const fn rank(status: ClaimStatus) -> i64 {
    match status {
        ClaimStatus::Active => 0,
        ClaimStatus::Queued => 1,
        _ => 2,
    }
}

const RANK: &str = "CASE c.status WHEN 'active' THEN 0 WHEN 'queued' THEN 1 ELSE 2 END";

const OWN: &str = "SELECT c.id, c.opportunity_id, c.user_id, c.status, c.queued_at, c.claimed_at, c.expires_at, c.ended_at, \
     c.end_reason, c.pull_request, c.outcome, c.extended, c.hours, c.difficulty, c.learning, o.title, o.number, \
     o.repository_id, (SELECT count(*) FROM opportunity_claims q WHERE q.opportunity_id = c.opportunity_id \
     AND q.status = 'queued' AND (q.queued_at, q.id) <= (c.queued_at, c.id)) AS place \
     FROM opportunity_claims c JOIN opportunities o ON o.id = c.opportunity_id";

async fn named(db: &impl Sql, mut found: Vec<OwnClaim>) -> Result<Vec<OwnClaim>, DbError> {
    let names = repository_names(db, found.iter().map(|claim| claim.repository_id)).await?;
    for claim in &mut found {
        match names.get(&claim.repository_id) {
            Some(name) => claim.repository.clone_from(name),
            None => {
                PRIVATE.clone_into(&mut claim.repository);
                HIDDEN.clone_into(&mut claim.title);
            }
        }
    }
    Ok(found)
}

/// The name of a repository that became private.
const PRIVATE: &str = "a private repository";

/// The title of its issues.
const HIDDEN: &str = "Hidden issue";

/// Returns the names of public repositories by ID. Without IDs, it runs no query.
pub(super) async fn repository_names(
    db: &impl Sql,
    of: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, String>, DbError> {
    let of: BTreeSet<Uuid> = of.collect();
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let named = github::reads::named(db, of.into_iter().map(Into::into)).await?;
    let public = named.into_iter().filter(|own| !own.is_private);
    Ok(public.map(|own| (own.id, own.full_name)).collect())
}

/// Returns a claim of a person.
///
/// # Errors
/// When the database fails.
pub async fn own_claim(
    db: &impl Sql,
    person: UserId,
    id: Uuid,
) -> Result<Option<OwnClaim>, DbError> {
    let sql = format!("{OWN} WHERE c.id = $1 AND c.user_id = $2");
    let found = db.all(db.statement(&sql, [id.into(), person.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// Lists at most `limit` claims of a person after a place: active ones first, then queues, then those that ended, each latest
/// first.
///
/// # Errors
/// When the database fails.
pub async fn own_claims(
    db: &impl Sql,
    person: UserId,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<OwnClaim>, DbError> {
    let mut query = db.query();
    let person = query.bind(person);
    let after = match after {
        None => String::new(),
        Some((rank, id)) => {
            let (rank, id) = (query.bind(rank), query.bind(id));
            format!("AND ({RANK} > {rank} OR ({RANK} = {rank} AND c.id < {id}))")
        }
    };
    let limit = query.bind(limit);
    let sql = format!(
        "{OWN} WHERE c.user_id = {person} {after} ORDER BY {RANK}, c.id DESC LIMIT {limit}"
    );
    named(db, db.all(query.statement(sql)).await?).await
}

/// Lists at most `limit` active and completed claims of a person in public repositories: active ones first, each latest first.
///
/// # Errors
/// When the database fails.
pub async fn public_claims(
    db: &impl Sql,
    person: UserId,
    limit: i64,
) -> Result<Vec<OwnClaim>, DbError> {
    let sql = format!(
        "{OWN} WHERE c.user_id = $1 AND c.status IN ('active', 'completed') \
         ORDER BY {RANK}, c.ended_at DESC, c.id DESC LIMIT $2"
    );
    let found = db.all(db.statement(&sql, [person.into(), limit.into()])).await?;
    let mut found = named(db, found).await?;
    found.retain(|claim| claim.repository != PRIVATE);
    Ok(found)
}

pub(crate) async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("issue", Kind::Text),
        ("number", Kind::Int),
        ("status", Kind::Text),
        ("queued_at", Kind::At),
        ("claimed_at", Kind::At),
        ("expires_at", Kind::At),
        ("ended_at", Kind::At),
        ("end_reason", Kind::Text),
        ("pull_request", Kind::Text),
        ("outcome", Kind::Text),
        ("hours_in_thousandths", Kind::Int),
        ("difficulty", Kind::Int),
        ("learning", Kind::Int),
    ];
    let sql = "SELECT o.title AS issue, o.number, c.status, c.queued_at, c.claimed_at, c.expires_at, c.ended_at, \
               c.end_reason, c.pull_request, c.outcome, c.hours AS hours_in_thousandths, c.difficulty, c.learning \
               FROM opportunity_claims c JOIN opportunities o ON o.id = c.opportunity_id \
               WHERE c.user_id = $1 ORDER BY c.id";
    own_rows(db, person.0, &columns, sql).await
}
