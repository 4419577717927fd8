//! Followed repositories and their health, by pages and by the API.

use platform::db::Sql as _;
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::{
    app::browser::Browser,
    auth::rows::{Access::Open, NONE, Row},
};

const SEARCH: &str = "/api/v1/repositories/search";

/// The rows of the permission matrix.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/discover/repositories", "/discover/repositories", NONE, Open(200)),
    ("GET", "/discover/repositories/{owner}/{name}", "/discover/repositories/octo-org/jetty", NONE, Open(200)),
    ("GET", SEARCH, SEARCH, NONE, Open(200)),
    ("GET", "/api/v1/repositories/trending", "/api/v1/repositories/trending", NONE, Open(200)),
    ("GET", "/api/v1/repositories/{id}/health", "/api/v1/repositories/01900000-0000-7000-8000-0000000000d2/health", NONE, Open(200)),
];

/// The ID of the repository in the rows.
const KNOWN: u128 = 0x0190_0000_0000_7000_8000_0000_0000_00d2;

/// Adds the repository in the rows, which was read.
pub(crate) async fn prepare(app: &TestApp) {
    let context = app.context();
    let (ids, now) = (context.ids.as_ref(), context.now());
    let tx = context.begin().await.expect("a transaction");
    let repository = Uuid::from_u128(KNOWN);
    let sql = "INSERT INTO repositories (id, created_at, updated_at, name_seen_at, settings_seen_at, github_id, full_name, \
               allows_private, follows_issues, is_archived, is_enabled, is_fork, is_private, is_watched, only_watched) \
               VALUES ($1, $2, $2, $2, $2, 7700002, 'octo-org/jetty', FALSE, TRUE, FALSE, TRUE, FALSE, FALSE, FALSE, FALSE)";
    let values = [repository.into(), now.into()];
    tx.run(tx.statement(sql, values)).await.expect("inserted");
    let sql = "INSERT INTO repository_health (id, created_at, updated_at, last_scanned_at, repository_id, health, activity, \
               community, documentation, reasons, facts_digest, name_key, facets, is_listed) \
               VALUES ($1, $2, $2, $2, $3, 50, 50, 50, 50, '[]', '', 'octo-org/jetty', '|', TRUE)";
    let values = [ids.next().into(), now.into(), repository.into()];
    tx.run(tx.statement(sql, values)).await.expect("inserted");
    tx.commit().await.expect("committed");
}

/// A server that follows a healthy, a usual and a bare repository.
async fn server() -> (Reef, TestApp) {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.repository("octo-org", "tide");
    reef.repository("sea-org", "50_shells");
    let shape = |name: &str, change: &dyn Fn(&mut testkit::payloads::Repo)| {
        reef.github.shape(name, |repo| change(repo)).expect("known");
    };
    shape("octo-org/tide", &|repo| {
        repo.topics = vec!["parser".to_owned()];
        repo.license = Some("MIT".to_owned());
    });
    shape("sea-org/50_shells", &|repo| {
        repo.description = None;
        repo.topics = Vec::new();
    });
    for title in ["Report which page failed its checksum", "Explain the tide table"] {
        reef.open("octo-org/tide", title, &[]);
    }
    reef.open(LANTERN, "Sort the stations by name", &["help wanted"]);
    follow(&app, &[LANTERN, "octo-org/tide", "sea-org/50_shells"]).await;
    (reef, app)
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("items");
    let names = items.iter().map(|item| item["repository"].as_str());
    names.map(|name| name.expect("a name")).collect()
}

