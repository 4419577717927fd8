//! Every explanation of a season adds up to the ledger.

use std::collections::BTreeMap;

use contributions::rules::Explanation;
use platform::db::{Engine, Kind, Rows, Sql};
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
            app.repository(&project.slug, &repo.full_name(), repo.id).await;
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
    explanation.check().unwrap_or_else(|error| panic!("{id}: {error}: {text}"));
    assert!(explanation.excluded.is_some() || !explanation.awards.is_empty(), "{text}");
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
        readded(row.opening_explanation.as_deref(), row.pull_request_id, &mut explained);
        readded(row.merge_explanation.as_deref(), row.pull_request_id, &mut explained);
    }
    let net = recognition::reads::canonical_net(db).await.expect("read");
    let net: Net = net.into_iter().map(|net| ((net.source_id, net.reason), net.points)).collect();
    assert!(net.len() > 300, "a season earns");
    assert_eq!(explained, net);
    app.verify().await;
    app.finish().await;
}

#[derive(FromQueryResult)]
struct StoredScore {
    reason: String,
    points: i64,
    explanation: String,
}

#[tokio::test]
async fn explanations_of_entries_add_up_to_their_points() {
    let app = season(120).await;
    let db = &app.context().db;
    let sql = "SELECT reason, points, explanation FROM point_transactions WHERE kind <> 'REVERSAL'";
    let entries: Vec<StoredScore> = db.all(db.statement(sql, [])).await.expect("read");
    assert!(!entries.is_empty());
    for entry in entries {
        let explanation: Explanation =
            Explanation::read(&entry.explanation).expect("an explanation");
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

/// Replaces the stored explanations of a table with this key by the form of earlier versions, which the API still returns.
async fn as_earlier_versions_stored(app: &TestApp, table: &str, key: &str, column: &str) {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        text: Option<String>,
    }
    let tx = app.context().begin().await.expect("a transaction");
    let sql = format!("SELECT {key} AS id, {column} AS text FROM {table}");
    let stored: Vec<Row> = tx.all(tx.statement(&sql, [])).await.expect("read");
    let mut rows = Rows::new([("id", Kind::Uuid), ("text", Kind::Text)]);
    for row in stored {
        let read = row.text.and_then(|text| Explanation::read(&text).ok());
        if let Some(explanation) = read {
            let earlier = serde_json::to_string(&explanation).expect("JSON");
            rows.push([row.id.into(), earlier.into()]);
        }
    }
    assert!(!rows.is_empty(), "{table} has no {column}");
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql =
        format!("UPDATE {table} SET {column} = r.text FROM {rows} WHERE {table}.{key} = r.id");
    tx.run(query.statement(sql)).await.expect("written");
    tx.commit().await.expect("committed");
}

/// Lets a test change the ledger.
async fn unlock(app: &TestApp) {
    let sql = match app.context().db.engine() {
        Engine::Sqlite => "DROP TRIGGER point_transactions_refuses_update",
        Engine::Postgres => "ALTER TABLE point_transactions DISABLE TRIGGER USER",
    };
    app.change(sql).await.expect("unlocked");
}

/// Returns the texts of three people's ledgers, and of the pull requests in them, by address.
async fn shown(app: &TestApp) -> BTreeMap<String, String> {
    let board = app.json("/api/v1/leaderboards/global?limit=3").await;
    let mut shown = BTreeMap::new();
    for row in board["items"].as_array().expect("people") {
        let login = row["login"].as_str().expect("a login");
        let address = format!("/api/v1/people/{login}/transactions?limit=100");
        let ledger = app.json(&address).await;
        for entry in ledger["items"].as_array().expect("entries") {
            let link = entry["source"]["link"].as_str().expect("a link");
            for address in [format!("/api/v1{link}"), link.to_owned()] {
                let answer = app.get(&address).send().await.expect("an answer");
                let text = answer.error_for_status().expect("found").text().await;
                shown.insert(address, text.expect("a text"));
            }
        }
        shown.insert(address, ledger.to_string());
    }
    shown
}

#[tokio::test]
async fn explanations_that_earlier_versions_stored_are_shown() {
    let app = season(60).await;
    let (before, dump) = (shown(&app).await, app.dump().await);
    unlock(&app).await;
    as_earlier_versions_stored(&app, "point_transactions", "id", "explanation").await;
    for column in ["opening_explanation", "merge_explanation"] {
        as_earlier_versions_stored(&app, "contributions", "pull_request_id", column).await;
    }
    assert_eq!(shown(&app).await, before);
    assert_eq!(app.dump().await, dump);
    app.verify().await;
    app.finish().await;
}
