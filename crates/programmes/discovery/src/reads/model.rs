use chrono::TimeDelta;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use super::OpportunityView;
use crate::{
    gateway::Model,
    model::{ModelAnalysis, ShownAnalysis},
    rules::{
        budget::{day_of, fits},
        prompt::content_digest,
        reply::confidence,
    },
    store::model::{RUNNING, spent_since},
};

/// The days that are listed.
const DAYS: i64 = 14;

/// The failures that are listed.
const FAILURES: i64 = 20;

/// How long a call can take at most. One that has not ended by then was interrupted.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// The budget of today.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModelBudget {
    /// The cost of today's calls, in millionths of a dollar.
    pub(crate) spent: i64,
    /// The most that they may cost together.
    pub(crate) total: i64,
    /// True if another analysis may cost more than what is left.
    pub(crate) is_reached: bool,
}

/// The calls of a day, or of another time.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub(crate) struct ModelDay {
    /// The day, `YYYY-MM-DD`.
    pub(crate) day: String,
    pub(crate) calls: i64,
    /// The calls that ended without an answer.
    pub(crate) failed: i64,
    pub(crate) tokens_in: i64,
    pub(crate) tokens_out: i64,
    /// In millionths of a dollar.
    pub(crate) cost: i64,
}

/// The calls with one outcome.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ModelOutcome {
    pub(crate) outcome: String,
    pub(crate) purpose: String,
    pub(crate) calls: i64,
    pub(crate) cost: i64,
}

/// A call without an answer.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ModelFailure {
    pub(crate) created_at: Timestamp,
    pub(crate) purpose: String,
    pub(crate) outcome: String,
    pub(crate) detail: Option<String>,
}

/// How far the issues are analyzed.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub(crate) struct ModelProgress {
    /// The issues that a model has answered about.
    pub(crate) answered: i64,
    /// The issues that it was given up for.
    pub(crate) given_up: i64,
    /// The issues in the queue.
    pub(crate) waiting: i64,
    /// The open opportunities that were not looked at yet.
    pub(crate) ahead: i64,
}

/// Returns the budget of the day of an instant.
pub(crate) async fn model_budget(
    db: &impl Sql,
    model: &Model,
    now: Timestamp,
) -> Result<ModelBudget, DbError> {
    let spent = spent_since(db, day_of(now).0).await?;
    Ok(ModelBudget {
        spent,
        total: model.budget,
        is_reached: !fits(spent, model.most_of_analysis(), model.budget),
    })
}

/// The sums of [`ModelDay`]. A call that has not ended is neither answered nor failed.
const SUMS: &str = "count(*) AS calls, \
     CAST(coalesce(sum(CASE WHEN outcome IN ('answered', 'running') THEN 0 ELSE 1 END), 0) AS BIGINT) AS failed, \
     CAST(coalesce(sum(tokens_in), 0) AS BIGINT) AS tokens_in, CAST(coalesce(sum(tokens_out), 0) AS BIGINT) AS tokens_out, \
     CAST(coalesce(sum(cost), 0) AS BIGINT) AS cost";

/// Returns the calls since an instant.
pub(crate) async fn recent_calls(db: &impl Sql, since: Timestamp) -> Result<ModelDay, DbError> {
    let sql = format!("SELECT '' AS day, {SUMS} FROM model_usage WHERE created_at >= $1");
    let sums = db.one(db.statement(&sql, [since.into()])).await?;
    Ok(sums.unwrap_or_default())
}

/// Returns the number of calls from an instant until before another one, and their cost in millionths of a dollar.
pub(crate) async fn calls_between(
    db: &impl Sql,
    since: Timestamp,
    until: Timestamp,
) -> Result<(i64, i64), DbError> {
    let sql = format!(
        "SELECT '' AS day, {SUMS} FROM model_usage WHERE created_at >= $1 AND created_at < $2"
    );
    let sums: Option<ModelDay> = db.one(db.statement(&sql, [since.into(), until.into()])).await?;
    Ok(sums.map_or((0, 0), |sums| (sums.calls, sums.cost)))
}

/// Returns the calls of the last 14 days, newest first. Days without calls are left out.
pub(crate) async fn model_days(db: &impl Sql, now: Timestamp) -> Result<Vec<ModelDay>, DbError> {
    let day = db.day("created_at");
    let sql = format!(
        "SELECT {day} AS day, {SUMS} FROM model_usage WHERE created_at >= $1 GROUP BY 1 ORDER BY 1 DESC"
    );
    db.all(db.statement(&sql, [first_day(now).into()])).await
}

fn first_day(now: Timestamp) -> Timestamp {
    day_of(now).0 - TimeDelta::days(DAYS - 1)
}

