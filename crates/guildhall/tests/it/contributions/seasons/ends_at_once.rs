//! The end of a season with many participants, in batches. On PostgreSQL, transactions run side by side.

use std::time::Duration;

use contributions::actions::note_season_ends;
use identity::model::{AccountKind, GithubAccount};

use super::october;
use crate::app::{TestApp, at};

/// More than two batches.
const PEOPLE: i64 = 2_500;

const RAISED: &str = "SELECT count(*) FROM wake_ups WHERE topic = 'season_ending'";
const RAISED_FOR: &str =
    "SELECT count(DISTINCT object_id) FROM wake_ups WHERE topic = 'season_ending'";

/// A server in the last week of October, with a season in October and many participants.
async fn crowd() -> TestApp {
    let mut app = TestApp::of_lantern().await;
    app.may_leave_work();
    app.clock.set(at("2026-10-28T12:00:00Z"));
    app.season(october()).await;
    let account = |number: i64| {
        GithubAccount::new(
            number,
            format!("p{number}"),
            AccountKind::User,
            at("2026-10-01T00:00:00Z"),
        )
    };
    app.know((1..=PEOPLE).map(account)).await;
    let registered = "INSERT INTO season_participants (id, season_id, user_id, timezone, \
                      consent_version, shares_email, created_at, updated_at) \
                      SELECT u.id, s.id, u.id, 'UTC', 1, false, u.created_at, u.created_at \
                      FROM users u CROSS JOIN seasons s WHERE s.slug = 'autumn' \
                      AND u.login LIKE 'p%'";
    app.change(registered).await.expect("registered");
    app
}

async fn raised(app: &TestApp) -> (i64, i64) {
    (app.count(RAISED).await, app.count(RAISED_FOR).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_run_that_was_stopped_is_continued_by_the_next() {
    let app = crowd().await;
    for milliseconds in [1, 3, 10, 30] {
        let context = app.context().clone();
        let run = tokio::spawn(async move { note_season_ends(&context).await.map(drop) });
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        run.abort();
        run.await.ok();
    }
    note_season_ends(app.context()).await.expect("noted");
    assert_eq!(raised(&app).await, (PEOPLE, PEOPLE));
    assert_eq!(note_season_ends(app.context()).await.expect("noted"), 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_race_of_runs_notes_each_participant_once() {
    let app = crowd().await;
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let context = app.context().clone();
            tokio::spawn(async move { note_season_ends(&context).await })
        })
        .collect();
    let mut noted = 0;
    for task in tasks {
        noted += task.await.expect("ended").expect("no failure");
    }
    assert_eq!(i64::try_from(noted).expect("a number"), PEOPLE);
    assert_eq!(raised(&app).await, (PEOPLE, PEOPLE));
    app.finish().await;
}

#[tokio::test]
async fn people_are_noted_when_the_leaderboard_is_counted() {
    let app = TestApp::of_lantern().await;
    app.clock.set(at("2026-10-28T12:00:00Z"));
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    app.work().await;
    let counting = |is: bool| format!("UPDATE fed_boards SET is_recounting = {is}");
    let notices = "SELECT count(*) FROM notifications WHERE kind = 'season_ends_soon'";
    let noted = "1 person is notified of the end of a season";
    app.change(&counting(true)).await.expect("counting");
    let said = app.run_schedule("SeasonEnds").await;
    assert_eq!(said, "0 people are notified of the end of a season");
    app.change(&counting(false)).await.expect("counted");
    // The counting begins between the job and the notification.
    assert_eq!(app.run_schedule("SeasonEnds").await, noted);
    app.change(&counting(true)).await.expect("counting");
    app.work().await;
    assert_eq!(app.count(notices).await, 0);
    app.change(&counting(false)).await.expect("counted");
    assert_eq!(app.run_schedule("SeasonEnds").await, noted);
    app.work().await;
    assert_eq!(app.count(notices).await, 1);
    app.finish().await;
}
