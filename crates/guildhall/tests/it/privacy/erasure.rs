//! Erasure: no table contains the person's data, and everything that the ledger depends on remains.

use guildhall::{MODULES, privacy};
use identity::model::Role;
use platform::{
    audit::Actor::Operator,
    db::{DatabaseUrl, Engine},
};

use crate::{
    PROGRAMMES,
    app::{
        TestApp, at,
        scenarios::{Scenario, person, repo},
    },
    messages::push::subscription,
};

/// Starts a server with every kind of data about wren-oak.
async fn server() -> (TestApp, Scenario) {
    let (app, _) = TestApp::mailing().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let lantern = repo(1, "lantern");
    let own = Scenario::opened(&lantern, 1, &person("wren-oak"), "2026-10-02T08:00:00Z")
        .merged("2026-10-03T08:00:00Z");
    let other = Scenario::opened(&lantern, 2, &person("finch-ash"), "2026-10-04T08:00:00Z")
        .merged("2026-10-05T08:00:00Z");
    app.deliver_all(&[&own, &other]).await;
    let browser = app.browser_with("wren-oak", Role::Moderator).await;
    app.verify_address("wren-oak").await;
    for programme in PROGRAMMES {
        (programme.act)(&app, "wren-oak").await;
    }
    browser.post("/settings/account/export", &[]).await.location();
    let push = subscription("https://push.example/wren");
    let path = "/api/v1/me/push-subscriptions";
    assert_eq!(browser.call("POST", path, Some(&push)).await.status, 201);
    crate::notifications::phones::act(&app, "wren-oak").await;
    // Its attempt fails: nothing listens there.
    let added =
        crate::messages::webhooks::add(&app, "wren-oak", "https://wren-oak.invalid/a").await;
    let test = format!("/api/v1/me/webhooks/{}/test", added["id"].as_str().expect("an ID"));
    assert_eq!(browser.call("POST", &test, None).await.status, 202);
    crate::pictures::keep(&app, "wren-oak").await;
    app.token("wren-oak", &[identity::model::Scope::Read]).await;
    app.ban("wren-oak").await;
    app.work().await;
    (app, own)
}

/// Returns the text and JSON columns of every table, read from the schema.
pub(crate) async fn texts(app: &TestApp) -> Vec<(String, String)> {
    let sql = match app.context().db.engine() {
        Engine::Sqlite => {
            "SELECT t.name || ' ' || c.name AS value FROM sqlite_schema t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND c.type NOT LIKE 'uuid%' \
             AND (c.type LIKE '%text%' OR c.type LIKE '%char%' OR c.type LIKE '%json%' OR c.type = '')"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name || ' ' || column_name AS text) AS value \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY')"
        }
    };
    let found = app.values(sql).await.into_iter();
    let pair = |name: String| {
        let (table, column) = name.split_once(' ').expect("a table and a column");
        (table.to_owned(), column.to_owned())
    };
    found.map(pair).collect()
}

async fn erase(app: &TestApp, login: &str) -> String {
    let found = identity::reads::find_account(&app.context().db, login).await;
    let id = found.expect("known").id.into();
    privacy::erase(MODULES, app.context(), Operator, id).await.expect("erased");
    let logins = identity::reads::logins(&app.context().db, [id]).await;
    logins.expect("logins").remove(&id).expect("a pseudonym")
}

#[tokio::test]
async fn no_table_contains_the_person() {
    let (app, _) = server().await;
    erase(&app, "wren-oak").await;
    let texts = texts(&app).await;
    let id = person("wren-oak").id.to_string();
    let is_theirs = |text: &String| {
        text.to_lowercase().contains("wren") || text.contains("Spam") || *text == id
    };
    for (table, column) in &texts {
        let text = format!("coalesce(CAST({column} AS text), '')");
        let found = format!("SELECT {text} AS value FROM {table} WHERE {text} <> ''");
        let left: Vec<_> = app.values(&found).await.into_iter().filter(is_theirs).collect();
        assert!(left.is_empty(), "{table}.{column}: {left:?}");
    }
    assert!(texts.len() > 100, "{} columns", texts.len());
    for table in ["sessions", "api_tokens", "account_exports", "project_maintainers"] {
        let left = format!(
            "SELECT count(*) FROM {table} WHERE user_id IN (SELECT id FROM users WHERE erased_at IS NOT NULL)"
        );
        assert_eq!(app.count(&left).await, 0, "{table}");
    }
    app.finish().await;
}

