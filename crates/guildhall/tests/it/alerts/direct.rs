//! Alerts that a process sends itself, because no worker would.

use chrono::TimeDelta;
use platform::alerts::{
    self, DISK_FULL, NO_DATABASE, NO_JOBS, Unstored, WRONG_CLOCK, reconcile_now,
};

use super::{counts, scene};

#[tokio::test]
async fn an_alert_that_no_one_works_needs_no_worker() {
    let (post, app) = scene().await;
    let (context, operators) = (app.context(), app.server.operators());
    let idle = [alerts::no_one_works("No process runs the background jobs")];
    for _ in 0..2 {
        reconcile_now(context, &operators, NO_JOBS, &idle).await.expect("sent");
        assert_eq!(counts(&post), [1, 2, 1], "each channel is used once");
    }
    app.clock.advance(TimeDelta::hours(6));
    assert_eq!(reconcile_now(context, &operators, NO_JOBS, &idle).await.expect("sent"), 4);
    assert_eq!(reconcile_now(context, &operators, NO_JOBS, &[]).await.expect("sent"), 4);
    assert_eq!(counts(&post), [3, 6, 3], "repeated, and resolved");
    assert_eq!(app.count("SELECT count(*) FROM outbox_messages").await, 0);
    let latest = alerts::latest(&context.db, 10).await.expect("alerts");
    assert!(latest.len() == 1 && latest[0].resolved_at.is_some(), "{latest:?}");
    app.finish().await;
}

#[tokio::test]
async fn each_process_reports_once_what_cannot_be_stored() {
    for (kind, title) in [
        (DISK_FULL, "The disk of db-1 is full"),
        (NO_DATABASE, "The server on db-1 cannot use its database"),
        (WRONG_CLOCK, "The clock of db-1 is wrong"),
    ] {
        let (post, app) = scene().await;
        let (context, operators) = (app.context(), app.server.operators());
        let mut unstored = Unstored::default();
        let found = || match kind {
            DISK_FULL => alerts::disk_full("db-1", "0.1 of 40.0 GiB are free in /srv/guildhall"),
            NO_DATABASE => alerts::no_database("db-1", "it refuses connections"),
            _ => alerts::wrong_clock("db-1", "The clock is 24 hours ahead of the database's"),
        };
        for _ in 0..3 {
            unstored.reconcile(context, &operators, kind, &[found()]).await;
        }
        assert_eq!(counts(&post), [1, 2, 1]);
        let slack = post.taken_by("slack")[0].body["text"].as_str().map(str::to_owned);
        let slack = slack.expect("a text");
        assert!(slack.starts_with(&format!("*[critical] {title}")), "{slack}");
        // What comes back soon is over only after a quarter of an hour.
        for (calm, so_far) in [(TimeDelta::minutes(1), 1), (TimeDelta::minutes(15), 3)] {
            unstored.reconcile(context, &operators, kind, &[found()]).await;
            app.clock.advance(calm - TimeDelta::seconds(1));
            unstored.reconcile(context, &operators, kind, &[]).await;
            assert_eq!(counts(&post), [so_far, 2 * so_far, so_far], "it may come back");
            app.clock.advance(TimeDelta::seconds(1));
            for _ in 0..2 {
                unstored.reconcile(context, &operators, kind, &[]).await;
                let sent = so_far + 1;
                assert_eq!(counts(&post), [sent, 2 * sent, sent], "resolved once");
            }
        }
        assert_eq!(app.count("SELECT count(*) FROM alerts").await, 0);
        app.finish().await;
    }
}
