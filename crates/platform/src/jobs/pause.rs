use std::{collections::BTreeSet, time::Duration};

use sea_orm::FromQueryResult;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{Db, DbError, Sql, Tx},
};

/// Between two looks at what is paused.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// The names of the jobs that are paused.
pub async fn paused(db: &impl Sql) -> Result<BTreeSet<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = db
        .all(db.statement("SELECT name FROM job_pauses", []))
        .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Pauses a schedule or a worker until it is resumed: every process lets it finish what it is doing and
/// begins nothing more within five seconds. What is to be done waits; times that pass are left out.
///
/// # Errors
/// When no reason is given or the database fails.
pub async fn pause(
    context: &Context,
    actor: Actor,
    name: &'static str,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = audit::reason(reason)?;
    let tx = context.begin().await?;
    let sql = "INSERT INTO job_pauses (id, created_at, name) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO NOTHING";
    let values = [context.ids.next().into(), context.now().into(), name.into()];
    if tx.run(tx.statement(sql, values)).await? > 0 {
        record(&tx, context, (actor, "job.pause"), name, Some(reason)).await?;
    }
    Ok(tx.commit().await?)
}

/// Lets a paused schedule or worker go on.
pub async fn resume(context: &Context, actor: Actor, name: &'static str) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM job_pauses WHERE name = $1";
    if tx.run(tx.statement(sql, [name.into()])).await? > 0 {
        record(&tx, context, (actor, "job.resume"), name, None).await?;
    }
    tx.commit().await
}

async fn record(
    tx: &Tx,
    context: &Context,
    (actor, action): (Actor, &'static str),
    name: &'static str,
    reason: Option<&str>,
) -> Result<(), DbError> {
    let act = Act {
        actor,
        action,
        target_kind: "job",
        target_id: context.ids.next(),
        before: None,
        after: Some(serde_json::json!({ "name": name })),
        reason,
    };
    audit::record(tx, context, act).await
}

/// What is paused, as this process knows it; nothing is known before the first look.
#[derive(Clone, Debug)]
pub(super) struct Pauses(watch::Receiver<Option<BTreeSet<String>>>);

impl Pauses {
    /// Follows what is paused until told to stop; `watch` is to be driven.
    pub(super) fn follow(db: Db, stop: CancellationToken) -> (Self, impl Future<Output = ()>) {
        let (told, seen) = watch::channel(None);
        let watch = async move {
            while !stop.is_cancelled() {
                match paused(&db).await {
                    Ok(names) => drop(told.send_replace(Some(names))),
                    Err(error) => {
                        tracing::warn!(%error, "what is paused cannot be seen; it stays as it was");
                    }
                }
                stop.run_until_cancelled(tokio::time::sleep(LOOKS_EVERY))
                    .await;
            }
        };
        (Self(seen), watch)
    }

    /// Waits until a job may begin; false when it is to stop instead.
    pub(super) async fn may_begin(&mut self, name: &str, stop: &CancellationToken) -> bool {
        let may = |paused: &Option<BTreeSet<String>>| {
            paused.as_ref().is_some_and(|paused| !paused.contains(name))
        };
        let opened = stop.run_until_cancelled(self.0.wait_for(may)).await;
        matches!(opened, Some(Ok(_)))
    }

    /// Whether a job may begin now.
    pub(super) fn lets(&self, name: &str) -> bool {
        let paused = self.0.borrow();
        paused.as_ref().is_some_and(|paused| !paused.contains(name))
    }
}