/// Deleted rows stay in free pages and in the write-ahead log of SQLite, unless they are overwritten.
#[tokio::test]
async fn no_database_file_contains_the_person() {
    let (app, _) = server().await;
    let DatabaseUrl::Sqlite(path) = app.database_url().clone() else {
        return app.finish().await;
    };
    let folder = path.parent().expect("a folder").to_owned();
    let holding = || {
        let files = std::fs::read_dir(&folder).expect("the folder");
        let files = files.map(|file| file.expect("a file").path());
        let holds = |file: &std::path::PathBuf| {
            let bytes = std::fs::read(file).expect("the bytes").to_ascii_lowercase();
            bytes.windows(8).any(|window| window == b"wren-oak")
        };
        files.filter(holds).collect::<Vec<_>>()
    };
    app.context().db.empty_log().await.expect("emptied");
    assert!(!holding().is_empty(), "the person is there before");
    erase(&app, "wren-oak").await;
    let left = holding();
    assert!(left.is_empty(), "{left:?}");
    app.finish().await;
}

#[tokio::test]
async fn points_remain_and_no_event_restores_the_person() {
    let (app, own) = server().await;
    let before = app.net_ledger().await;
    let people = app.count("SELECT count(*) FROM users").await;
    let pseudonym = erase(&app, "wren-oak").await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, before);
    let board = app.json("/api/v1/leaderboards/global").await;
    let logins: Vec<_> = board["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["login"].as_str().map(str::to_owned))
        .collect();
    assert!(!logins.contains(&pseudonym) && logins.contains(&"finch-ash".to_owned()));
    // Later deliveries about old and new work are assigned to the pseudonym.
    let later =
        Scenario::opened(&repo(1, "lantern"), 3, &person("wren-oak"), "2026-10-06T08:00:00Z")
            .merged("2026-10-07T08:00:00Z");
    app.deliver_all(&[&own, &later]).await;
    app.verify().await;
    let named = "SELECT count(*) FROM users WHERE login = 'wren-oak'";
    assert_eq!(app.count(named).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM users").await, people);
    // Signing in does not restore the person either.
    let account = identity::model::GithubAccount::new(
        person("wren-oak").id,
        "wren-oak".to_owned(),
        identity::model::AccountKind::User,
        app.context().now(),
    );
    let device = identity::model::Device::default();
    let refused = identity::actions::sign_in(app.context(), account, &device, None).await;
    let refused = refused.expect_err("refused").to_string();
    assert!(refused.contains("account was deleted"), "{refused}");
    app.refuses("/api/v1/people/wren-oak", 404, "PERSON_NOT_FOUND", "wren-oak").await;
    app.finish().await;
}

#[tokio::test]
async fn the_last_admin_cannot_be_erased() {
    let app = TestApp::start().await;
    app.browser_with("finch-ash", Role::Admin).await;
    let found = identity::reads::find_account(&app.context().db, "finch-ash").await;
    let id = found.expect("known").id;
    let refused = privacy::erase(MODULES, app.context(), Operator, id.into()).await;
    let refused = refused.expect_err("refused").to_string();
    assert!(refused.contains("finch-ash"), "{refused}");
    assert_eq!(app.count("SELECT count(*) FROM users WHERE erased_at IS NULL").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_age_of_an_erased_account_is_not_kept() {
    let (app, _) = server().await;
    let dated = "SELECT count(*) FROM user_identities WHERE account_created_at IS NOT NULL";
    let stated = Some(at("2019-03-01T10:00:00Z"));
    app.know_created("wren-oak", stated).await;
    assert_eq!(app.count(dated).await, 1);
    erase(&app, "wren-oak").await;
    assert_eq!(app.count(dated).await, 0);
    // What GitHub states later is not stored either.
    app.know_created("wren-oak", stated).await;
    assert_eq!(app.count(dated).await, 0);
    app.finish().await;
}
