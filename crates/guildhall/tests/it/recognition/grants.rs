use std::{collections::BTreeMap, sync::Arc};

use identity::model::{AccountKind, GithubAccount, PersonIdentity};
use kernel::Timestamp;
use recognition::{
    actions::reconcile,
    model::{Boards, Entitlement, EntryKind, Source},
    rules::EntitlementKey,
};
use uuid::Uuid;

use crate::app::{TestApp, at};

/// The reason of these entries.
pub(crate) const REASON: &str = "grant";

/// Points for a person, from a separate source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) person: i64,
    pub(crate) points: i64,
    pub(crate) at: Timestamp,
}

/// Creates people whose logins and GitHub IDs are derived from numbers.
pub(crate) async fn people(app: &TestApp, count: i64) -> BTreeMap<i64, PersonIdentity> {
    let account = |number: i64| {
        GithubAccount::new(
            number,
            format!("p{number}"),
            AccountKind::User,
            at("2026-10-01T00:00:00Z"),
        )
    };
    app.know((1..=count).map(account)).await
}

pub(crate) fn key(source: u128) -> EntitlementKey {
    let source = Source { kind: REASON, id: Uuid::from_u128(source) };
    (source, REASON)
}

/// Reconciles the ledger with the points that each source currently gives.
pub(crate) async fn give(
    app: &TestApp,
    people: &BTreeMap<i64, PersonIdentity>,
    boards: &Boards,
    sources: &BTreeMap<u128, Option<Grant>>,
) {
    let scope: Vec<EntitlementKey> = sources.keys().map(|source| key(*source)).collect();
    let wanted = |(source, grant): (&u128, &Option<Grant>)| {
        let grant = (*grant)?;
        let person = people[&grant.person];
        Some(Entitlement {
            user_id: person.user_id,
            identity_id: person.identity_id,
            source: key(*source).0,
            reason: REASON,
            kind: EntryKind::Award,
            points: grant.points,
            occurred_at: grant.at,
            boards: Arc::clone(boards),
            explanation: "{}".to_owned(),
        })
    };
    let wanted = sources.iter().filter_map(wanted).collect();
    let tx = app.context().begin().await.expect("a transaction");
    reconcile(&tx, app.context(), &scope, wanted).await.expect("reconciled");
    tx.commit().await.expect("committed");
}

/// Creates people `p1`, `p2` … with these points on these boards; ties are in the order of the list.
pub(crate) async fn board_of(app: &TestApp, keys: &[&str], points: &[i64]) {
    let people = people(app, points.len() as i64).await;
    let boards: Boards = keys.iter().map(|key| (*key).to_owned()).collect();
    let grant = |(index, points): (usize, &i64)| {
        let person = index as i64 + 1;
        let at = at("2026-10-02T08:00:00Z") + chrono::TimeDelta::minutes(person);
        let points = *points;
        (index as u128, Some(Grant { person, points, at }))
    };
    let sources = points.iter().enumerate().map(grant).collect();
    give(app, &people, &boards, &sources).await;
}
