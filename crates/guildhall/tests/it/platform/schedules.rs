//! A scheduled job runs once per tick, regardless of the number of processes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use platform::{
    Context,
    audit::Actor,
    jobs::{self, Progress, Runner, Schedule, Settings, Worker},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::{TestApp, skip};

fn every_minute(ran: &Arc<AtomicU32>) -> Schedule {
    let ran = Arc::clone(ran);
    Schedule::new("EveryMinute", "* * * * *", move |_: Context| {
        let ran = Arc::clone(&ran);
        async move {
            let times = ran.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(format!("ran {times}"))
        }
    })
}

const SETTINGS: Settings = Settings {
    lease: Duration::from_secs(60),
    poll: Duration::from_millis(5),
    linger: Duration::from_millis(1),
};

/// Waits until the condition is true.
async fn until(is: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within ten seconds");
}

#[tokio::test]
async fn two_processes_run_each_of_fifty_ticks_once() {
    const TICKS: u32 = 50;
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let ran = Arc::new(AtomicU32::new(0));
    let start = |context| Runner::start(context, SETTINGS, vec![], vec![every_minute(&ran)]);
    let runners = [start(app.context()), start(&sibling.context)];
    // Both processes have read the clock before it moves.
    tokio::time::sleep(Duration::from_millis(200)).await;
    for tick in 1..=TICKS {
        app.clock.advance(TimeDelta::minutes(1));
        until(|| ran.load(Ordering::SeqCst) >= tick).await;
        // A process that is late for this tick catches up before the next.
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    for runner in runners {
        runner.stop().await;
    }
    assert_eq!(ran.load(Ordering::SeqCst), TICKS);
    let runs = jobs::runs(&app.context().db, "EveryMinute", 100).await;
    let runs = runs.expect("runs");
    assert_eq!(runs.len(), TICKS as usize);
    for run in &runs {
        assert_eq!((run.attempts, run.dead_at), (1, None), "{run:?}");
        assert!(run.completed_at.is_some() && run.took().is_some());
    }
    let keys = "SELECT count(DISTINCT unique_key) FROM jobs WHERE completed_at IS NOT NULL";
    assert_eq!(app.count(keys).await, i64::from(TICKS));
    sibling.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn a_renamed_schedule_runs_once_beside_a_process_of_the_release_before() {
    const TICKS: u32 = 5;
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let ran = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&ran);
    let renamed = Schedule::new("Minutely", "* * * * *", move |_: Context| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(String::new()) }
    });
    let renamed = renamed.formerly("EveryMinute");
    let name = renamed.names();
    let planned = jobs::ask(app.context(), Actor::Operator, "EveryMinute").await;
    assert!(planned.expect("asked"), "a run that waits from before the upgrade");
    let again = jobs::ask(app.context(), Actor::Operator, name).await;
    assert!(!again.expect("asked"), "it waits already");
    let new = Runner::start(app.context(), SETTINGS, vec![], vec![renamed]);
    until(|| ran.load(Ordering::SeqCst) == 1).await;
    let old = Runner::start(&sibling.context, SETTINGS, vec![], vec![every_minute(&ran)]);
    tokio::time::sleep(Duration::from_millis(200)).await;
    for tick in 1..=TICKS {
        app.clock.advance(TimeDelta::minutes(1));
        until(|| ran.load(Ordering::SeqCst) > tick).await;
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    old.stop().await;
    let runs = jobs::runs(&app.context().db, name, 100).await.expect("runs");
    assert_eq!(runs.len(), TICKS as usize + 1, "each tick once");
    let last = jobs::last_runs(&app.context().db, &[name], 2).await.expect("runs");
    assert!(last.iter().all(|run| run.name == "Minutely"), "{last:?}");
    jobs::pause(app.context(), Actor::Operator, "EveryMinute", "to try").await.expect("paused");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    app.clock.advance(TimeDelta::minutes(1));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(ran.load(Ordering::SeqCst), TICKS + 1, "the former pause holds");
    jobs::resume(app.context(), Actor::Operator, name).await.expect("resumed");
    assert_eq!(app.count("SELECT count(*) FROM job_pauses").await, 0);
    new.stop().await;
    sibling.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn every_process_follows_a_pause_and_skips_its_ticks() {
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let ran = Arc::new(AtomicU32::new(0));
    let worked = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&worked);
    let worker = Worker::new("worker", "nothing", move |_, _| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(Progress::Worked) }
    });
    let start = |context| {
        let schedules = vec![every_minute(&ran)];
        Runner::start(context, SETTINGS, vec![worker.clone()], schedules)
    };
    let operator = Actor::Operator;
    for name in ["EveryMinute", "worker"] {
        let paused = jobs::pause(app.context(), operator, name, "to try").await;
        paused.expect("paused");
    }
    let runners = [start(app.context()), start(&sibling.context)];
    tokio::time::sleep(Duration::from_millis(200)).await;
    app.clock.advance(TimeDelta::minutes(3));
    jobs::ask(app.context(), operator, "EveryMinute").await.expect("asked");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let both = || (ran.load(Ordering::SeqCst), worked.load(Ordering::SeqCst));
    assert_eq!(both(), (0, 0), "a paused schedule does not start");
    for name in ["EveryMinute", "worker"] {
        let resumed = jobs::resume(&sibling.context, operator, name).await;
        resumed.expect("resumed");
    }
    until(|| both().0 == 1 && both().1 > 0).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(both().0, 1, "the requested run, and no skipped tick");
    let paused = jobs::pause(app.context(), operator, "worker", "again").await;
    paused.expect("paused");
    let paused_at = Instant::now();
    loop {
        skip(Duration::from_secs(1)).await;
        let before = both().1;
        tokio::time::sleep(Duration::from_millis(200)).await;
        if both().1 == before {
            break;
        }
        assert!(paused_at.elapsed() < Duration::from_secs(5), "followed within five seconds");
    }
    for runner in runners {
        runner.stop().await;
    }
    sibling.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn a_run_in_progress_finishes_before_the_process_stops() {
    let app = TestApp::start().await;
    let begun = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&begun);
    let slow = Schedule::new("Slow", "0 0 1 1 *", move |_: Context| {
        counter.fetch_add(1, Ordering::SeqCst);
        async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            Ok("whole".to_owned())
        }
    });
    let runner = Runner::start(app.context(), SETTINGS, vec![], vec![slow]);
    jobs::ask(app.context(), Actor::Operator, "Slow").await.expect("asked");
    until(|| begun.load(Ordering::SeqCst) == 1).await;
    runner.stop().await;
    let runs = jobs::runs(&app.context().db, "Slow", 9).await.expect("runs");
    assert_eq!(runs[0].outcome.as_deref(), Some("whole"));
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_job_does_not_block_others() {
    let app = TestApp::start().await;
    let ran = Arc::new(AtomicU32::new(0));
    jobs::ask(app.context(), Actor::Operator, "OfANewerRelease").await.expect("asked");
    app.clock.advance(TimeDelta::seconds(1));
    jobs::ask(app.context(), Actor::Operator, "EveryMinute").await.expect("asked");
    let schedules = vec![every_minute(&ran)];
    let runner = Runner::start(app.context(), SETTINGS, vec![], schedules);
    until(|| ran.load(Ordering::SeqCst) == 1).await;
    runner.stop().await;
    let left = "SELECT attempts FROM jobs WHERE name = 'OfANewerRelease' AND due_at IS NOT NULL";
    assert_eq!(app.count(left).await, 0, "left untouched");
    app.finish().await;
}

