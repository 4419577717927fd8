//! Many senders of the same deliveries and several workers give each point exactly once.

use futures_util::future::join_all;
use testkit::delivery::Delivery;

use super::{Sandbox, assert_same, history, run_without_kills, send};

const SENDERS: usize = 8;

/// Returns the deliveries in a rotated order, so that senders process them in different orders.
fn from(start: usize, deliveries: &[Delivery]) -> Vec<Delivery> {
    let (before, after) = deliveries.split_at(start * deliveries.len() / 32);
    [after, before].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_senders_and_two_workers_give_each_point_once() {
    let history = history(8_000);
    let sandbox = Sandbox::with_repositories(&history).await;
    let server = sandbox.serve(&["--no-jobs"]).await;
    let workers = [sandbox.worker().await, sandbox.worker().await];
    let url = sandbox.url();
    let parts: Vec<_> = (0..SENDERS).map(|sender| from(sender, &history.deliveries)).collect();
    let sent = join_all(parts.iter().map(|part| send(&url, part))).await;
    let count = history.deliveries.len();
    let accepted: u64 = sent.iter().map(|summary| summary.accepted).sum();
    let duplicates: u64 = sent.iter().map(|summary| summary.duplicates).sum();
    assert_eq!(accepted, (SENDERS * count) as u64);
    assert_eq!(duplicates, ((SENDERS - 1) * count) as u64);
    sandbox.settled().await;
    assert_eq!(sandbox.count("webhook_deliveries").await, count as i64);
    assert_eq!(sandbox.count(DOUBLE_ENTRIES).await, 0);
    assert_same(&run_without_kills(&history).await, &sandbox.dump());
    drop((server, workers));
    sandbox.remove().await;
}

/// Points that were given twice for the same pull request and reason.
pub(super) const DOUBLE_ENTRIES: &str = "(SELECT source_id FROM point_transactions WHERE kind <> 'REVERSAL' \
     AND id NOT IN (SELECT reverses_id FROM point_transactions WHERE reverses_id IS NOT NULL) \
     GROUP BY source_kind, source_id, reason HAVING count(*) > 1) AS doubled";
