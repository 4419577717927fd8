//! Statements for analyses by a model, and the record of calls.

use std::time::Duration;

use kernel::{Ids, Timestamp};
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{Status, Tokens};

/// The queue of issues that a model is to analyze.
pub(crate) const QUEUE: Queue = Queue { table: "model_analyses" };

/// The columns of [`ClaimedAnalysis`].
pub(crate) const CLAIMED: &str = "id, attempts, failures, content_digest, opportunity_id";

/// The outcome of a call that has not ended, or whose process was stopped.
pub(crate) const RUNNING: &str = "running";

/// The lock of the budget.
const BUDGET: &str = "discovery.model_budget";

/// An analysis that a worker asks for.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedAnalysis {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    /// How often the model was given up.
    pub(crate) failures: i64,
    pub(crate) content_digest: String,
    pub(crate) opportunity_id: Uuid,
}

/// The texts of an opportunity that a model's answer depends on.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct AnalyzedTexts {
    pub(crate) id: Uuid,
    pub(crate) repository_id: Uuid,
    pub(crate) issue_id: Uuid,
    pub(crate) status: Status,
    pub(crate) title: String,
    pub(crate) body_digest: String,
    /// A JSON array of names.
    pub(crate) labels: String,
    pub(crate) changed_seq: i64,
}

/// The columns of [`AnalyzedTexts`].
const TEXTS: &str =
    "o.id, o.repository_id, o.issue_id, o.status, o.title, o.body_digest, o.labels, o.changed_seq";

