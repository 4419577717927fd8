//! Every explanation of a season adds up to the ledger.

use std::collections::BTreeMap;

use contributions::rules::Explanation;
use platform::db::Sql;
use sea_orm::FromQueryResult;
use testkit::season::{Season, SeasonSpec};
use uuid::Uuid;

use crate::app::{TestApp, at};

/// A server with a season's settled deliveries.
async fn season(pull_requests: usize) -> TestApp {
    let season = Season::new(SeasonSpec {
        seed: 11,
        people: 40,
        pull_requests,
        projects: 2,
        from: at("2026-07-03T00:00:00Z"),
        until: at("2026-10-28T00:00:00Z"),
    });
    server_of(&season).await
}

/// Delivers a season to a new server, and settles it.
pub(super) async fn server_of(season: &Season) -> TestApp {
    let app = TestApp::start().await;
    for project in &season.projects {
        app.project(&project.slug).await;
        for repo in &project.repositories {
            app.repository(&project.slug, &repo.full_name(), repo.id)
                .await;
        }
    }
    let deliveries: Vec<_> = season.deliveries().collect();
    for chunk in deliveries.chunks(200) {
        app.deliver(chunk).await;
        app.work().await;
    }
    app
}

/// Points by pull request and reason; zero sums are left out.
type Net = BTreeMap<(Uuid, String), i64>;

fn readded(explanation: Option<&str>, id: Uuid, net: &mut Net) {
    let Some(text) = explanation else { return };
    let explanation: Explanation = serde_json::from_str(text).expect("an explanation");
    explanation
        .check()
        .unwrap_or_else(|error| panic!("{id}: {error}: {text}"));
    assert!(
        explanation.excluded.is_some() || !explanation.awards.is_empty(),
        "{text}"
    );
    assert!(!explanation.sentences().is_empty(), "{text}");
    for (reason, points) in explanation.readd() {
        if points != 0 {
            let before = net.insert((id, reason.code().to_owned()), points);
            assert_eq!(before, None, "{id} earns twice for {reason:?}");
        }
    }
}

#[tokio::test]
async fn explanations_of_contributions_add_up_to_the_net_ledger() {
    let app = season(300).await;
    let db = &app.context().db;
    let mut explained = Net::new();
    for row in contributions::reads::canonical(db).await.expect("read") {
        readded(
            row.opening_explanation.as_deref(),
            row.pull_request_id,
            &mut explained,
        );
        readded(
            row.merge_explanation.as_deref(),
            row.pull_request_id,
            &mut explained,
        );
    }
    let net = recognition::reads::canonical_net(db).await.expect("read");
    let net: Net = net
        .into_iter()
        .map(|net| ((net.source_id, net.reason), net.points))
        .collect();
    assert!(net.len() > 300, "a season earns");
    assert_eq!(explained, net);
    app.verify().await;
    app.finish().await;
}

#[derive(FromQueryResult)]
struct Stored {
    reason: String,
    points: i64,
    explanation: String,
}

#[tokio::test]
async fn explanations_of_entries_add_up_to_their_points() {
    let app = season(120).await;
    let db = &app.context().db;
    let sql = "SELECT reason, points, explanation FROM point_transactions WHERE kind <> 'REVERSAL'";
    let entries: Vec<Stored> = db.all(db.statement(sql, [])).await.expect("read");
    assert!(!entries.is_empty());
    for entry in entries {
        let explanation: Explanation =
            serde_json::from_str(&entry.explanation).expect("an explanation");
        explanation.check().expect("sums that agree");
        let readded: Vec<_> = explanation
            .readd()
            .into_iter()
            .map(|(reason, points)| (reason.code(), points))
            .collect();
        assert_eq!(readded, [(entry.reason.as_str(), entry.points)]);
    }
    app.finish().await;
}
