use std::collections::HashMap;

use github::model::PullRequestId;
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, erase_rows, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::contributions::Contribution;
use crate::{
    model::{ReviewAction, ReviewVerdict},
    rules::review::{OwnReview, ReviewWords, Reviewer},
};

/// A review as it is stored, without its texts.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ReviewRow {
    pub(crate) id: Uuid,
    pub(crate) created_at: Timestamp,
    pub(crate) pull_request_id: Uuid,
    pub(crate) reviewer_id: Uuid,
    pub(crate) action: ReviewAction,
    pub(crate) rating: Option<i64>,
    pub(crate) decision: Option<ReviewVerdict>,
    pub(crate) is_automatic: bool,
}

impl ReviewRow {
    pub(crate) fn read(&self) -> OwnReview {
        OwnReview {
            id: self.id,
            reviewer: self.reviewer_id.into(),
            action: self.action,
            rating: self.rating.and_then(|rating| u8::try_from(rating).ok()),
            decision: self.decision,
            is_automatic: self.is_automatic,
            at: self.created_at,
        }
    }
}

/// Returns the reviews of pull requests, oldest first.
pub(crate) async fn of_pulls(
    db: &impl Sql,
    pulls: &[PullRequestId],
) -> Result<HashMap<PullRequestId, Vec<OwnReview>>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT v.id, v.created_at, v.pull_request_id, v.reviewer_id, v.action, v.rating, v.decision, \
         v.is_automatic FROM {rows} JOIN pr_reviews v ON v.pull_request_id = r.id \
         ORDER BY v.created_at, v.id"
    );
    let rows: Vec<ReviewRow> = db.all(query.statement(sql)).await?;
    let mut reviews: HashMap<PullRequestId, Vec<OwnReview>> = HashMap::new();
    for row in rows {
        let of_pull = reviews.entry(row.pull_request_id.into()).or_default();
        of_pull.push(row.read());
    }
    Ok(reviews)
}

pub(crate) async fn insert(
    tx: &Tx,
    reviews: impl IntoIterator<Item = (PullRequestId, OwnReview)>,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("created_at", Kind::At),
        ("pull_request_id", Kind::Uuid),
        ("reviewer_id", Kind::Uuid),
        ("action", Kind::Text),
        ("rating", Kind::Int),
        ("decision", Kind::Text),
        ("is_automatic", Kind::Bool),
    ]);
    for (pull, review) in reviews {
        rows.push([
            review.id.into(),
            review.at.into(),
            pull.into(),
            review.reviewer.into(),
            review.action.as_str().into(),
            review.rating.map(i64::from).into(),
            review.decision.map(ReviewVerdict::as_str).into(),
            review.is_automatic.into(),
        ]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "INSERT INTO pr_reviews (id, created_at, pull_request_id, reviewer_id, action, rating, \
         decision, is_automatic) SELECT r.id, r.created_at, r.pull_request_id, r.reviewer_id, \
         r.action, r.rating, r.decision, r.is_automatic FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Inserts the texts of a review, if it has any.
pub(crate) async fn insert_words(
    tx: &Tx,
    id: Uuid,
    words: &ReviewWords,
    now: Timestamp,
) -> Result<(), DbError> {
    if *words == ReviewWords::default() {
        return Ok(());
    }
    let sql = "INSERT INTO pr_review_words (id, created_at, public_comment, internal_comment) \
               VALUES ($1, $2, $3, $4)";
    let values = [
        id.into(),
        now.into(),
        words.public_comment.clone().into(),
        words.internal_comment.clone().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Returns the texts of a review, which are empty if it has none.
pub(crate) async fn words(db: &impl Sql, id: Uuid) -> Result<ReviewWords, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        public_comment: Option<String>,
        internal_comment: Option<String>,
    }
    let sql = "SELECT public_comment, internal_comment FROM pr_review_words WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map_or_else(ReviewWords::default, |row| ReviewWords {
        public_comment: row.public_comment,
        internal_comment: row.internal_comment,
    }))
}

/// Writes the reviews in progress of contributions. Those that are no longer in progress are deleted; a review that was
/// active since may be remembered again.
pub(crate) async fn write_open<'a>(
    tx: &Tx,
    contributions: impl IntoIterator<Item = &'a Contribution>,
) -> Result<(), DbError> {
    let mut pulls = Vec::new();
    let mut rows = Rows::new([
        ("pull_request_id", Kind::Uuid),
        ("reviewer_id", Kind::Uuid),
        ("review_id", Kind::Uuid),
        ("started_at", Kind::At),
        ("active_at", Kind::At),
    ]);
    for contribution in contributions {
        let pull = contribution.facts.pull_request_id;
        pulls.push(pull);
        for (reviewer, review) in &contribution.review_state.under_review {
            let Reviewer::Person(reviewer) = *reviewer else {
                continue;
            };
            rows.push([
                pull.into(),
                reviewer.into(),
                review.id.into(),
                review.started_at.into(),
                review.active_at.into(),
            ]);
        }
    }
    if pulls.is_empty() {
        return Ok(());
    }
    delete_ended(tx, pulls, rows.clone()).await?;
    upsert_open(tx, rows).await
}

