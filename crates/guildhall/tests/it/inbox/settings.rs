//! Repository events, in every order and repeated: the newest settings apply, and a deletion is
//! final.

use testkit::delivery::Delivery;

use crate::app::{TestApp, scenarios::delivery};

fn event(action: &str, second: u32, private: bool, archived: bool) -> Delivery {
    let body = format!(
        r#"{{"action":"{action}","repository":{{"id":1,"full_name":"octo-org/lantern","private":{private},
        "archived":{archived},"updated_at":"2026-10-01T00:00:{second:02}Z"}}}}"#
    );
    delivery("repository", &body.replace('\n', ""))
}

/// Returns the repository's line of the dump after these events arrived in this order, in batches of `batch`.
async fn repository_after(events: &[&Delivery], batch: usize) -> String {
    let app = TestApp::of_lantern().await;
    for events in events.chunks(batch) {
        for event in events {
            assert_eq!(app.send(event).await.status(), 202);
        }
        app.work().await;
    }
    let dump = app.dump().await;
    app.finish().await;
    dump.into_iter().find(|line| line.contains("\"is\":\"repository\"")).expect("a repository")
}

async fn every_order_gives(events: [Delivery; 3], expected: &str) {
    let [a, b, c] = &events;
    for order in [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
        for line in [repository_after(&order, 1).await, repository_after(&order, 3).await] {
            assert!(line.contains(expected), "{line} does not contain {expected}");
        }
    }
}

#[tokio::test]
async fn the_newest_settings_apply() {
    let events = [
        event("privatized", 1, true, false),
        event("archived", 2, true, true),
        event("publicized", 3, false, true),
    ];
    every_order_gives(events, r#""is_archived":true,"is_enabled":true"#).await;
}

#[tokio::test]
async fn a_deletion_is_final() {
    let events = [
        event("archived", 1, false, true),
        event("deleted", 2, false, true),
        event("unarchived", 3, false, false),
    ];
    every_order_gives(events, r#""is_enabled":false"#).await;
}