/// Returns the texts of one opportunity.
pub(crate) async fn texts(db: &impl Sql, id: Uuid) -> Result<Option<AnalyzedTexts>, DbError> {
    let sql = format!("SELECT {TEXTS} FROM opportunities o WHERE o.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Returns the opportunities whose texts were not compared with the analyses since they changed, those of most worth first.
pub(crate) async fn uncompared(
    db: &impl Sql,
    asked_of: &str,
    limit: i64,
) -> Result<Vec<AnalyzedTexts>, DbError> {
    let sql = format!(
        "SELECT {TEXTS} FROM opportunities o LEFT JOIN model_analyses m ON m.content_digest = o.model_digest \
         WHERE o.status IN ('active', 'claimed') AND (o.model_seq IS NULL OR o.model_seq <> o.changed_seq \
         OR m.asked_of IS NULL OR m.asked_of <> $1) ORDER BY o.overall DESC, o.id LIMIT $2"
    );
    db.all(db.statement(&sql, [asked_of.into(), limit.into()])).await
}

/// Returns the number of analyses that wait for the model, and are due or worked on until an instant.
pub(crate) async fn waiting(db: &impl Sql, until: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM model_analyses WHERE due_at <= $1";
    db.count(db.statement(sql, [until.into()])).await
}

/// Links opportunities with the digests of their texts, and puts those that have no answer yet in the queue, in this order.
pub(crate) async fn link(
    tx: &Tx,
    ids: &dyn Ids,
    asked_of: &str,
    model: &str,
    of: &[(AnalyzedTexts, String)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut linked = Rows::new([("id", Kind::Uuid), ("digest", Kind::Text), ("seq", Kind::Int)]);
    let mut asked: Rows<4> = Rows::new([
        ("id", Kind::Uuid),
        ("digest", Kind::Text),
        ("opportunity_id", Kind::Uuid),
        ("due_at", Kind::At),
    ]);
    let mut seen: Vec<&str> = Vec::with_capacity(of.len());
    for (place, (texts, digest)) in of.iter().enumerate() {
        linked.push([texts.id.into(), digest.as_str().into(), texts.changed_seq.into()]);
        if !seen.contains(&digest.as_str()) {
            // The queue is in the order of instants.
            let ahead = Duration::from_micros((of.len() - place) as u64);
            let due_at = now - ahead;
            asked.push([ids.next().into(), digest.as_str().into(), texts.id.into(), due_at.into()]);
            seen.push(digest);
        }
    }
    let mut query = tx.query();
    let rows = query.rows(linked, "r");
    let sql = format!(
        "UPDATE opportunities SET model_digest = r.digest, model_seq = r.seq FROM {rows} WHERE opportunities.id = r.id"
    );
    tx.run(query.statement(sql)).await?;
    let mut query = tx.query();
    let rows = query.rows(asked, "r");
    let (asked_of, model, now) = (query.bind(asked_of), query.bind(model), query.bind(now));
    // Texts that were changed and changed back before the model was asked are asked about again.
    let sql = format!(
        "INSERT INTO model_analyses (id, created_at, content_digest, opportunity_id, asked_of, model, due_at) \
         SELECT r.id, {now}, r.digest, r.opportunity_id, {asked_of}, {model}, r.due_at FROM {rows} WHERE true \
         ON CONFLICT (content_digest) DO UPDATE SET due_at = excluded.due_at, opportunity_id = excluded.opportunity_id, \
         completed_at = NULL, outcome = NULL WHERE model_analyses.due_at IS NULL AND model_analyses.answered_at IS NULL \
         AND model_analyses.dead_at IS NULL"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

#[derive(Clone, Debug)]
pub(crate) struct EndedAnalysis<'a> {
    pub(crate) outcome: &'static str,
    /// The fields as JSON.
    pub(crate) analysis: Option<String>,
    /// Why the model has not answered.
    pub(crate) failure: Option<&'a str>,
    /// When it is asked again.
    pub(crate) again_at: Option<Timestamp>,
    /// True if the model was asked.
    pub(crate) was_asked: bool,
}

/// Ends an analysis of a worker.
pub(crate) async fn end(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    ended: EndedAnalysis<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let failed = i64::from(ended.failure.is_some());
    let answered_at = ended.was_asked.then_some(now);
    let sql = "UPDATE model_analyses SET due_at = $1, claimed_by = NULL, attempts = 0, completed_at = $2, outcome = $3, \
               analysis = $4, failure = $5, failures = failures + $6, answered_at = $7, last_error = NULL \
               WHERE id = $8 AND claimed_by = $9";
    let values = [
        ended.again_at.into(),
        now.into(),
        ended.outcome.into(),
        ended.analysis.into(),
        ended.failure.into(),
        failed.into(),
        answered_at.into(),
        id.into(),
        worker.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A call before it begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BegunCall<'a> {
    pub(crate) provider: &'a str,
    pub(crate) model: &'a str,
    pub(crate) purpose: &'static str,
    /// The most that it can cost.
    pub(crate) most: i64,
}

/// Lets one transaction at a time reserve a part of the budget, until it ends.
pub(crate) async fn lock_budget(tx: &Tx) -> Result<(), DbError> {
    tx.serialize(BUDGET).await
}

/// Returns the cost of all calls from an instant on, with the most that those can cost that have not ended.
pub(crate) async fn spent_since(db: &impl Sql, since: Timestamp) -> Result<i64, DbError> {
    let sql =
        "SELECT CAST(coalesce(sum(cost), 0) AS BIGINT) FROM model_usage WHERE created_at >= $1";
    db.count(db.statement(sql, [since.into()])).await
}

/// Records a call that begins.
pub(crate) async fn begin(
    tx: &Tx,
    id: Uuid,
    call: BegunCall<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO model_usage (id, created_at, provider, model, purpose, tokens_in, tokens_out, cost, outcome) \
               VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7)";
    let values = [
        id.into(),
        now.into(),
        call.provider.into(),
        call.model.into(),
        call.purpose.into(),
        call.most.into(),
        RUNNING.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(Clone, Debug)]
pub(crate) struct SettledCall {
    pub(crate) tokens: Tokens,
    pub(crate) cost: i64,
    pub(crate) took: Duration,
    pub(crate) outcome: &'static str,
    /// Why it failed, in words of this server.
    pub(crate) detail: Option<String>,
}

/// Records the end of a call, with its cost.
pub(crate) async fn settle(tx: &Tx, id: Uuid, settled: &SettledCall) -> Result<(), DbError> {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let milliseconds = i64::try_from(settled.took.as_millis()).unwrap_or(i64::MAX);
    let sql = "UPDATE model_usage SET tokens_in = $1, tokens_out = $2, cost = $3, duration_ms = $4, outcome = $5, detail = $6 \
               WHERE id = $7";
    let values = [
        whole(settled.tokens.read).into(),
        whole(settled.tokens.written).into(),
        settled.cost.into(),
        milliseconds.into(),
        settled.outcome.into(),
        settled.detail.clone().into(),
        id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Deletes the calls before an instant, and returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM model_usage WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
