//! Measures the job runner alone, on its own migrated database (`DATABASE_URL`): the time to enqueue a job in a running
//! transaction, and the number of jobs per second that a worker finishes when they do nothing. Prints one JSON object:
//! microseconds per transaction without and with a job, and jobs per second for queue rows and for wake-ups.
#![allow(clippy::print_stdout, reason = "the figures are for the bench that starts it")]

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use platform::{
    Context, ContextParts, RandomIds, SystemClock,
    audit::{self, Act, Actor},
    db::{Db, Sql as _, Tx},
    flags::Flags,
    jobs::{self, JobError, Progress, Runner, Settings, Worker},
    outbox::{Content, EMAIL, Key, OUTBOX, TOPIC, enqueue},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Number of pairs of transactions, one without and one with a job.
const PAIRS: usize = 1_000;
/// Number of queued jobs.
const JOBS: usize = 50_000;
/// Number of jobs per transaction when they are written, and per claim.
const BATCH: i64 = 256;
/// The topic of wake-ups that do nothing.
const NOTHING: &str = "nothing";

#[tokio::main]
async fn main() -> Result<()> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let url = env::var("DATABASE_URL").context("set DATABASE_URL")?;
    let context = Context::from(ContextParts {
        keys: None,
        db: Db::connect(&url.parse()?).await?,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        flags: Flags::default(),
    });
    let (without, with) = enqueueing(&context).await?;
    end_all(&context).await?;
    let queue = queued(&context).await?;
    let wake_ups = claimed(&context).await?;
    context.db.close().await;
    println!(
        "{}",
        serde_json::json!({
            "transaction_us": without, "transaction_with_job_us": with,
            "queue_jobs_a_second": queue, "wake_ups_a_second": wake_ups,
        })
    );
    Ok(())
}

/// Measures a recorded change, alternating without and with a job, and returns both medians.
async fn enqueueing(context: &Context) -> Result<(f64, f64)> {
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        without.push(change(context, false).await?);
        with.push(change(context, true).await?);
    }
    Ok((median(without), median(with)))
}

async fn change(context: &Context, has_job: bool) -> Result<f64> {
    let began = Instant::now();
    let mut tx = context.begin().await?;
    let act = Act {
        actor: Actor::Operator,
        action: "job.ask",
        target_kind: "job",
        target_id: context.ids.next(),
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    if has_job {
        add(&mut tx, context).await?;
    }
    tx.commit().await?;
    Ok(began.elapsed().as_secs_f64() * 1e6)
}

async fn add(tx: &mut Tx, context: &Context) -> Result<()> {
    let key = Key {
        person: Uuid::nil(),
        kind: NOTHING,
        object: context.ids.next(),
        occurrence: "",
        channel: EMAIL,
    };
    let content = Content {
        is_urgent: false,
        expires_at: None,
        flag: None,
        subject: "Nothing".to_owned(),
        heading: None,
        text: "Nothing came of it.\n".to_owned(),
        html: None,
        link: None,
        unsubscribe: None,
    };
    let now = context.now();
    enqueue(tx, context, key, "owl@guild.example", &content, now).await?;
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn end_all(context: &Context) -> Result<()> {
    let tx = context.begin().await?;
    tx.run(tx.statement("DELETE FROM outbox_messages", [])).await?;
    tx.commit().await?;
    Ok(())
}

/// A claimed row.
#[derive(FromQueryResult)]
struct Claimed {
    id: Uuid,
}

/// Claims a batch and finishes it.
async fn end(context: Context, worker: Uuid) -> Result<Progress, JobError> {
    let lease = Settings::default().lease;
    let claimed: Vec<Claimed> = OUTBOX.claim(&context, worker, lease, BATCH, "id").await?;
    let tx = context.begin().await?;
    let done = claimed.iter().map(|row| (row.id, "nothing".to_owned()));
    OUTBOX.complete(&tx, worker, done, context.now()).await?;
    tx.commit().await?;
    Ok(Progress::of_batch(claimed.len(), BATCH))
}

async fn queued(context: &Context) -> Result<f64> {
    for _ in 0..JOBS / BATCH as usize {
        let mut tx = context.begin().await?;
        for _ in 0..BATCH {
            add(&mut tx, context).await?;
        }
        tx.commit().await?;
    }
    let worker = Worker::new("noop", TOPIC, end).over(OUTBOX);
    let left = "SELECT count(*) FROM outbox_messages WHERE due_at IS NOT NULL";
    rate(context, worker, left).await
}

/// Completes a wake-up without doing anything.
async fn forget(context: Context, _: Uuid) -> Result<Progress, JobError> {
    match jobs::claimed(&context, NOTHING).await? {
        Some((tx, claimed)) => Ok(jobs::worked(tx, &claimed).await?),
        None => Ok(Progress::Idle),
    }
}

async fn claimed(context: &Context) -> Result<f64> {
    let mut tx = context.begin().await?;
    let objects: Vec<Uuid> = (0..JOBS).map(|_| context.ids.next()).collect();
    tx.wake(NOTHING, objects, &*context.ids, context.now()).await?;
    tx.commit().await?;
    let left = "SELECT count(*) FROM wake_ups";
    rate(context, Worker::new("noop", NOTHING, forget), left).await
}

/// Returns the jobs per second from the start of the runner until the queue is empty.
async fn rate(context: &Context, worker: Worker, left: &str) -> Result<f64> {
    let count = async || context.db.count(context.db.statement(left, [])).await;
    let all = count().await?;
    ensure!(all > 0, "no job waits");
    let began = Instant::now();
    let runner = Runner::start(context, Settings::default(), vec![worker], Vec::new());
    while count().await? > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = began.elapsed();
    runner.stop().await;
    Ok(all as f64 / took.as_secs_f64())
}