async fn found(app: &TestApp, query: &str) -> Vec<String> {
    let list = app.json(&format!("{SEARCH}?{query}")).await;
    names(&list).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn repositories_are_found_by_name_language_and_topic() {
    let (_reef, app) = server().await;
    let all = found(&app, "").await;
    assert_eq!(all, ["octo-org/tide", LANTERN, "sea-org/50_shells"]);
    assert_eq!(found(&app, "q=LANTern").await, [LANTERN]);
    assert_eq!(found(&app, "q=50_").await, ["sea-org/50_shells"]);
    assert_eq!(found(&app, "q=t_de").await.len(), 0);
    assert_eq!(found(&app, "q=%25").await.len(), 0);
    assert_eq!(found(&app, "topic=Parser").await, ["octo-org/tide"]);
    assert_eq!(found(&app, "topic=pars").await.len(), 0);
    assert_eq!(found(&app, "language=rust").await.len(), 3);
    assert_eq!(found(&app, "language=rust&topic=cli").await, [LANTERN]);
    assert_eq!(found(&app, "language=Zig").await.len(), 0);
    app.finish().await;
}

#[tokio::test]
async fn pages_follow_each_other() {
    let (_reef, app) = server().await;
    for path in [SEARCH, "/api/v1/repositories/trending"] {
        let all = app.json(path).await;
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.json(&format!("{path}?limit=1&cursor={cursor}")).await;
            paged.extend(names(&page).into_iter().map(str::to_owned));
            match page["next_cursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(paged, names(&all), "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn trending_repositories_have_issues_that_gain_attention() {
    let (reef, app) = server().await;
    let trending = "/api/v1/repositories/trending";
    // Two new issues gain more than one, and a repository without issues gains none.
    assert_eq!(names(&app.json(trending).await), ["octo-org/tide", LANTERN]);
    reef.pass(&app, TimeDelta::days(1));
    for _ in 0..4 {
        reef.act(LANTERN, 1, &IssueAct::Commented("I can reproduce this.".to_owned()));
    }
    read_again(&app).await;
    // The lists are kept for a while.
    let again = names(&app.json(&format!("{trending}?limit=2")).await).join(" ");
    assert_eq!(again, format!("{LANTERN} octo-org/tide"));
    app.finish().await;
}

#[tokio::test]
async fn health_has_its_reasons() {
    let (_reef, app) = server().await;
    let list = app.json(SEARCH).await;
    let first = &list["items"][0];
    assert_eq!(first["opportunities"], 2);
    assert_eq!(first["license"], "MIT");
    let id = first["id"].as_str().expect("an ID");
    let path = format!("/api/v1/repositories/{id}/health");
    let detail = app.json(&path).await;
    assert_eq!(detail["repository"], "octo-org/tide");
    let health = &detail["repository_health"];
    let sum = |part: &str| -> f64 {
        let reasons = health["reasons"].as_array().expect("reasons");
        let own = reasons.iter().filter(|reason| reason["part"] == part);
        own.filter_map(|reason| reason["value"].as_f64()).sum()
    };
    for part in ["health", "activity", "community", "documentation"] {
        assert_eq!(health[part].as_f64(), Some(sum(part)), "{part}");
    }
    for path in [SEARCH, &path] {
        let answer = app.get(path).send().await.expect("an answer");
        let kept = answer.headers()["cache-control"].to_str().expect("text");
        assert_eq!(kept, "public, max-age=300, stale-while-revalidate=600");
    }
    app.finish().await;
}

#[tokio::test]
async fn repositories_that_are_private_or_not_followed_are_not_listed() {
    let (reef, app) = server().await;
    reef.github.shape(LANTERN, |repo| repo.private = true).expect("known");
    reef.github.permit(LANTERN, "hexacat", Role::Read).expect("permitted");
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, 1, &IssueAct::Commented("I can reproduce this.".to_owned()));
    read_again(&app).await;
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let name = ["octo-org/tide".to_owned()];
    let ended = discovery::actions::unfollow(&mut tx, context, &name).await;
    assert_eq!(ended.expect("ended").ended, 1);
    tx.commit().await.expect("committed");
    app.work().await;
    assert_eq!(found(&app, "").await, ["sea-org/50_shells"]);
    let browser = Browser::new(&app);
    let hidden = browser.get(&format!("/discover/repositories/{LANTERN}")).await;
    assert_eq!(hidden.status, 404);
    let old = browser.get("/discover/repositories/octo-org/tide").await;
    assert_eq!(old.status, 200);
    assert!(old.text.contains("no longer followed"), "{}", old.text);
    app.finish().await;
}

#[tokio::test]
async fn malformed_queries_are_refused() {
    let app = TestApp::start().await;
    for (query, code, words) in [
        ("cursor=1", "BAD_CURSOR", "Start without a cursor"),
        ("limit=101", "BAD_LIMIT", "between 1 and 100"),
    ] {
        let path = format!("{SEARCH}?{query}");
        app.refuses(&path, 400, code, words).await;
    }
    for field in ["q", "language", "topic"] {
        let long = format!("{SEARCH}?{field}={}", "x".repeat(101));
        app.refuses(&long, 400, "BAD_QUERY", "at most 100").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn pages_show_the_list_and_each_repository() {
    let (_reef, app) = server().await;
    let browser = Browser::new(&app);
    let list = browser.get("/discover/repositories").await;
    assert_eq!(list.status, 200);
    for part in ["octo-org/tide", LANTERN, "of 100"] {
        assert!(list.text.contains(part), "{part}: {}", list.text);
    }
    let none = browser.get("/discover/repositories?q=nowhere").await;
    assert!(none.text.contains("No repository matches"), "{}", none.text);
    let page = browser.get("/discover/repositories/octo-org/tide").await;
    for part in
        ["2 open issues", "Explain the tide table", "MIT", "Activity", "First answer", "parser"]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let other = browser.get("/discover/repositories/Octo-Org/Tide").await;
    assert_eq!(other.header("location"), "/discover/repositories/octo-org/tide");
    let cards = browser.get("/discover").await;
    assert!(cards.text.contains("href=\"/discover/repositories/octo-org/tide\""));
    assert_eq!(browser.get("/discover/repositories/octo-org/nowhere").await.status, 404);
    assert_eq!(browser.get("/discover/repositories?cursor=1").await.status, 400);
    app.finish().await;
}
