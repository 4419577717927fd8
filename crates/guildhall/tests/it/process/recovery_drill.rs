//! A recovery drill: a backup while deliveries arrive, the loss of everything else, and a restore.

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::{Sandbox, assert_same, history, run_without_kills, send};

/// Number of deliveries per batch. The last batch is sent after the backup.
const FEW: usize = 5;

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_restored_and_missing_deliveries_are_sent_again() {
    let history = history(9_100);
    let all = history.deliveries.len() as i64;
    let mut sandbox = Sandbox::with_repositories(&history).await;
    let server = sandbox.serve(&[]).await;
    // The last deliveries are sent after the copy exists, which is made while others arrive.
    let (copied, is_copied) = oneshot::channel();
    let (url, deliveries) = (sandbox.url(), history.deliveries.clone());
    let sending = tokio::spawn(async move {
        let (most, last) = deliveries.split_at(deliveries.len() - FEW);
        for few in most.chunks(FEW) {
            send(&url, few).await;
        }
        is_copied.await.expect("copied");
        send(&url, last).await
    });
    while sandbox.count("webhook_deliveries").await < all / 3 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let folder = TempDir::new().expect("a folder");
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().expect("a path");
    let written = json(&sandbox.succeed(&["backup", "--to", copy, "--json"]));
    copied.send(()).expect("still sending");
    sending.await.expect("sent");
    let held = written["tables"]["webhook_deliveries"].as_i64();
    assert!((all / 3..all).contains(&held.expect("a count")), "{written}");
    sandbox.settled().await;
    drop(server);
    sandbox.destroy().await;

    let restored = json(&sandbox.succeed(&["restore", copy, "--json"]));
    sandbox.reconnect().await;
    assert_eq!(restored["tables"], written["tables"]);
    sandbox.succeed(&["ledger", "verify"]);
    let server = sandbox.serve(&[]).await;
    let summary = send(&sandbox.url(), &history.deliveries).await;
    assert_eq!((summary.refused, summary.duplicates), (0, held.expect("a count") as u64));
    sandbox.settled().await;
    assert_same(&run_without_kills(&history).await, &sandbox.dump());
    drop(server);
    sandbox.remove().await;
}
