//! The application with an additional module, whose declarations all work without other changes.

use std::sync::LazyLock;

use guildhall::MODULES;
use identity::model::Role;
use platform::{
    audit::Actor::Operator,
    db::{Migration, Migrations},
    flags::FlagChange,
    module::{Module, Modules},
};
use recognition::{
    actions::{rebuild, verify},
    model::SettlementMode,
};
use serde_json::json;

use super::{kudos, thanks};
use crate::app::{TestApp, browser::Browser};

/// The program's modules and an additional one.
static ALL: LazyLock<Vec<&'static Module>> =
    LazyLock::new(|| MODULES.iter().chain([&kudos::MODULE]).collect());

fn modules() -> Modules {
    Modules(&ALL)
}

struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> Vec<Box<dyn Migration>> {
        modules().migrations()
    }
}

async fn app() -> TestApp {
    TestApp::of_modules::<Migrator>(modules(), *thanks::PROGRAMMES).await
}

async fn thank(browser: &Browser<'_>, words: &str) {
    let answer = browser.post("/kudos", &[("to", "finch-ash"), ("words", words)]).await;
    assert_eq!(answer.location(), "/kudos");
}

#[tokio::test]
async fn its_page_form_and_api_check_permissions() {
    let app = app().await;
    let visitor = Browser::new(&app);
    assert_eq!(visitor.get("/kudos").await.location(), "/sign-in?return=%2Fkudos");
    assert!(!visitor.get("/").await.text.contains("href=\"/kudos\""));
    let wren = app.browser_of("wren-oak").await;
    app.browser_of("finch-ash").await;
    assert!(wren.get("/kudos").await.text.contains("href=\"/kudos\" aria-current"));
    let refused = wren.post("/kudos", &[("to", "finch-ash"), ("words", " ")]).await;
    assert_eq!(refused.status, 422);
    for part in ["Not sent", "value=\"finch-ash\"", "id=\"words-e\"", "aria-invalid=\"true\""] {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
    thank(&wren, "For the review").await;
    assert!(wren.get("/kudos").await.text.contains("Thanks sent to finch-ash"));
    assert!(!wren.get("/kudos").await.text.contains("Thanks sent"), "said once");
    wren.call("GET", "/api/v1/kudos", None).await.refuses(403, "ROLE_REQUIRED", "admins");
    let admin = app.browser_with("lark-elm", Role::Admin).await;
    let all = admin.call("GET", "/api/v1/kudos", None).await.json();
    assert_eq!(all, json!([{ "words": "For the review" }]));
    let empty = json!({ "to": "finch-ash", "words": "" });
    let refused = wren.call("POST", "/api/v1/kudos", Some(&empty)).await;
    refused.refuses(422, "NO_KUDOS_TEXT", "Say what you thank for");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn its_points_notifications_audit_entries_and_alerts_work() {
    let app = app().await;
    let wren = app.browser_of("wren-oak").await;
    let finch = app.browser_of("finch-ash").await;
    thank(&wren, "For the review").await;
    thank(&wren, "For the tests").await;
    app.work().await;
    let board = app.json("/api/v1/leaderboards/global").await;
    assert_eq!(board["items"][0]["login"], "finch-ash");
    assert_eq!(board["items"][0]["points"], 10);
    assert!(finch.get("/inbox").await.text.contains("Someone thanks you"));
    let header = finch.get("/kudos").await.text;
    assert!(finch.get("/settings/notifications").await.text.contains("Someone thanks you"));
    assert!(header.contains("href=\"/inbox\""), "{header}");
    let given = "SELECT count(*) FROM audit_logs WHERE action = 'kudos.give'";
    assert_eq!(app.count(given).await, 2);
    assert_eq!(app.run_schedule("KudosCount").await, "2 kudos");
    app.run_schedule("OperatorAlerts").await;
    let alerted = "SELECT count(*) FROM alerts WHERE kind = 'kudos_flood'";
    assert_eq!(app.count(alerted).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn its_points_are_described_dumped_checked_and_rebuilt() {
    let app = app().await;
    let wren = app.browser_of("wren-oak").await;
    app.browser_of("finch-ash").await;
    thank(&wren, "For the review").await;
    app.work().await;
    app.verify().await;
    let profile = wren.get("/people/finch-ash").await.text;
    let words = r#"thanked <a href="/kudos#ledger"><bdi>For the review</bdi></a>"#;
    assert!(profile.contains(words), "{profile}");
    assert!(profile.contains("<p>1 received</p>"), "{profile}");
    let dump = app.dump().await;
    for part in [r#""is":"kudos""#, r#""source":"For the review""#, r#""board":"kudos:everything""#]
    {
        assert!(dump.iter().any(|line| line.contains(part)), "{dump:?}");
    }
    let forged = "UPDATE kudos SET created_at = (SELECT min(created_at) FROM users)";
    app.clock.advance(chrono::TimeDelta::days(1));
    thank(&wren, "For the tests").await;
    app.work().await;
    app.change(forged).await.expect("changed");
    let found = verify(app.context(), *thanks::PROGRAMMES).await;
    let found: Vec<String> = found.expect("verified").into_iter().map(|it| it.what).collect();
    assert_eq!(found, ["unposted entries"]);
    let mode = SettlementMode::Post;
    let rebuilt = rebuild(app.context(), *thanks::PROGRAMMES, mode, |_| {}).await;
    let summaries: Vec<String> =
        rebuilt.expect("rebuilt").into_iter().map(|it| it.summary).collect();
    // CTF teams give no points.
    assert_eq!(
        summaries,
        ["0 pull requests", "0 hackathons", "0 redemptions of rewards", "", "2 kudos"]
    );
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn its_leaderboard_has_a_page_and_is_listed() {
    let app = app().await;
    let wren = app.browser_of("wren-oak").await;
    app.browser_of("finch-ash").await;
    thank(&wren, "For the review").await;
    app.work().await;
    let own = wren.get("/leaderboards/kudos/all").await.text;
    for part in [
        "All thanks leaderboard",
        "finch-ash",
        r#"<option value="kudos/all" selected>All thanks</option>"#,
    ] {
        assert!(own.contains(part), "{part}: {own}");
    }
    let csv = wren.get("/leaderboards/kudos/all/board.csv").await.text;
    assert!(csv.contains("\"finch-ash\""), "{csv}");
    let everyone = wren.get("/leaderboards").await.text;
    assert!(everyone.contains(r#"<option value="kudos/all">All thanks</option>"#), "{everyone}");
    assert_eq!(
        wren.get("/leaderboards?board=kudos/all").await.location(),
        "/leaderboards/kudos/all"
    );
    let unknown = wren.get("/leaderboards/kudos/none").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.text.contains("Unknown thank-you"));
    app.finish().await;
}

#[tokio::test]
async fn its_flag_hides_it_and_erasure_removes_its_rows() {
    let app = app().await;
    let wren = app.browser_of("wren-oak").await;
    app.browser_of("finch-ash").await;
    thank(&wren, "For the review").await;
    app.work().await;
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    platform::flags::change(app.context(), Operator, "kudos", off, "to try")
        .await
        .expect("switched off");
    app.context().flags.look(&app.context().db).await.expect("followed");
    assert_eq!(wren.get("/kudos").await.status, 404);
    assert!(!wren.get("/").await.text.contains("href=\"/kudos\""));
    let id = app.person_id("wren-oak").await;
    let tx = app.context().begin().await.expect("a transaction");
    let held = guildhall::privacy::export(modules(), &tx, app.context(), id.into())
        .await
        .expect("exported");
    tx.commit().await.expect("committed");
    assert_eq!(held["kudos"], json!([{ "words": "For the review" }]));
    guildhall::privacy::erase(modules(), app.context(), Operator, id.into()).await.expect("erased");
    assert_eq!(app.count("SELECT count(*) FROM kudos").await, 0);
    app.finish().await;
}