async fn delete_ended(tx: &Tx, pulls: Vec<PullRequestId>, open: Rows<5>) -> Result<(), DbError> {
    let mut query = tx.query();
    let (pulls, open) = (query.rows(ids(pulls), "p"), query.rows(open, "r"));
    let sql = format!(
        "DELETE FROM open_reviews WHERE pull_request_id IN (SELECT p.id FROM {pulls}) \
         AND review_id NOT IN (SELECT r.review_id FROM {open})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

async fn upsert_open(tx: &Tx, rows: Rows<5>) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "INSERT INTO open_reviews (pull_request_id, reviewer_id, review_id, started_at, active_at) \
         SELECT r.pull_request_id, r.reviewer_id, r.review_id, r.started_at, r.active_at FROM {rows} \
         WHERE true ON CONFLICT (pull_request_id, reviewer_id) DO UPDATE SET \
         review_id = excluded.review_id, started_at = excluded.started_at, \
         reminded_at = CASE WHEN excluded.active_at > open_reviews.active_at THEN NULL \
         ELSE open_reviews.reminded_at END, active_at = excluded.active_at"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct OpenReview {
    pub(crate) pull_request_id: Uuid,
    pub(crate) reviewer_id: Uuid,
    pub(crate) started_at: Timestamp,
    pub(crate) active_at: Timestamp,
}

const OPEN: &str = "o.pull_request_id, o.reviewer_id, o.started_at, o.active_at";

/// Returns the reviews in progress of pull requests, oldest first.
pub(crate) async fn open_of(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<Vec<OpenReview>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT {OPEN} FROM {rows} JOIN open_reviews o ON o.pull_request_id = r.id \
         ORDER BY o.started_at, o.review_id"
    );
    db.all(query.statement(sql)).await
}

/// Finds a review in progress by the ID of its beginning.
pub(crate) async fn open_review(
    db: &impl Sql,
    review: Uuid,
) -> Result<Option<OpenReview>, DbError> {
    let sql = format!("SELECT {OPEN} FROM open_reviews o WHERE o.review_id = $1");
    db.one(db.statement(&sql, [review.into()])).await
}

/// Lists reviews in progress that were last active at or before an instant, oldest first, at most `limit`.
pub(crate) async fn idle_since(
    tx: &Tx,
    instant: Timestamp,
    limit: i64,
) -> Result<Vec<OpenReview>, DbError> {
    let sql = format!(
        "SELECT {OPEN} FROM open_reviews o WHERE o.active_at <= $1 AND EXISTS \
         (SELECT 1 FROM contributions c WHERE c.pull_request_id = o.pull_request_id) \
         ORDER BY o.active_at, o.review_id LIMIT $2"
    );
    tx.all(tx.statement(&sql, [instant.into(), limit.into()])).await
}

/// Finds the pull requests of reviews in progress that were last active at or before an instant, and whose reviewers are
/// not reminded yet.
pub(crate) async fn to_remind(tx: &Tx, instant: Timestamp) -> Result<Vec<PullRequestId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
    }
    let sql = "SELECT pull_request_id FROM open_reviews \
               WHERE active_at <= $1 AND reminded_at IS NULL";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [instant.into()])).await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id.into()).collect())
}

/// Notes that the reviewers of reviews that were last active at or before an instant are reminded, once each. Returns
/// the IDs of these reviews.
pub(crate) async fn remind(
    tx: &Tx,
    instant: Timestamp,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        review_id: Uuid,
    }
    let sql = "UPDATE open_reviews SET reminded_at = $2 \
               WHERE active_at <= $1 AND reminded_at IS NULL RETURNING review_id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [instant.into(), now.into()])).await?;
    Ok(rows.into_iter().map(|row| row.review_id).collect())
}

/// Erases the comments that a person wrote, and what others wrote about their pull requests.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let given = "DELETE FROM pr_review_words WHERE id IN \
                 (SELECT v.id FROM pr_reviews v WHERE v.reviewer_id = $1)";
    let received = "DELETE FROM pr_review_words WHERE id IN (SELECT v.id FROM pr_reviews v \
                    JOIN contributions c ON c.pull_request_id = v.pull_request_id \
                    WHERE c.author_id = $1)";
    erase_rows(tx, person.0, &[given, received]).await
}
