//! Moderators are notified of new flags and of late ones.

use chrono::TimeDelta;
use identity::model::Role;

use super::super::flags::series;
use super::{decide, report, server, spam};
use crate::app::scenarios::repo;

#[tokio::test]
async fn moderators_are_notified_of_three_new_flags_at_once() {
    let app = server().await;
    let reporter = app.browser_of("wren-oak").await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    for number in [1, 2] {
        report(&reporter, &spam(number)).await;
        app.work().await;
    }
    let role = |inbox: Vec<String>| {
        let flags = inbox.into_iter().filter(|title| title.contains("flag"));
        flags.collect::<Vec<_>>()
    };
    assert_eq!(role(app.inbox(&moderator).await), Vec::<String>::new());
    report(&reporter, &spam(3)).await;
    app.work().await;
    for person in [&moderator, &admin] {
        assert_eq!(role(app.inbox(person).await), ["*3 new flags wait"]);
    }
    assert_eq!(role(app.inbox(&reporter).await), Vec::<String>::new());
    // They are not notified of the same flags again.
    assert_eq!(app.run_schedule("LateFlags").await, "0 flags are late");
    app.work().await;
    assert_eq!(role(app.inbox(&moderator).await).len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn flags_of_the_detection_are_recorded_only_with_their_announcement() {
    let app = server().await;
    let scenarios = series(&repo(1, "lantern"), "newt-fen", 11..=19);
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    let rename = async |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        app.change(&sql).await.expect("renamed");
    };
    rename("wake_ups", "wake_ups_away").await;
    let failed = contributions::actions::detect_gaming(app.context()).await;
    rename("wake_ups_away", "wake_ups").await;
    assert!(failed.is_err(), "{failed:?}");
    assert_eq!(app.count("SELECT count(*) FROM fair_play_flags").await, 0);
    assert_eq!(app.run_schedule("GamingDetection").await, "raised 1 flag and extended 0");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn moderators_are_notified_of_late_flags_once() {
    let app = server().await;
    let reporter = app.browser_of("wren-oak").await;
    let lantern = repo(1, "lantern");
    let scenarios = series(&lantern, "newt-fen", 11..=19);
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    assert_eq!(app.run_schedule("GamingDetection").await, "raised 1 flag and extended 0");
    report(&reporter, &spam(1)).await;
    app.work().await;
    let notices = "SELECT count(*) FROM notifications WHERE kind = 'fair_play_flags'";
    app.browser_with("rook-elm", Role::Moderator).await;
    app.clock.advance(TimeDelta::days(3));
    assert_eq!(app.run_schedule("LateFlags").await, "0 flags are late");
    app.clock.advance(TimeDelta::seconds(1));
    // A report waits for three days, a flag of the detection for seven.
    assert_eq!(app.run_schedule("LateFlags").await, "1 flag is late");
    app.work().await;
    assert_eq!(app.count(notices).await, 1);
    assert_eq!(app.run_schedule("LateFlags").await, "0 flags are late");
    app.clock.advance(TimeDelta::days(4));
    assert_eq!(app.run_schedule("LateFlags").await, "1 flag is late");
    app.work().await;
    assert_eq!(app.count(notices).await, 2);
    let moderator = app.browser_of("rook-elm").await;
    let titles = app.inbox(&moderator).await;
    let late = titles.iter().filter(|title| title.contains("too long"));
    assert_eq!(late.count(), 2, "{titles:?}");
    let queue = moderator.get("/admin/fair-play").await.text;
    assert_eq!(queue.matches(">Late<").count(), 2, "{queue}");
    // Decided flags are not late.
    assert_eq!(decide(&moderator, 1, None).await.status, 204);
    app.work().await;
    app.finish().await;
}
