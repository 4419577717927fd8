//! The weekly notifications of coaches and competitors.

use chrono::TimeDelta;
use ctf::actions::{choose_weekly_mail, send_weeks};
use kernel::Timestamp;

use super::{figures::Solve, privacy_scene::adult};
use crate::app::TestApp;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[tokio::test]
async fn each_week_is_sent_once_on_monday_morning() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let id = app.added(roster, &adult()).await;
    app.connected(id, "ada").await;
    app.on_platform(id, (1, 100)).await;
    app.solved(id, Solve::new("Salted Harbor", "web", 100, 1)).await;
    choose_weekly_mail(app.context(), id, true).await.expect("chosen");
    let send = async || send_weeks(app.context(), &app.server.post).await.expect("sent");
    assert_eq!(send().await, 0, "it is Saturday evening in Chicago");
    app.clock.set(at("2026-11-02T12:30:00Z"));
    assert_eq!(send().await, 0, "before seven");
    app.clock.set(at("2026-11-02T13:10:00Z"));
    let (one, two) = tokio::join!(
        send_weeks(app.context(), &app.server.post),
        send_weeks(app.context(), &app.server.post)
    );
    assert_eq!(one.expect("sent") + two.expect("sent"), 2);
    app.clock.advance(TimeDelta::hours(5));
    assert_eq!(send().await, 0);
    let inbox = "SELECT title AS value FROM notifications WHERE kind = 'ctf_roster_week'";
    assert_eq!(app.values(inbox).await, ["Harbor Owls: 26 October to 1 November 2026"]);
    choose_weekly_mail(app.context(), id, false).await.expect("chosen");
    app.clock.advance(TimeDelta::days(7));
    assert_eq!(send().await, 1, "only the coach");
    app.finish().await;
}
