//! The drill: a backup while deliveries come in, the loss of everything else, and the way back.

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::{Place, assert_same, history, send, undisturbed};

/// Deliveries that are sent at once.
const FEW: usize = 5;

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_comes_back_whole_and_the_rest_is_sent_again() {
    let history = history(9_100);
    let all = history.deliveries.len() as i64;
    let mut place = Place::with_repositories(&history).await;
    let server = place.serve(&[]).await;
    // The last are sent when the copy is there: it is made while others are.
    let (copied, is_copied) = oneshot::channel();
    let (url, deliveries) = (place.url(), history.deliveries.clone());
    let sending = tokio::spawn(async move {
        let (most, last) = deliveries.split_at(deliveries.len() - FEW);
        for few in most.chunks(FEW) {
            send(&url, few).await;
        }
        is_copied.await.expect("copied");
        send(&url, last).await
    });
    while place.count("webhook_deliveries").await < all / 3 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let folder = TempDir::new().expect("a folder");
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().expect("a path");
    let written = json(&place.succeed(&["backup", "--to", copy, "--json"]));
    copied.send(()).expect("still sending");
    sending.await.expect("sent");
    let held = written["tables"]["webhook_deliveries"].as_i64();
    assert!(
        (all / 3..all).contains(&held.expect("a count")),
        "{written}"
    );
    place.settled().await;
    drop(server);
    place.destroy().await;

    let restored = json(&place.succeed(&["restore", copy, "--json"]));
    place.look_again().await;
    assert_eq!(restored["tables"], written["tables"]);
    place.succeed(&["ledger", "verify"]);
    let server = place.serve(&[]).await;
    let summary = send(&place.url(), &history.deliveries).await;
    assert_eq!(
        (summary.refused, summary.duplicates),
        (0, held.expect("a count") as u64)
    );
    place.settled().await;
    assert_same(&undisturbed(&history).await, &place.dump());
    drop(server);
    place.remove().await;
}
