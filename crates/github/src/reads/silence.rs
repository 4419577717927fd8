use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Sql},
    processes::{Process, at_work},
};
use sea_orm::FromQueryResult;

use crate::rules::silence::{Before, SHORTEST, USUAL, silence};

#[derive(FromQueryResult)]
struct Last {
    received_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Usual {
    count: i64,
    /// In seconds; `None` for fewer than two deliveries.
    longest: Option<i64>,
}

/// Returns why GitHub's silence is unusual, with the next step; `None` if it is not, if there are few deliveries, or while no process runs
/// the background jobs. The deliveries of two weeks are read only after hours of silence.
pub async fn unusual_silence(
    context: &Context,
    processes: &[Process],
) -> Result<Option<String>, DbError> {
    let (db, now) = (&context.db, context.now());
    if !at_work(processes, now) {
        return Ok(None);
    }
    let sql = "SELECT received_at FROM webhook_deliveries ORDER BY id DESC LIMIT 1";
    let last: Option<Last> = db.one(db.statement(sql, [])).await?;
    let last = last.map(|last| last.received_at).filter(|last| now - *last >= SHORTEST);
    let Some(last) = last else {
        return Ok(None);
    };
    let second = db.epoch_seconds("received_at");
    let sql = format!(
        "SELECT count(*) AS count, max(gap) AS longest FROM (\
         SELECT {second} - lag({second}) OVER (ORDER BY received_at) AS gap \
         FROM webhook_deliveries WHERE body IS NOT NULL AND received_at >= $1) AS gaps"
    );
    let usual: Option<Usual> = db.one(db.statement(&sql, [(last - USUAL).into()])).await?;
    let before = usual.map(|usual| Before {
        last,
        count: usual.count,
        longest: TimeDelta::seconds(usual.longest.unwrap_or_default()),
    });
    Ok(before.and_then(|before| silence(before, now)))
}
