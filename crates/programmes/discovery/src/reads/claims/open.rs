//! Queries of the actions on claims.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{ClaimStatus, Status};

/// An opportunity, as far as claims depend on it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Claimable {
    pub(crate) id: Uuid,
    pub(crate) repository_id: Uuid,
    pub(crate) issue_id: Uuid,
    pub(crate) status: Status,
    pub(crate) dropped_reason: Option<String>,
}

impl Claimable {
    /// Returns why it cannot be done, in words.
    pub(crate) fn obstacle(&self) -> Option<&str> {
        if self.status.can_be_done() {
            return None;
        }
        let reason = self.dropped_reason.as_deref();
        Some(reason.unwrap_or("it can no longer be done"))
    }
}

/// Returns an opportunity.
pub(crate) async fn claimable(db: &impl Sql, id: Uuid) -> Result<Option<Claimable>, DbError> {
    let sql = "SELECT id, repository_id, issue_id, status, dropped_reason FROM opportunities WHERE id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Claim {
    pub(crate) id: Uuid,
    pub(crate) opportunity_id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) status: ClaimStatus,
    pub(crate) claimed_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) reminded_for: Option<Timestamp>,
}

const CLAIM: &str = "SELECT c.id, c.opportunity_id, c.user_id, c.status, c.claimed_at, c.expires_at, c.ended_at, \
     c.reminded_for FROM opportunity_claims c";

impl Claim {
    pub(crate) fn person(&self) -> UserId {
        self.user_id.into()
    }
}

pub(crate) async fn claim(db: &impl Sql, id: Uuid) -> Result<Option<Claim>, DbError> {
    let sql = format!("{CLAIM} WHERE c.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Returns the claims of an opportunity that are open: the active one, then the queue in its order.
pub(crate) async fn open_claims(db: &impl Sql, opportunity: Uuid) -> Result<Vec<Claim>, DbError> {
    let sql = format!(
        "{CLAIM} WHERE c.opportunity_id = $1 AND c.status IN ('active', 'queued') \
         ORDER BY CASE WHEN c.status = 'active' THEN 0 ELSE 1 END, c.queued_at, c.id"
    );
    db.all(db.statement(&sql, [opportunity.into()])).await
}

/// Returns the claims of an opportunity that ended after `since` and that a pull request may still complete.
pub(crate) async fn uncompleted(
    db: &impl Sql,
    opportunity: Uuid,
    since: Timestamp,
) -> Result<Vec<Claim>, DbError> {
    let sql = format!(
        "{CLAIM} WHERE c.opportunity_id = $1 AND c.status IN ('expired', 'released') AND c.claimed_at IS NOT NULL \
         AND c.ended_at > $2 ORDER BY c.id"
    );
    db.all(db.statement(&sql, [opportunity.into(), since.into()])).await
}

/// Returns the number of claims that a person made after `since`.
pub(crate) async fn made_since(
    db: &impl Sql,
    person: UserId,
    since: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM opportunity_claims WHERE user_id = $1 AND queued_at > $2";
    db.count(db.statement(sql, [person.into(), since.into()])).await
}

pub(crate) async fn open_claims_of(db: &impl Sql, person: UserId) -> Result<Vec<Claim>, DbError> {
    let sql = format!(
        "{CLAIM} WHERE c.user_id = $1 AND c.status IN ('active', 'queued') ORDER BY c.queued_at, c.id"
    );
    db.all(db.statement(&sql, [person.into()])).await
}

/// Returns the number of active claims of a person, and of their places in queues.
pub(crate) async fn counts(db: &impl Sql, person: UserId) -> Result<(i64, i64), DbError> {
    let open = open_claims_of(db, person).await?;
    let active = open.iter().filter(|claim| claim.status == ClaimStatus::Active).count();
    Ok((active as i64, (open.len() - active) as i64))
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Returns the free opportunities for which a person is in the queue.
pub(crate) async fn free_with(db: &impl Sql, person: UserId) -> Result<Vec<Uuid>, DbError> {
    let sql = "SELECT o.id FROM opportunity_claims c JOIN opportunities o ON o.id = c.opportunity_id \
               WHERE c.user_id = $1 AND c.status = 'queued' AND o.status = 'active' ORDER BY c.queued_at, c.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Returns the opportunities of a repository with claims that are open, or ended after `since`.
pub(crate) async fn claimed_in(
    db: &impl Sql,
    repository: Uuid,
    since: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let sql = "SELECT o.id FROM opportunities o WHERE o.repository_id = $1 AND EXISTS \
               (SELECT 1 FROM opportunity_claims c WHERE c.opportunity_id = o.id \
               AND (c.status IN ('active', 'queued') OR c.ended_at > $2)) ORDER BY o.id";
    let values = [repository.into(), since.into()];
    let rows: Vec<Row> = db.all(db.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Returns the opportunities of issues with claims, by ID.
pub(crate) async fn claimed_among(
    db: &impl Sql,
    issues: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Uuid>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(issues), "r");
    let sql = format!(
        "SELECT o.id FROM {rows} JOIN opportunities o ON o.issue_id = r.id WHERE EXISTS \
         (SELECT 1 FROM opportunity_claims c WHERE c.opportunity_id = o.id) ORDER BY o.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Returns at most `limit` free opportunities with a queue: their claimants were erased, or the people in the queue had no room
/// for another claim.
pub(crate) async fn unserved(db: &impl Sql, limit: i64) -> Result<Vec<Uuid>, DbError> {
    let sql = "SELECT DISTINCT o.id FROM opportunity_claims c JOIN opportunities o ON o.id = c.opportunity_id \
               WHERE c.status = 'queued' AND o.status = 'active' ORDER BY o.id LIMIT $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Returns at most `limit` opportunities whose active claims end until `now`.
pub(crate) async fn due(db: &impl Sql, now: Timestamp, limit: i64) -> Result<Vec<Uuid>, DbError> {
    let sql = "SELECT c.opportunity_id AS id FROM opportunity_claims c WHERE c.status = 'active' AND c.expires_at <= $1 \
               ORDER BY c.opportunity_id LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [now.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Returns at most `limit` active claims that end after `now` and until `until`, and whose person was not reminded of that.
pub(crate) async fn ending(
    db: &impl Sql,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Claim>, DbError> {
    let sql = format!(
        "{CLAIM} WHERE c.status = 'active' AND c.expires_at > $1 AND c.expires_at <= $2 \
         AND (c.reminded_for IS NULL OR c.reminded_for <> c.expires_at) ORDER BY c.id LIMIT $3"
    );
    let values = [now.into(), until.into(), limit.into()];
    db.all(db.statement(&sql, values)).await
}
