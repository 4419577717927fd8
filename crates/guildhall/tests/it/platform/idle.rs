//! A process without work asks its database little, and finds work that another process left.

use std::{
    array,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use platform::{
    audit::Actor,
    jobs::{self, Backlog, Progress, Runner, Settings, Worker},
};
use uuid::Uuid;

use crate::app::TestApp;

/// A topic that nothing else raises.
const TOPIC: &str = "test.idle";

const SETTINGS: Settings = Settings {
    lease: Duration::from_secs(60),
    poll: Duration::from_millis(100),
    linger: Duration::from_millis(1),
};

#[tokio::test]
async fn all_queues_are_looked_at_with_one_statement() {
    let (app, count) = TestApp::counted().await;
    let jobs = app.server.jobs();
    let queues = jobs.workers.len();
    assert!(queues > 50, "{queues} queues");
    let runner = Runner::start(app.context(), SETTINGS, jobs.workers, jobs.schedules);
    let mut asked = Vec::new();
    // Each job begins once at the start, which takes a while on a busy machine.
    for _ in 0..20 {
        count.take();
        tokio::time::sleep(Duration::from_secs(1)).await;
        asked = count.taken();
        if asked.len() < 30 {
            break;
        }
    }
    assert!(asked.len() < 30, "{} statements: {asked:?}", asked.len());
    runner.stop().await;
    app.abandon().await;
}

#[tokio::test]
async fn work_that_another_process_left_is_found() {
    let app = TestApp::start().await;
    let ran: [Arc<AtomicU32>; 3] = array::from_fn(|_| Arc::default());
    let others = Backlog::Part("jobs", "name <> 'Asked'");
    let backlogs = [Backlog::WakeUps(TOPIC), Backlog::Table("jobs"), others];
    let worker = |(backlog, ran): (Backlog, &Arc<AtomicU32>)| {
        let ran = Arc::clone(ran);
        let mut worker = Worker::new("worker", "test.silent", move |_, _| {
            ran.fetch_add(1, Ordering::SeqCst);
            async { Ok(Progress::Idle) }
        });
        worker.backlog = backlog;
        worker
    };
    let workers = backlogs.into_iter().zip(&ran).map(worker).collect();
    let times = || ran.each_ref().map(|ran| ran.load(Ordering::SeqCst));
    let runner = Runner::start(app.context(), SETTINGS, workers, Vec::new());
    for _ in 0..100 {
        if times() == [1, 1, 1] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(times(), [1, 1, 1], "without work, each runs at the start only");
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let raised = tx.wake(TOPIC, [Uuid::nil()], context.ids.as_ref(), context.now()).await;
    raised.expect("raised");
    tx.commit().await.expect("committed");
    jobs::ask(context, Actor::Operator, "Asked").await.expect("asked");
    for _ in 0..100 {
        if times()[0] > 2 && times()[1] > 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let [raised, asked, other] = times();
    assert!(raised > 2 && asked > 2 && other == 1, "{:?}", times());
    runner.stop().await;
    app.change("DELETE FROM wake_ups").await.expect("forgotten");
    app.change("DELETE FROM jobs").await.expect("forgotten");
    app.finish().await;
}
