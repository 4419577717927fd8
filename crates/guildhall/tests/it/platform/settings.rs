//! Settings that admins save in the browser, as a layer of the configuration.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use guildhall::{
    backup::keys::{RotateInput, rotate},
    health::of_configuration,
};
use identity::model::Role;
use kernel::Problem;
use platform::{
    ActionError,
    audit::{self, Actor::Operator, Filter},
    config::{Config, Flags, Origin},
    crypto::KeyRing,
    settings::{self, SettingChange},
};
use secrecy::ExposeSecret as _;

use crate::app::TestApp;

/// The password of the mail server, which must not show anywhere.
const PASSWORD: &str = "hunter2-of-the-mail-server";

fn mail() -> Vec<SettingChange> {
    vec![
        SettingChange::set("smtp_url", format!("smtps://owl:{PASSWORD}@mail.example")),
        SettingChange::set("mail_from", "Fenwick <hall@guild.example>"),
    ]
}

fn name(name: &'static str) -> SettingChange {
    SettingChange::set("community_name", name)
}

fn config(variables: &[(&str, &str)]) -> Config {
    let pairs = variables.iter();
    let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let environment: BTreeMap<String, String> = pairs.collect();
    Config::load(&environment, &Flags::default()).expect("read")
}

async fn save(app: &TestApp, based_on: i64, changes: &[SettingChange]) -> i64 {
    let saved = settings::save(app.context(), &config(&[]), Operator, based_on, changes).await;
    saved.expect("saved")
}

async fn overlay(app: &TestApp, config: &Config) -> Config {
    let ring = Some(&app.server.ring);
    settings::overlay(config, &app.context().db, ring).await.expect("read")
}

