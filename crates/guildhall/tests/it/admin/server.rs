//! The server's health and settings: `/admin/health`, `/admin/settings` and their JSON.

use identity::model::{Role, Scope};
use platform::{
    config::{Config, ShownValue},
    db::Engine,
    running::check,
};
use serde_json::{Value, json};

use crate::app::TestApp;

const HEALTH: &str = "/api/v1/admin/health";
const SETTINGS: &str = "/api/v1/admin/settings";

fn named<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    let items = list.as_array().expect("a list");
    let found = items.iter().find(|item| item[key] == name);
    found.unwrap_or_else(|| panic!("{name}: {list}"))
}

#[tokio::test]
async fn every_check_of_doctor_is_shown() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let health = admin.json(HEALTH).await;
    assert_eq!(health["started_at"], "2026-11-01T00:00:00Z");
    let checks = ["database", "schema", "inbox", "secret key"];
    for check in checks {
        let finding = named(&health["findings"], "check", check);
        assert_eq!(finding["is_ok"], true, "{finding}");
    }
    let mail = named(&health["findings"], "check", "email settings");
    assert_eq!((&mail["is_ok"], &mail["is_set_up"]), (&json!(true), &json!(false)));
    let promise = match app.context().db.engine() {
        Engine::Sqlite => "durability",
        Engine::Postgres => "full_page_writes",
    };
    named(&health["findings"], "check", promise);
    assert!(health["database_bytes"].as_i64().expect("bytes") > 0);
    let tables = health["tables"].as_array().expect("tables");
    assert!(tables.iter().all(|table| table["bytes"].as_i64() > Some(0)) && tables.len() > 5);
    let page = admin.get("/admin/health").await.text;
    assert!(page.contains("Secret key") && page.contains("<code>guildhall doctor</code>"));
    let mail = page.split(">Email settings</th>").nth(1).expect("a row");
    assert!(
        mail.starts_with(r#"<td class="nowrap wide"><span class="state t-argent">Not set up<"#),
        "{mail}"
    );
    app.finish().await;
}

#[tokio::test]
async fn what_is_not_checked_yet_is_neither_fine_nor_a_problem() {
    let with = |config: &mut Config| {
        config.openai_api_key = Some("sk-of-this-test".to_owned().into());
    };
    let app = TestApp::with(with).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let health = admin.json(HEALTH).await;
    let model = named(&health["findings"], "check", "language_model");
    assert_eq!((&model["state"], &model["is_ok"]), (&json!("unchecked"), &json!(true)));
    let mail = named(&health["findings"], "check", "email settings");
    assert_eq!(mail["state"], "not_set_up");
    let page = admin.get("/admin/health").await.text;
    assert!(page.contains(">Not checked yet<"), "{page}");
    // A cluster for tests need not be durable, which is a problem that the page tells.
    let is_ok = health["is_ok"].as_bool().expect("a verdict");
    assert_eq!(page.contains("No check found a problem."), is_ok, "{page}");
    assert_eq!(page.contains("attention. The details name"), !is_ok, "{page}");
    let overview = admin.get("/admin/overview").await.text;
    assert!(overview.contains("Not checked yet: "), "{overview}");
    let health = app.json("/api/health").await;
    assert_eq!(
        (&health["status"], &health["checks"]["openai"]),
        (&json!("healthy"), &json!("not_checked"))
    );
    app.finish().await;
}

#[tokio::test]
async fn problems_are_listed_first() {
    let with = |config: &mut Config| config.mail_from = Some("hall@guild.example".to_owned());
    let app = TestApp::with(with).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let health = admin.json(HEALTH).await;
    assert_eq!(health["is_ok"], false);
    let mail = named(&health["findings"], "check", "email settings");
    let detail = mail["detail"].as_str().expect("a detail");
    assert!(detail.contains("at Settings › Name and picture (/setup/community)"), "{detail}");
    let page = admin.get("/admin/health").await.text;
    assert!(page.contains("attention. The details name") && page.contains("/setup/community"));
    app.finish().await;
}

#[tokio::test]
async fn settings_show_their_source_and_no_secret() {
    let environment = [
        ("GITHUB_CLIENT_SECRET", "planted-secret"),
        ("GITHUB_CLIENT_ID", "an-app"),
        ("GUILDHALL_LOG", "info,github=debug"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let loaded = Config::load(&environment.into(), &Default::default()).expect("read");
    let app = TestApp::with(|config| config.settings = loaded.settings).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let list = admin.json(SETTINGS).await;
    let setting = |key| named(&list["items"], "key", key);
    let secret = json!({
        "key": "github_client_secret", "variable": "GITHUB_CLIENT_SECRET", "value": null,
        "is_secret": true, "origin": "environment"
    });
    assert_eq!(setting("github_client_secret"), &secret);
    assert_eq!(setting("log")["value"], "info,github=debug");
    assert_eq!(setting("bind")["origin"], "default");
    assert_eq!(setting("smtp_url")["is_secret"], false);
    let page = admin.get("/admin/settings").await.text;
    assert!(page.contains("info,github=debug") && page.contains("set (not shown)"));
    assert!(!page.contains("planted-secret") && !list.to_string().contains("planted-secret"));
    app.finish().await;
}

#[tokio::test]
async fn doctor_compares_its_settings_with_those_of_the_server() {
    let app = TestApp::start().await;
    app.browser_with("finch-ash", Role::Admin).await;
    let mut config = Config::clone(&app.server.config);
    let address = app.url.strip_prefix("http://").expect("an address");
    config.bind = address.parse().expect("an address");
    let unread = check(&config, None).await.expect("reachable");
    assert!(unread.contains("cannot be read without a token"), "{unread}");
    let refused = check(&config, Some(&"unknown".into())).await;
    let refused = refused.expect_err("an unknown token");
    assert!(refused.contains("401"), "{refused}");
    let token = app.token("finch-ash", &[Scope::Admin]).await.into();
    let same = check(&config, Some(&token)).await.expect("the same");
    assert!(same.contains("with these settings"), "{same}");
    for setting in &mut config.settings {
        if setting.key == "log" {
            setting.value = ShownValue::Text("debug".to_owned());
        }
    }
    let other = check(&config, Some(&token)).await;
    let other = other.expect_err("other settings");
    assert!(other.contains("different settings: GUILDHALL_LOG."), "{other}");
    app.finish().await;
}
