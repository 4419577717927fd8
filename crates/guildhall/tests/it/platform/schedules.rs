//! What is due at set times is done once, however many processes there are.

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
    jobs::{Runner, Schedule, Settings},
};

use crate::app::TestApp;

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

#[tokio::test]
async fn two_processes_run_it_once_a_tick() {
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let ran = Arc::new(AtomicU32::new(0));
    let settings = Settings {
        lease: Duration::from_secs(60),
        poll: Duration::from_millis(10),
        ..Settings::default()
    };
    let start = |context| Runner::start(context, settings, vec![], vec![every_minute(&ran)]);
    let runners = [start(app.context()), start(&sibling.context)];
    // Both have looked at the clock before it moves.
    tokio::time::sleep(Duration::from_millis(50)).await;
    app.clock.advance(TimeDelta::seconds(61));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    for runner in runners {
        runner.stop().await;
    }
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    let jobs = "SELECT name || ' ' || unique_key || ' ' || outcome AS value FROM jobs";
    let tick = app.context().now().timestamp() / 60 * 60;
    assert_eq!(
        app.values(jobs).await,
        [format!("EveryMinute cron:EveryMinute:{tick} ran 1")]
    );
    sibling.context.db.close().await;
    app.finish().await;
}