fn refused<T: std::fmt::Debug>(result: Result<T, ActionError>) -> Problem {
    match result {
        Err(ActionError::Refused(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

/// Returns the problem of changes that can be neither tried nor saved.
async fn refusal_of(app: &TestApp, config: &Config, changes: &[SettingChange]) -> Problem {
    let context = app.context();
    let candidate = settings::candidate(context, config, changes).await.map(drop);
    let saved = refused(settings::save(context, config, Operator, 0, changes).await);
    assert_eq!(refused(candidate), saved);
    saved
}

#[tokio::test]
async fn saved_settings_are_read_over_the_defaults() {
    let app = TestApp::start().await;
    assert_eq!(save(&app, 0, &mail()).await, 1);
    assert_eq!(save(&app, 1, &[name("Fenwick Commons")]).await, 2);
    assert_eq!(save(&app, 2, &[name("Fenwick Commons")]).await, 2, "nothing changed");
    let read = overlay(&app, &config(&[])).await;
    assert_eq!((&*read.community_name, read.stored_version), ("Fenwick Commons", 2));
    let url = read.smtp_url.as_ref().expect("a mail server").expose_secret();
    assert!(url.contains(PASSWORD));
    assert_eq!(read.setting("smtp_url").expect("a key").origin, Origin::Stored);
    assert_eq!(read.unread_settings, None);
    let rows = "SELECT name || ' ' || coalesce(value, '-') AS value FROM settings ORDER BY name";
    let rows = app.values(rows).await.join("\n");
    assert!(rows.contains("smtp_url -") && !rows.contains(PASSWORD), "{rows}");
    let removed =
        [SettingChange::unset("community_name"), SettingChange::typed("alert_emails", " ")];
    assert_eq!(save(&app, 2, &removed).await, 3);
    let read = overlay(&app, &read).await;
    assert_eq!((&*read.community_name, read.stored_version), ("Guildhall", 3));
    assert_eq!(app.count("SELECT count(*) FROM settings").await, 3, "rows stay");
    app.finish().await;
}

#[tokio::test]
async fn of_two_saves_at_once_one_is_outdated() {
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let (defaults, one, two) = (config(&[]), [name("One")], [name("Two")]);
    let saves = tokio::join!(
        settings::save(app.context(), &defaults, Operator, 0, &one),
        settings::save(&sibling.context, &defaults, Operator, 0, &two),
    );
    let (saved, other) = if saves.0.is_ok() { (saves.0, saves.1) } else { (saves.1, saves.0) };
    assert_eq!(saved.expect("saved"), 1);
    assert_eq!(refused(other).code, "SETTING_OUTDATED");
    assert_eq!(settings::version(&app.context().db).await.expect("read"), 1);
    let last = settings::last_save(&app.context().db).await.expect("read").expect("a save");
    assert_eq!(last.person, None);
    sibling.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn refusals_name_every_field_and_save_nothing() {
    let app = TestApp::start().await;
    let wrong = [name(""), SettingChange::set("smtp_url", PASSWORD), SettingChange::unset("bind")];
    let problem = refusal_of(&app, &config(&[]), &wrong).await;
    assert_eq!(problem.code, "BAD_SETTING");
    let fields: Vec<_> = problem.rejected().iter().map(|it| it.field).collect();
    assert_eq!(fields, ["community_name", "smtp_url", "bind"]);
    assert!(problem.of_field("community_name").expect("said").starts_with("Enter a name of 1"));
    assert!(!format!("{problem:?}").contains(PASSWORD));
    let alerts = SettingChange::set("alert_emails", "ops@guild.example");
    let problem = refusal_of(&app, &config(&[]), std::slice::from_ref(&alerts)).await;
    assert!(problem.detail.contains("contradict"), "{}", problem.detail);
    let elsewhere = config(&[
        ("SMTP_URL", "smtp://127.0.0.1:25"),
        ("GUILDHALL_MAIL_FROM", "hall@guild.example"),
    ]);
    let problem =
        refusal_of(&app, &elsewhere, &[SettingChange::set("resend_api_key", PASSWORD)]).await;
    assert_eq!((problem.code, problem.field), ("SETTING_FIXED", Some("resend_api_key")));
    assert!(problem.detail.starts_with("SMTP_URL is set in the environment"), "{problem}");
    assert_eq!(app.count("SELECT count(*) FROM settings").await, 0);
    // What needs another setting keeps it from being removed.
    save(&app, 0, &[mail(), vec![alerts]].concat()).await;
    let none = ["smtp_url", "mail_from"].map(SettingChange::unset);
    let removed = settings::save(app.context(), &config(&[]), Operator, 1, &none).await;
    assert!(refused(removed).detail.contains("alert_emails"));
    app.finish().await;
}

#[tokio::test]
async fn the_audit_log_has_no_secrets_and_no_addresses() {
    let app = TestApp::start().await;
    save(&app, 0, &[mail(), vec![name("Fenwick Commons")]].concat()).await;
    save(&app, 1, &["smtp_url", "mail_from", "community_name"].map(SettingChange::unset)).await;
    let filter = Filter { action: Some("setting.change".to_owned()), ..Filter::default() };
    let entries = audit::search(&app.context().db, &filter, 10).await.expect("read");
    let mut changes: Vec<_> = entries.into_iter().map(|it| (it.before, it.after)).collect();
    changes.sort();
    let change = |before: &str, after: &str| (Some(before.to_owned()), Some(after.to_owned()));
    let expected = [
        change(r#"{"community_name":"Fenwick Commons"}"#, r#"{"community_name":null}"#),
        change(r#"{"community_name":null}"#, r#"{"community_name":"Fenwick Commons"}"#),
        change(r#"{"mail_from":"set"}"#, r#"{"mail_from":null}"#),
        change(r#"{"mail_from":null}"#, r#"{"mail_from":"set"}"#),
        change(r#"{"smtp_url":"set"}"#, r#"{"smtp_url":"removed"}"#),
        change(r#"{"smtp_url":null}"#, r#"{"smtp_url":"set"}"#),
    ];
    assert_eq!(changes, expected);
    app.finish().await;
}

#[tokio::test]
async fn secrets_follow_a_rotation_of_the_keys() {
    let app = TestApp::start().await;
    save(&app, 0, &mail()).await;
    let rotated = rotate(app.context(), &app.server.ring, RotateInput::default(), |_| {}).await;
    assert_eq!(rotated.expect("rotated").resealed, 1);
    let read = overlay(&app, &config(&[])).await;
    assert!(read.smtp_url.is_some());
    assert_eq!(read.stored_version, 1, "no process applies the same settings again");
    app.finish().await;
}

#[tokio::test]
async fn a_lost_key_leaves_its_group_out_until_it_is_entered_again() {
    let app = TestApp::start().await;
    save(&app, 0, &[mail(), vec![name("Fenwick Commons")]].concat()).await;
    let mut context = app.context().clone();
    let other = KeyRing::given("c".repeat(64).into(), None).expect("a ring");
    context.keys = Some(other.clone());
    let read = settings::overlay(&config(&[]), &context.db, Some(&other)).await.expect("read");
    assert!(read.smtp_url.is_none() && read.community_name == "Fenwick Commons");
    let why = read.unread_settings.clone().expect("a reason");
    assert!(why.contains("smtp_url") && why.contains("/admin/settings"), "{why}");
    let findings = of_configuration(&read);
    let finding = findings.iter().find(|finding| finding.check == "settings");
    assert!(!finding.expect("a finding").is_ok);
    // It keeps no other setting from being saved.
    let again = settings::save(&context, &read, Operator, 1, &[name("Fenwick")]).await;
    assert_eq!(again.expect("saved"), 2);
    settings::save(&context, &read, Operator, 2, &mail()).await.expect("saved");
    let read = settings::overlay(&read, &context.db, Some(&other)).await.expect("read");
    assert!(read.smtp_url.is_some() && read.unread_settings.is_none());
    app.abandon().await;
}

#[tokio::test]
async fn rows_that_do_not_read_are_left_out() {
    let app = TestApp::start().await;
    save(&app, 0, &[name("Fenwick"), SettingChange::set("public_url", "https://fen.example")])
        .await;
    let broken = "UPDATE settings SET value = 'nonsense' WHERE name = 'public_url'";
    app.change(broken).await.expect("changed");
    let read = overlay(&app, &config(&[])).await;
    assert_eq!((&*read.community_name, &read.public_url), ("Fenwick", &None));
    let why = read.unread_settings.expect("a reason");
    assert!(why.contains("public_url (GUILDHALL_PUBLIC_URL) is 'nonsense'"), "{why}");
    app.finish().await;
}

#[tokio::test]
async fn a_server_applies_what_was_saved_and_says_so() {
    let app = TestApp::following(|_| {}).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    save(&app, 0, &[name("Fenwick Commons")]).await;
    let began = Instant::now();
    let page = loop {
        let page = admin.get("/admin/settings").await.text;
        if page.contains("<code>Fenwick Commons</code>") {
            break page;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{page}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(page.contains(">set here</td>"), "{page}");
    let list = admin.json("/api/v1/admin/settings").await;
    let items = list["items"].as_array().expect("a list");
    let item = items.iter().find(|item| item["key"] == "community_name").expect("a setting");
    assert_eq!(item["origin"], "stored");
    assert_eq!(item["value"], "Fenwick Commons");
    app.finish().await;
}
