//! Exactly once: many senders of the same, several workers, no point twice.

use futures_util::future::join_all;
use testkit::delivery::Delivery;

use super::{Place, assert_same, history, send, undisturbed};

const SENDERS: usize = 8;

/// Every sender begins elsewhere, so that they meet at each delivery in another way.
fn from(start: usize, deliveries: &[Delivery]) -> Vec<Delivery> {
    let (before, after) = deliveries.split_at(start * deliveries.len() / 32);
    [after, before].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_senders_and_two_workers_give_each_point_once() {
    let history = history(8_000);
    let place = Place::with_repositories(&history).await;
    let server = place.serve(&["--no-jobs"]).await;
    let workers = [place.worker().await, place.worker().await];
    let url = place.url();
    let lanes: Vec<_> = (0..SENDERS)
        .map(|sender| from(sender, &history.deliveries))
        .collect();
    let sent = join_all(lanes.iter().map(|lock| send(&url, lock))).await;
    let count = history.deliveries.len();
    let accepted: u64 = sent.iter().map(|summary| summary.accepted).sum();
    let duplicates: u64 = sent.iter().map(|summary| summary.duplicates).sum();
    assert_eq!(accepted, (SENDERS * count) as u64);
    assert_eq!(duplicates, ((SENDERS - 1) * count) as u64);
    place.settled().await;
    assert_eq!(place.count("webhook_deliveries").await, count as i64);
    assert_eq!(place.count(DOUBLE_ENTRIES).await, 0);
    assert_same(&undisturbed(&history).await, &place.dump());
    drop((server, workers));
    place.remove().await;
}

/// What a pull request gives for one reason belongs to one generation, and to one person at a time.
pub(super) const DOUBLE_ENTRIES: &str = "(SELECT source_id FROM point_transactions WHERE kind <> 'REVERSAL' \
     AND id NOT IN (SELECT reverses_id FROM point_transactions WHERE reverses_id IS NOT NULL) \
     GROUP BY source_kind, source_id, reason HAVING count(*) > 1) AS doubled";
