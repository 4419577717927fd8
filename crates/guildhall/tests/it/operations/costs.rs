//! Costs: `/admin/costs`, its JSON, and the alert about the database.

use chrono::TimeDelta;
use identity::model::Role;
use platform::{alerts, config::PublicContact};
use serde_json::{Value, json};

use crate::app::TestApp;

const COSTS: &str = "/api/v1/admin/costs";

fn service<'a>(costs: &'a Value, code: &str) -> &'a Value {
    let services = costs["services"].as_array().expect("services");
    let found = services.iter().find(|service| service["code"] == code);
    found.unwrap_or_else(|| panic!("{code}: {costs}"))
}

#[tokio::test]
async fn use_times_prices_is_projected_and_compared_with_budgets() {
    let app = TestApp::with(|config| {
        config.email_price = 1_000;
        config.machine_price = 100_000;
        config.machines = 2;
        config.machine_budget = 100_000_000;
        config.budget = 200_000_000;
    })
    .await;
    app.clock.advance(TimeDelta::days(15));
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let sent = "INSERT INTO outbox_messages (id, created_at, person_id, kind, object_id, occurrence, channel, recipient, \
                attempts, completed_at) SELECT id, created_at, id, 'digest', id, '', 'email', 'x', 0, created_at FROM users";
    app.change(sent).await.expect("planted");
    let call = "INSERT INTO model_usage (id, created_at, provider, model, purpose, tokens_in, tokens_out, cost, outcome) \
                SELECT id, created_at, 'x', 'y', 'analysis', 1, 1, 90000, 'answered' FROM users";
    app.change(call).await.expect("planted");
    let costs = admin.json(COSTS).await;
    assert_eq!((&costs["month"], &costs["elapsed_percent"]), (&json!("2026-11"), &json!(50)));
    let email = service(&costs, "email");
    assert_eq!((&email["units"], &email["cost_microdollars"]), (&json!(1), &json!(1_000)));
    assert_eq!(email["projected_microdollars"], 2_000);
    let machines = service(&costs, "machines");
    assert_eq!(
        (&machines["units"], &machines["cost_microdollars"]),
        (&json!(720), &json!(72_000_000))
    );
    assert_eq!(machines["projected_microdollars"], 144_000_000);
    assert_eq!(machines["previous_microdollars"], 148_800_000);
    assert_eq!(machines["budget_microdollars"], 100_000_000);
    assert_eq!(service(&costs, "language_model")["previous_microdollars"], 0);
    assert_eq!(service(&costs, "disk")["units"], Value::Null, "not measured yet");
    assert!(service(&costs, "database")["units"].as_i64() > Some(0));
    assert_eq!(costs["projected_microdollars"], 144_182_000);
    let advice = &costs["advice"][0];
    assert_eq!(
        (&advice["code"], &advice["saving_microdollars"]),
        (&json!("cheaper_units"), &json!(54_000))
    );
    let page = admin.get("/admin/costs").await.text;
    assert!(
        page.contains("November 2026 will cost about $144.18, within the budget of $200.00"),
        "{page}"
    );
    assert!(page.contains("Over budget") && page.contains("$0.054 a month"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn without_prices_the_page_names_what_to_set() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/admin/costs").await.text;
    assert!(
        page.contains("No price is set") && page.contains("GUILDHALL_EMAIL_PRICE_USD"),
        "{page}"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_database_far_over_its_budget_alerts_operators() {
    let app = TestApp::with(|config| {
        config.database_price = 1_000_000_000_000;
        config.database_budget = 1;
        config.contact_product = PublicContact::read("product@guild.example");
    })
    .await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let measured = app.run_schedule("StorageMeasurement").await;
    assert!(measured.starts_with("database ") && measured.contains(", other files "), "{measured}");
    app.run_schedule("OperatorAlerts").await;
    let alerts = admin.json("/api/v1/admin/alerts").await;
    let alerts = alerts["items"].as_array().expect("alerts");
    let is_of_cost = |alert: &&Value| alert["kind"] == "database_cost";
    let alert = alerts.iter().find(is_of_cost).expect("an alert");
    assert_eq!((&alert["severity"], &alert["link"]), (&json!("high"), &json!("/admin/costs")));
    let title = alert["title"].as_str().expect("a title");
    let overview = admin.get("/admin/overview").await.text;
    let link = format!(">{title}</a>");
    for shown in ["Ongoing alerts", "mailto:product@guild.example", &link] {
        assert!(overview.contains(shown), "{shown}: {overview}");
    }
    let costs = admin.json(COSTS).await;
    assert!(service(&costs, "disk")["units"].is_i64(), "{costs}");
    app.change("UPDATE storage_days SET database_bytes = 0").await.expect("nothing is stored");
    app.run_schedule("OperatorAlerts").await;
    assert!(!alerts::is_open(&app.context().db, "database_cost").await.expect("read"));
    app.finish().await;
}