/// A job that counts its runs and lasts until `end` is cancelled, and a token that is cancelled when a run is dropped.
fn lasting(ran: &Arc<AtomicU32>, end: &CancellationToken) -> (Schedule, CancellationToken) {
    let dropped = CancellationToken::new();
    let (ran, end, drops) = (Arc::clone(ran), end.clone(), dropped.clone());
    let schedule = Schedule::new("Lasting", "0 0 1 1 *", move |_: Context| {
        ran.fetch_add(1, Ordering::SeqCst);
        let (end, guard) = (end.clone(), drops.clone().drop_guard());
        async move {
            end.cancelled().await;
            drop(guard);
            Ok("whole".to_owned())
        }
    });
    (schedule, dropped)
}

const SHORT: Settings = Settings { lease: Duration::from_millis(300), ..SETTINGS };

async fn last_run(app: &TestApp) -> jobs::ScheduledRun {
    let runs = jobs::runs(&app.context().db, "Lasting", 9).await;
    runs.expect("runs").remove(0)
}

#[tokio::test]
async fn a_run_of_many_leases_completes_once_with_two_processes() {
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let (ran, end) = (Arc::new(AtomicU32::new(0)), CancellationToken::new());
    let (schedule, _) = lasting(&ran, &end);
    let start = |context| Runner::start(context, SHORT, vec![], vec![schedule.clone()]);
    let runners = [start(app.context()), start(&sibling.context)];
    let asked = jobs::ask(app.context(), Actor::Operator, "Lasting").await;
    asked.expect("asked");
    until(|| ran.load(Ordering::SeqCst) == 1).await;
    for _ in 0..20 {
        let renewed = app.context().now() + SHORT.lease;
        let mut waits = 0;
        while last_run(&app).await.due_at != Some(renewed) {
            waits += 1;
            assert!(waits < 1_000, "the lease is not renewed");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        app.clock.advance(TimeDelta::milliseconds(200));
    }
    end.cancel();
    for runner in runners {
        runner.stop().await;
    }
    let run = last_run(&app).await;
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    assert_eq!((run.attempts, run.outcome.as_deref()), (1, Some("whole")));
    sibling.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn a_run_that_another_process_has_taken_over_is_stopped() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let (ran, end) = (Arc::new(AtomicU32::new(0)), CancellationToken::new());
    let (schedule, dropped) = lasting(&ran, &end);
    let runner = Runner::start(app.context(), SHORT, vec![], vec![schedule]);
    let asked = jobs::ask(app.context(), Actor::Operator, "Lasting").await;
    asked.expect("asked");
    until(|| ran.load(Ordering::SeqCst) == 1).await;
    // Any id but the worker's.
    let taken = "UPDATE jobs SET claimed_by = id";
    app.change(taken).await.expect("taken");
    until(|| dropped.is_cancelled()).await;
    end.cancel();
    runner.stop().await;
    let run = last_run(&app).await;
    assert!(run.due_at.is_some() && run.completed_at.is_none(), "{run:?}");
    assert_eq!((run.outcome, run.last_error), (None, None));
    app.finish().await;
}