/// Returns the calls of the last 14 days by outcome, most frequent first.
pub(crate) async fn model_outcomes(
    db: &impl Sql,
    now: Timestamp,
) -> Result<Vec<ModelOutcome>, DbError> {
    let sql = "SELECT CASE WHEN outcome = $2 AND created_at < $3 THEN 'interrupted' ELSE outcome END AS outcome, purpose, \
               count(*) AS calls, CAST(sum(cost) AS BIGINT) AS cost FROM model_usage WHERE created_at >= $1 \
               GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2";
    let values = [first_day(now).into(), RUNNING.into(), (now - LONGEST).into()];
    db.all(db.statement(sql, values)).await
}

/// Returns the last calls without an answer, newest first.
pub(crate) async fn model_failures(db: &impl Sql) -> Result<Vec<ModelFailure>, DbError> {
    let sql = "SELECT created_at, purpose, outcome, detail FROM model_usage \
               WHERE outcome NOT IN ('answered', 'running') ORDER BY created_at DESC, id DESC LIMIT $1";
    db.all(db.statement(sql, [FAILURES.into()])).await
}

/// Returns the outcomes of the last calls that ended, newest first, of those since an instant.
pub(crate) async fn last_outcomes(
    db: &impl Sql,
    since: Timestamp,
    most: i64,
) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        outcome: String,
    }
    let sql = "SELECT outcome FROM model_usage WHERE outcome <> $1 AND created_at >= $2 \
               ORDER BY created_at DESC, id DESC LIMIT $3";
    let rows: Vec<Row> =
        db.all(db.statement(sql, [RUNNING.into(), since.into(), most.into()])).await?;
    Ok(rows.into_iter().map(|row| row.outcome).collect())
}

/// Returns how far the issues are analyzed.
pub(crate) async fn model_progress(
    db: &impl Sql,
    asked_of: &str,
) -> Result<ModelProgress, DbError> {
    let sql = "SELECT \
        (SELECT count(*) FROM model_analyses WHERE analysis IS NOT NULL AND asked_of = $1) AS answered, \
        (SELECT count(*) FROM model_analyses WHERE failure IS NOT NULL AND asked_of = $1) AS given_up, \
        (SELECT count(*) FROM model_analyses WHERE due_at IS NOT NULL AND failure IS NULL) AS waiting, \
        (SELECT count(*) FROM opportunities WHERE status IN ('active', 'claimed') AND model_digest IS NULL) AS ahead";
    let row = db.one(db.statement(sql, [asked_of.into()])).await?;
    Ok(row.unwrap_or_default())
}

/// Returns a model's analysis of an opportunity, or that the model was given up; `None` before, and while it is of earlier texts.
///
/// # Errors
/// When the database fails.
pub(crate) async fn model_analysis(
    db: &impl Sql,
    of: &OpportunityView,
) -> Result<Option<ShownAnalysis>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        title: String,
        body_digest: String,
        labels: String,
        content_digest: String,
        asked_of: String,
        model: String,
        analysis: Option<String>,
        failure: Option<String>,
        answered_at: Timestamp,
    }
    let sql = "SELECT o.title, o.body_digest, o.labels, m.content_digest, m.asked_of, m.model, m.analysis, m.failure, \
               m.answered_at FROM opportunities o JOIN model_analyses m ON m.content_digest = o.model_digest \
               WHERE o.id = $1 AND m.answered_at IS NOT NULL";
    let row: Option<Row> = db.one(db.statement(sql, [of.id.into()])).await?;
    let is_current = |row: &Row| {
        content_digest(&row.asked_of, row.title.as_str(), row.body_digest.as_str(), &row.labels)
            == row.content_digest
    };
    let shown = row.filter(is_current).map(|row| {
        let written = row.analysis.as_deref();
        let written = written.and_then(|json| serde_json::from_str(json).ok());
        let is_answered = written.is_some();
        ShownAnalysis {
            model: row.model,
            written: written.unwrap_or_else(|| own(of, row.failure.as_deref())),
            confidence: confidence(of.analysis.confidence, is_answered),
            failure: row.failure.filter(|_| !is_answered),
            at: row.answered_at,
        }
    });
    Ok(shown)
}

/// Returns what this server itself can say instead of a model.
fn own(of: &OpportunityView, failure: Option<&str>) -> ModelAnalysis {
    let why = failure.unwrap_or("it did not answer");
    ModelAnalysis {
        required_skills: of.analysis.skills.clone(),
        estimated_hours: of.analysis.hours.1,
        confidence_explanation: format!(
            "The model was given up: {why}. The skills and hours are this server's own."
        ),
        ..ModelAnalysis::default()
    }
}
