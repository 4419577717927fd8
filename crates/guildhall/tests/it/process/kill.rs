//! Crash safety: programs that are killed repeatedly at planned points end with the same data as one that is never
//! killed.

use std::{collections::BTreeSet, time::Duration};

use platform::db::{Db, Sql as _};
use sea_orm::FromQueryResult;
use testkit::{delivery::Delivery, rng::Rng};

use super::{Sandbox, assert_same, history, print_line, program::Program, run_without_kills, send};

/// The points at which a program can be killed, each with the maximum number of passes before.
const POINTS: &[(&str, i64)] = &[
    ("inbox.before_commit", 8),
    ("inbox.after_commit", 8),
    ("inbox.after_answer", 8),
    ("apply.before_commit", 4),
    ("settle.mid", 3),
    ("settle.before_commit", 3),
];
const RUNS: u64 = 5;
const KILLS: u64 = 4;
/// Number of deliveries that are sent at once. More are sent when almost all are processed, so that all kills happen
/// during processing on any machine.
const FEW: usize = 3;

/// Returns the plan of a run: each point in turn, after a random number of passes.
fn plans(run: u64) -> Vec<String> {
    let mut rng = Rng::new(run);
    let plan = |kill| {
        let (point, most) = POINTS[((run * KILLS + kill) % POINTS.len() as u64) as usize];
        format!("{point}:{}", rng.between(1, most))
    };
    (0..KILLS).map(plan).collect()
}

/// Starts a server that kills itself as planned. It may die before it is ready.
fn start_doomed(sandbox: &Sandbox, plan: &str) -> Program {
    sandbox.start(&mut sandbox.command(&["serve"]), Some(plan))
}

async fn send_slowly(db: Db, url: String, deliveries: Vec<Delivery>) -> u64 {
    let mut accepted = 0;
    for few in deliveries.chunks(FEW) {
        accepted += send(&url, few).await.accepted;
        while github::reads::inbox(&db).await.expect("the inbox").undone > FEW as i64 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    accepted
}

/// Processes deliveries with servers that are killed, except for the last one.
async fn run_with_kills(sandbox: &Sandbox, deliveries: Vec<Delivery>, plans: &[String]) {
    let count = deliveries.len() as u64;
    let mut program = start_doomed(sandbox, &plans[0]);
    let sending = tokio::spawn(send_slowly(sandbox.db.clone(), sandbox.url(), deliveries));
    for plan in &plans[1..] {
        program.killed().await;
        program = start_doomed(sandbox, plan);
    }
    program.killed().await;
    let last = sandbox.serve(&[]).await;
    assert_eq!(sending.await.expect("sent"), count, "some were refused");
    sandbox.settled().await;
    drop(last);
}

async fn stored(sandbox: &Sandbox) -> BTreeSet<String> {
    #[derive(FromQueryResult)]
    struct Row {
        delivery_id: String,
    }
    let sql = "SELECT delivery_id FROM webhook_deliveries";
    let rows: Vec<Row> = sandbox.db.all(sandbox.db.statement(sql, [])).await.expect("rows");
    rows.into_iter().map(|row| row.delivery_id).collect()
}

async fn run(number: u64) {
    let (history, plans) = (history(9_000 + number), plans(number));
    print_line(format_args!(
        "history of seed {}, {} deliveries, killed at {}",
        9_000 + number,
        history.deliveries.len(),
        plans.join(", ")
    ));
    let sandbox = Sandbox::with_repositories(&history).await;
    run_with_kills(&sandbox, history.deliveries.clone(), &plans).await;
    // Each delivery was acknowledged once and is never sent again.
    let sent: BTreeSet<String> =
        history.deliveries.iter().map(|delivery| delivery.delivery.to_string()).collect();
    assert_eq!(stored(&sandbox).await, sent);
    assert_same(&run_without_kills(&history).await, &sandbox.dump());
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(debug_assertions), ignore = "only debug builds can be killed by plan")]
async fn twenty_kills_lose_nothing() {
    let runs = (0..RUNS).map(|number| tokio::spawn(run(number)));
    for run in futures_util::future::join_all(runs).await {
        run.expect("a run");
    }
}
