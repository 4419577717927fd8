//! Nothing is lost: programs that are killed at planned points, over and over, end where an
//! undisturbed one does.

use std::{collections::BTreeSet, time::Duration};

use platform::db::{Db, Sql as _};
use sea_orm::FromQueryResult;
use testkit::{delivery::Delivery, rng::Rng};

use super::{Place, assert_same, history, program::Program, send, tell, undisturbed};

/// Points at which the program can be killed, and how many passes a plan may wait for.
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
/// Deliveries that are sent at once. More are sent when hardly more are undone: so slowly that all
/// kills fall inside, however slow the machine is.
const FEW: usize = 3;

/// The plan of a run: each point gets its turn, the passes are random.
fn plans(run: u64) -> Vec<String> {
    let mut rng = Rng::new(run);
    let plan = |kill| {
        let (point, most) = POINTS[((run * KILLS + kill) % POINTS.len() as u64) as usize];
        format!("{point}:{}", rng.between(1, most))
    };
    (0..KILLS).map(plan).collect()
}

/// A server that dies as planned; nobody waits until it is ready, because it may die before.
fn doomed(place: &Place, plan: &str) -> Program {
    let mut command = place.command(&["serve"]);
    Program::start(command.env("GUILDHALL_CRASH_AT", plan), place.directory())
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

/// What servers make of deliveries when each but the last is killed.
async fn disturbed(place: &Place, deliveries: Vec<Delivery>, plans: &[String]) {
    let count = deliveries.len() as u64;
    let mut program = doomed(place, &plans[0]);
    let sending = tokio::spawn(send_slowly(place.db.clone(), place.url(), deliveries));
    for plan in &plans[1..] {
        program.killed().await;
        program = doomed(place, plan);
    }
    program.killed().await;
    let last = place.serve(&[]).await;
    assert_eq!(sending.await.expect("sent"), count, "some were refused");
    place.settled().await;
    drop(last);
}

async fn stored(place: &Place) -> BTreeSet<String> {
    #[derive(FromQueryResult)]
    struct Row {
        delivery_id: String,
    }
    let sql = "SELECT delivery_id FROM webhook_deliveries";
    let rows: Vec<Row> = place
        .db
        .all(place.db.statement(sql, []))
        .await
        .expect("rows");
    rows.into_iter().map(|row| row.delivery_id).collect()
}

async fn run(number: u64) {
    let (history, plans) = (history(9_000 + number), plans(number));
    tell(format_args!(
        "history of seed {}, {} deliveries, killed at {}",
        9_000 + number,
        history.deliveries.len(),
        plans.join(", ")
    ));
    let place = Place::with_repositories(&history).await;
    disturbed(&place, history.deliveries.clone(), &plans).await;
    // Each delivery was acknowledged once and is never sent again after that.
    let sent: BTreeSet<String> = history
        .deliveries
        .iter()
        .map(|delivery| delivery.delivery.to_string())
        .collect();
    assert_eq!(stored(&place).await, sent);
    assert_same(&undisturbed(&history).await, &place.dump());
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only debug builds can be killed by plan"
)]
async fn twenty_kills_lose_nothing() {
    let runs = (0..RUNS).map(|number| tokio::spawn(run(number)));
    for run in futures_util::future::join_all(runs).await {
        run.expect("a run");
    }
}
