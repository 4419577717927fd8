//! Two programmes post points for the same people at once: nothing is lost, doubled or left out of the totals.

use std::{collections::BTreeMap, sync::Arc};

use identity::model::PersonIdentity;
use platform::Context;
use recognition::{
    actions::reconcile,
    model::{Boards, Entitlement, EntryKind, GLOBAL, Source},
    rules::EntitlementKey,
};
use uuid::Uuid;

use super::grants::people;
use crate::app::{TestApp, at};

const PEOPLE: i64 = 50;
const ENTRIES: usize = 10_000;
const BATCH: usize = 500;
/// One in this number of entries is reversed at the end.
const TAKEN_BACK: usize = 10;
/// One in this number of batches is posted again with a later time and the same points.
const MOVED: usize = 4;
/// The times of entries before and after they are moved.
const INSTANTS: [&str; 2] = ["2026-10-02T08:00:00Z", "2026-10-02T09:00:00Z"];

/// A programme with its own kind of source.
#[derive(Clone, Copy)]
struct Programme {
    kind: &'static str,
    points: i64,
}

impl Programme {
    fn key(self, number: usize) -> EntitlementKey {
        let source = Source { kind: self.kind, id: Uuid::from_u128(number as u128 + 1) };
        (source, self.kind)
    }

    fn entitlement(
        self,
        number: usize,
        known: &PersonIdentity,
        boards: &Boards,
        instant: &str,
    ) -> Entitlement {
        let (source, reason) = self.key(number);
        Entitlement {
            user_id: known.user_id,
            identity_id: known.identity_id,
            source,
            reason,
            kind: EntryKind::Award,
            points: self.points + number as i64 % 7,
            occurred_at: at(instant),
            boards: boards.clone(),
            explanation: "{}".to_owned(),
        }
    }

    /// Posts entries by their numbers in one transaction, or reverses them.
    async fn post(
        self,
        context: &Context,
        people: &[PersonIdentity],
        numbers: &[usize],
        instant: Option<&str>,
    ) {
        let boards: Boards = Arc::from([GLOBAL.to_owned(), format!("project:{}", self.kind)]);
        let scope: Vec<EntitlementKey> = numbers.iter().map(|number| self.key(*number)).collect();
        let entitlements = |instant| {
            let given = numbers.iter().map(|number| {
                let person = &people[number % people.len()];
                self.entitlement(*number, person, &boards, instant)
            });
            given.collect()
        };
        let wanted = instant.map_or_else(Vec::new, entitlements);
        let tx = context.begin().await.expect("a transaction");
        reconcile(&tx, context, &scope, wanted).await.expect("posted");
        tx.commit().await.expect("committed");
    }

    async fn season(self, context: Context, people: Arc<[PersonIdentity]>) {
        let numbers: Vec<usize> = (0..ENTRIES).collect();
        let [first, later] = INSTANTS;
        for (place, batch) in numbers.chunks(BATCH).enumerate() {
            self.post(&context, &people, batch, Some(first)).await;
            if place % MOVED == 0 {
                self.post(&context, &people, batch, Some(later)).await;
            }
        }
        let gone: Vec<usize> = numbers.into_iter().step_by(TAKEN_BACK).collect();
        self.post(&context, &people, &gone, None).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_programmes_lose_nothing() {
    let app = TestApp::start().await;
    let known: BTreeMap<i64, PersonIdentity> = people(&app, PEOPLE).await;
    let known: Arc<[PersonIdentity]> = known.into_values().collect();
    let programmes = [("alpha", 10), ("beta", 20)].map(|(kind, points)| Programme { kind, points });
    let seasons =
        programmes.map(|one| tokio::spawn(one.season(app.context().clone(), Arc::clone(&known))));
    for season in seasons {
        season.await.expect("a season");
    }
    // A moved entry is posted as a reversal and a new entry.
    let moved = ENTRIES / MOVED;
    let entries = (ENTRIES + ENTRIES / TAKEN_BACK + 2 * moved) as i64;
    for programme in programmes {
        let sql = format!(
            "SELECT count(*) FROM point_transactions WHERE source_kind = '{}'",
            programme.kind
        );
        assert_eq!(app.count(&sql).await, entries, "{}", programme.kind);
    }
    // Totals, leaderboard rows and the histogram equal the grouped ledger.
    app.verify().await;
    let expected: i64 = programmes
        .iter()
        .map(|programme| {
            let stays = (0..ENTRIES).filter(|number| number % TAKEN_BACK != 0);
            stays.map(|number| programme.points + number as i64 % 7).sum::<i64>()
        })
        .sum();
    let total = "SELECT CAST(sum(total_points) AS bigint) FROM users";
    assert_eq!(app.count(total).await, expected);
    app.finish().await;
}
