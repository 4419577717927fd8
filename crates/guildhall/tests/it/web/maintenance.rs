//! A server that is read-only for a while refuses changes, and accepts deliveries and sign-ins.

use identity::{actions::make_setup_code, model::Role};
use kernel::Timestamp;
use platform::{
    audit::Actor,
    config::{Config, Origin, PublicContact},
    settings::{SettingChange, overlay, save},
    traffic,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser, logs, scenarios::delivery};

const MESSAGE: &str = "We move to another machine until 14:00 UTC.";

fn held(config: &mut Config) {
    config.maintenance = MESSAGE.to_owned();
    config.contact_operations = PublicContact::read("ops@guild.example");
}

#[tokio::test]
async fn everything_is_readable_and_nothing_changes() {
    let app = TestApp::with(held).await;
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    for page in ["/", "/settings/profile", "/admin/settings"] {
        let page = admin.get(page).await;
        assert!(page.status == 200 && page.text.contains(MESSAGE), "{}", page.text);
    }
    let form = [("name", "Wren of the Oaks")];
    let refused = admin.post("/settings/profile", &form).await;
    refused.refuses(503, MESSAGE, "Nothing was changed");
    assert!(refused.text.contains("Wren of the Oaks"), "kept: {}", refused.text);
    assert!(refused.text.contains("Nothing can be changed right now</h1>"), "{}", refused.text);
    let answer = app.post("/api/v1/projects").body("{}").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["retry-after"], "300");
    let problem: Value = answer.json().await.expect("JSON");
    assert_eq!(
        (&problem["code"], &problem["contact"]),
        (&json!("MAINTENANCE"), &json!("ops@guild.example"))
    );
    let missing = app.get("/api/v1/projects/none").send().await.expect("an answer");
    let missing = missing.text().await.expect("text");
    assert!(!missing.contains("ops@guild.example"), "it is no failure: {missing}");
    app.server.traffic().store(app.context()).await;
    let sums = traffic::since(&app.context().db, Timestamp::UNIX_EPOCH).await.expect("sums");
    assert!(sums.requests > 0 && sums.server_errors == 0, "{sums:?}");
    app.finish().await;
}

#[tokio::test]
async fn deliveries_and_sign_ins_are_accepted() {
    let mut app = TestApp::with(held).await;
    app.may_leave_work();
    assert!(app.send(&delivery("ping", "{}")).await.status().is_success());
    app.browser_with("wren-oak", Role::Admin).await;
    let admin = app.person_id("wren-oak").await.into();
    let code = make_setup_code(app.context(), Some(admin)).await.expect("a code");
    logs::plant(&code);
    Browser::new(&app).post("/setup", &[("code", &*code)]).await.location();
    app.finish().await;
}

#[tokio::test]
async fn the_switch_is_stored_for_all_processes() {
    let app = TestApp::start().await;
    let (context, config) = (app.context(), &app.server.config);
    let changes = [
        SettingChange::set("maintenance", MESSAGE),
        SettingChange::set("maintenance_jobs", "stop"),
    ];
    save(context, config, Actor::Operator, config.stored_version, &changes).await.expect("saved");
    let on = overlay(config, &context.db, None).await.expect("settings");
    assert_eq!((on.maintenance.as_str(), on.stops_jobs()), (MESSAGE, true));
    assert_eq!(on.setting("maintenance").map(|it| it.origin), Some(Origin::Stored));
    let changes = ["maintenance", "maintenance_jobs"].map(SettingChange::unset);
    save(context, config, Actor::Operator, on.stored_version, &changes).await.expect("saved");
    let off = overlay(config, &context.db, None).await.expect("settings");
    assert_eq!((off.maintenance.as_str(), off.stops_jobs()), ("", false));
    app.finish().await;
}

#[tokio::test]
async fn admins_begin_it_and_end_it_in_the_browser() {
    const PAGE: &str = "/admin/maintenance";
    let app = TestApp::with(|config| {
        config.contact_engineering = PublicContact::read("engineers@guild.example");
    })
    .await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("Make the server read-only") && page.contains("engineers@"), "{page}");
    let long = "x".repeat(301);
    let refused = admin.post(PAGE, &[("state", "on"), ("maintenance", &*long)]).await;
    refused.refuses(422, "Not saved", "at most 300 characters");
    assert!(refused.text.contains(&long), "kept: {}", refused.text);
    let on = [("state", "on"), ("maintenance", MESSAGE), ("maintenance_jobs", "stop")];
    assert_eq!(admin.post(PAGE, &on).await.location(), PAGE);
    let config = overlay(&app.server.config, &app.context().db, None).await.expect("settings");
    assert_eq!((config.maintenance.as_str(), config.stops_jobs()), (MESSAGE, true));
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("The server is read-only") && page.contains(MESSAGE), "{page}");
    let saved = "SELECT count(*) FROM audit_logs WHERE action = 'setting.change'";
    assert_eq!(app.count(saved).await, 2);
    assert_eq!(admin.post(PAGE, &[("state", "off")]).await.location(), PAGE);
    let config = overlay(&app.server.config, &app.context().db, None).await.expect("settings");
    assert_eq!(config.maintenance, "");
    app.finish().await;
}

#[tokio::test]
async fn the_page_that_ends_it_accepts_changes_meanwhile() {
    let app = TestApp::with(held).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/admin/overview").await.text;
    assert!(page.contains("End the maintenance</a>"), "{page}");
    let end = admin.post("/admin/maintenance", &[("state", "off")]).await;
    assert_eq!(end.location(), "/admin/maintenance");
    let visitor = app.browser_of("wren-oak").await.get("/projects").await.text;
    assert!(visitor.contains(MESSAGE) && !visitor.contains("End the maintenance"), "{visitor}");
    app.finish().await;
}
