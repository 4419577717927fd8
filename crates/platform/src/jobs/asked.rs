use chrono::TimeDelta;
use kernel::Timestamp;
use sea_orm::FromQueryResult;

use crate::{
    Context,
    audit::{self, Act, Actor},
    db::{DbError, Query, Sql},
};

use super::schedule::JOBS;

/// How a scheduled job went.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Run {
    /// The job.
    pub name: String,
    /// When it was planned.
    pub created_at: Timestamp,
    /// When it is next to be tried; absent when nothing is left to be done.
    pub due_at: Option<Timestamp>,
    /// When the last attempt began.
    pub started_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was done, if it is.
    pub completed_at: Option<Timestamp>,
    /// When it was given up, if it was.
    pub dead_at: Option<Timestamp>,
    /// What it did.
    pub outcome: Option<String>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

pub(super) const RUN: &str =
    "name, created_at, due_at, started_at, attempts, completed_at, dead_at, outcome, last_error";

impl Run {
    /// How long the last attempt took, if it ended.
    #[must_use]
    pub fn took(&self) -> Option<TimeDelta> {
        let ended = self.completed_at.or(self.dead_at)?;
        Some((ended - self.started_at?).max(TimeDelta::zero()))
    }
}

/// The last runs of a scheduled job, the latest first.
pub async fn runs(db: &impl Sql, name: &str, limit: i64) -> Result<Vec<Run>, DbError> {
    let sql = format!("SELECT {RUN} FROM jobs WHERE name = $1 ORDER BY id DESC LIMIT $2");
    db.all(db.statement(&sql, [name.into(), limit.into()]))
        .await
}

/// Asks for a run of a scheduled job now; gives whether one was planned. While another waits or runs
/// there is nothing to ask for.
pub async fn ask(context: &Context, actor: Actor, name: &'static str) -> Result<bool, DbError> {
    let tx = context.begin().await?;
    tx.serialize("platform.jobs").await?;
    let waiting = "SELECT count(*) FROM jobs WHERE name = $1 AND due_at IS NOT NULL";
    if tx.count(tx.statement(waiting, [name.into()])).await? > 0 {
        return Ok(false);
    }
    let (id, now) = (context.ids.next(), context.now());
    let sql = "INSERT INTO jobs (id, name, due_at, attempts, created_at, updated_at) \
               VALUES ($1, $2, $3, 0, $3, $3)";
    tx.run(tx.statement(sql, [id.into(), name.into(), now.into()]))
        .await?;
    let act = Act {
        actor,
        action: "job.ask",
        target_kind: "job",
        target_id: id,
        before: None,
        after: Some(serde_json::json!({ "name": name })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(true)
}

/// Makes the dead letters of a scheduled job due again; gives how many.
pub async fn retry_dead(
    context: &Context,
    actor: Actor,
    name: &'static str,
) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let named = |query: &mut Query| format!("name = {}", query.bind(name));
    let revived = JOBS.revive(&tx, context.now(), named).await?;
    if revived == 0 {
        return Ok(0);
    }
    let act = Act {
        actor,
        action: "job.retry",
        target_kind: "job",
        target_id: context.ids.next(),
        before: None,
        after: Some(serde_json::json!({ "name": name, "dead_letters": revived })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(revived)
}
