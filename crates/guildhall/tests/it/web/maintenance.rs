//! A server that is read-only for a while refuses changes, and accepts deliveries and sign-ins.

use identity::{actions::make_setup_code, model::Role};
use kernel::Timestamp;
use platform::{
    audit::Actor,
    config::{Config, Origin},
    settings::{SettingChange, overlay, save},
    traffic,
};
use reqwest::StatusCode;

use crate::app::{TestApp, browser::Browser, logs, scenarios::delivery};

const MESSAGE: &str = "We move to another machine until 14:00 UTC.";

fn held(config: &mut Config) {
    config.maintenance = MESSAGE.to_owned();
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
    let answer = app.post("/api/v1/projects").body("{}").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["retry-after"], "300");
    assert!(answer.text().await.expect("text").contains("\"MAINTENANCE\""));
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
