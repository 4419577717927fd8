//! The leaderboard of a season, immediately after each transaction.

use contributions::actions::{add_season_project, change_season, remove_season_project, withdraw};
use contributions::rules::seasons::SeasonInput;
use platform::audit::Actor::Operator;

use super::{AUTUMN, merged, october, open_to_everyone, row};
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// A server with a season and merged pull requests of two people, of whom neither is registered.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    for login in ["finch-ash", "wren-oak"] {
        app.browser_of(login).await;
    }
    let scenarios = [
        merged(1, "finch-ash", "2026-10-02T08:00:00Z"),
        merged(2, "wren-oak", "2026-10-03T08:00:00Z"),
        merged(3, "wren-oak", "2026-10-04T08:00:00Z"),
        merged(4, "wren-oak", "2026-09-20T08:00:00Z"),
    ];
    app.deliver_all(&scenarios.each_ref()).await;
    app
}

#[tokio::test]
async fn registered_people_count_from_the_first_day_whenever_they_register() {
    let app = scene().await;
    assert_eq!(app.season_rows().await, []);
    app.registers("wren-oak").await;
    assert_eq!(app.season_rows().await, [row("wren-oak", 120, 2)]);
    app.verify().await;
    let late = merged(5, "wren-oak", "2026-10-30T08:00:00Z");
    let other = merged(6, "finch-ash", "2026-10-30T08:00:00Z");
    app.deliver_all(&[&late, &other]).await;
    assert_eq!(app.season_rows().await, [row("wren-oak", 180, 3)]);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn withdrawal_and_sanctions_move_the_board_at_once() {
    let app = scene().await;
    for login in ["finch-ash", "wren-oak"] {
        app.registers(login).await;
    }
    let both = [row("wren-oak", 120, 2), row("finch-ash", 60, 1)];
    assert_eq!(app.season_rows().await, both);
    let wren = app.user_id_of("wren-oak").await;
    withdraw(app.context(), wren, AUTUMN).await.expect("withdrawn");
    assert_eq!(app.season_rows().await, [row("finch-ash", 60, 1)]);
    app.verify().await;
    app.registers("wren-oak").await;
    assert_eq!(app.season_rows().await, both);
    app.disqualifies("finch-ash", true).await;
    assert_eq!(app.season_rows().await, both);
    app.disqualifies("finch-ash", false).await;
    assert_eq!(app.season_rows().await, [row("wren-oak", 120, 2)]);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn everyone_counts_in_an_open_season_by_the_day_in_utc() {
    let app = scene().await;
    let change = SeasonInput { is_registered_only: Some(false), ..SeasonInput::default() };
    change_season(app.context(), Operator, AUTUMN, change).await.expect("changed");
    let both = [row("wren-oak", 120, 2), row("finch-ash", 60, 1)];
    assert_eq!(app.season_rows().await, both);
    app.disqualifies("wren-oak", false).await;
    assert_eq!(app.season_rows().await, [row("finch-ash", 60, 1)]);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_change_of_days_counts_anew() {
    let app = scene().await;
    app.registers("wren-oak").await;
    let september = |first_day: &str| SeasonInput {
        first_day: Some(first_day.to_owned()),
        ..SeasonInput::default()
    };
    for (first_day, expected) in [("2026-09-01", 180), ("2026-10-04", 60), ("2026-10-01", 120)] {
        change_season(app.context(), Operator, AUTUMN, september(first_day))
            .await
            .expect("changed");
        assert_eq!(app.season_rows().await[0].1, expected, "{first_day}");
        app.verify().await;
    }
    app.finish().await;
}

#[tokio::test]
async fn projects_come_and_go() {
    let app = scene().await;
    app.registers("wren-oak").await;
    app.project("other").await;
    app.repository("other", "octo-org/other", 2).await;
    let elsewhere =
        Scenario::opened(&repo(2, "other"), 1, &person("wren-oak"), "2026-10-05T08:00:00Z");
    app.deliver_all(&[&elsewhere]).await;
    assert_eq!(app.season_rows().await, [row("wren-oak", 120, 2)]);
    add_season_project(app.context(), Operator, AUTUMN, "other").await.expect("added");
    assert_eq!(app.season_rows().await, [row("wren-oak", 130, 2)]);
    app.verify().await;
    remove_season_project(app.context(), Operator, AUTUMN, "season").await.expect("removed");
    assert_eq!(app.season_rows().await, [row("wren-oak", 10, 0)]);
    app.verify().await;
    app.finish().await;
}

/// 2026-10-31T20:00Z is the last day in UTC and the day after in Kiritimati. 2026-11-01T05:00Z is the last day in Honolulu.
#[tokio::test]
async fn days_are_those_of_each_participant() {
    let app = TestApp::of_lantern().await;
    app.clock.set(crate::app::at("2026-11-01T06:00:00Z"));
    app.season(open_to_everyone()).await;
    for (login, zone) in
        [("finch-ash", "Pacific/Kiritimati"), ("wren-oak", "Pacific/Honolulu"), ("rook-elm", "UTC")]
    {
        app.browser_of(login).await;
        let sql = format!("UPDATE users SET timezone = '{zone}' WHERE login = '{login}'");
        app.change(&sql).await.expect("a time zone");
        app.registers(login).await;
    }
    let mut scenarios = Vec::new();
    for (number, login) in (1..).zip(["finch-ash", "wren-oak", "rook-elm", "guest-fir"]) {
        for (pull, when) in [
            (number * 10, "2026-09-30T10:30:00Z"),
            (number * 10 + 1, "2026-10-31T20:00:00Z"),
            (number * 10 + 2, "2026-11-01T05:00:00Z"),
        ] {
            let author = person(login);
            scenarios.push(Scenario::opened(&super::lantern(), pull, &author, when));
        }
    }
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    let expected = [
        row("wren-oak", 20, 0),
        row("finch-ash", 10, 0),
        row("guest-fir", 10, 0),
        row("rook-elm", 10, 0),
    ];
    let mut rows = app.season_rows().await;
    rows.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    assert_eq!(rows, expected);
    // A change of the settings does not change the days of the season.
    let sql = "UPDATE users SET timezone = 'UTC'";
    app.change(sql).await.expect("other settings");
    app.registers("wren-oak").await;
    assert_eq!(app.season_rows().await[0], row("wren-oak", 20, 0));
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_rebuild_gives_the_same_board() {
    let app = scene().await;
    app.registers("wren-oak").await;
    let before = app.dump().await;
    let tx = app.context().begin().await.expect("a transaction");
    recognition::actions::recount(&tx, app.context()).await.expect("recounted");
    tx.commit().await.expect("committed");
    assert_eq!(app.dump().await, before);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_row_is_found() {
    let app = scene().await;
    app.registers("wren-oak").await;
    let sql = "UPDATE board_rows SET points = points + 1, descending_points = descending_points - 1 \
               WHERE board_id = (SELECT id FROM boards WHERE key = 'season:autumn')";
    app.change(sql).await.expect("changed");
    let found =
        recognition::actions::verify(app.context(), recognition::Programmes::of(&app.server));
    let found = found.await.expect("verified");
    assert!(found.iter().any(|one| one.which.contains("season:autumn")), "{found:?}");
    app.abandon().await;
}

#[tokio::test]
async fn banned_people_leave_the_board_and_return() {
    let app = scene().await;
    app.registers("wren-oak").await;
    app.ban("wren-oak").await;
    app.work().await;
    assert_eq!(app.season_rows().await, []);
    app.verify().await;
    app.unban("wren-oak").await;
    app.work().await;
    assert_eq!(app.season_rows().await, [row("wren-oak", 120, 2)]);
    app.verify().await;
    app.finish().await;
}
