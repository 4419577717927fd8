use crate::{
    Context,
    audit::{self, Act, Actor},
    db::DbError,
};

use super::{JobName, store::runs};

/// Plans a run of a scheduled job now. Returns false if another run already waits or is in progress.
pub async fn ask(
    context: &Context,
    actor: Actor,
    job: impl Into<JobName>,
) -> Result<bool, DbError> {
    let job = job.into();
    let tx = context.begin().await?;
    tx.serialize("platform.jobs").await?;
    if runs::waiting(&tx, job).await? > 0 {
        return Ok(false);
    }
    let (id, now) = (context.ids.next(), context.now());
    runs::insert(&tx, id, job.now, None, now).await?;
    let act = Act {
        actor,
        action: "job.run",
        target_kind: "job",
        target_id: id,
        before: None,
        after: Some(serde_json::json!({ "name": job.now })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(true)
}

/// Makes the dead letters of a scheduled job due again. Returns their number.
pub async fn retry_dead(
    context: &Context,
    actor: Actor,
    job: impl Into<JobName>,
) -> Result<u64, DbError> {
    let job = job.into();
    let tx = context.begin().await?;
    let revived = runs::revive(&tx, job, context.now()).await?;
    if revived == 0 {
        return Ok(0);
    }
    let act = Act {
        actor,
        action: "job.retry",
        target_kind: "job",
        target_id: context.ids.next(),
        before: None,
        after: Some(serde_json::json!({ "name": job.now, "dead_letters": revived })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(revived)
}
