//! The number of database statements per page.

use platform::db::Sql as _;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Maximum number of statements for a page.
const MOST: usize = 6;

/// Number of statements for the session lookup, which precedes every page of a person.
const SESSION: usize = 1;

/// Number of statements for the version of the data, which decides what is kept in memory, on a connection of its own.
const VERSION: usize = 1;

/// Maximum number of statements for the numbers in the header and on the admin tabs, counted again only after the data
/// changed: unread notifications, failed deliveries, failed jobs, messages that were not sent, open feedback, and the work of all
/// modules, which has the other numbers.
const NUMBERS: usize = 6;

/// Maximum number of statements of the page that looks at everything, with the ongoing alerts.
const OVERVIEW: usize = 13;

/// Maximum number of statements of the pages of costs and use, which read what each module declares.
const REPORT: usize = 14;

/// Maximum number of statements of the page of a person for admins: the person with bans, sessions, factor and address, and what all
/// modules know.
const PERSON: usize = 14;

/// Public pages.
const PUBLIC: [&str; 26] = [
    "/",
    "/projects",
    "/projects?archived=true",
    "/projects/lantern",
    "/projects/lantern/feed.atom",
    "/projects/lantern/rules",
    "/leaderboards",
    "/leaderboards?rank=2",
    "/leaderboards?around=finch-ash",
    "/leaderboards/months",
    "/leaderboards/months/2026-10",
    "/leaderboards/projects/lantern",
    "/leaderboards/projects/lantern?rank=2",
    "/leaderboards/projects/lantern/months/2026-10",
    "/leaderboards/projects/lantern?around=finch-ash",
    "/people/wren-oak",
    "/people/wren-oak/feed.atom",
    "/pull-requests/octo-org/lantern/1",
    "/docs/api",
    "/docs/api/people",
    "/docs/problems",
    "/sign-in",
    "/sign-in/email",
    "/sign-in/email/x",
    "/search?q=wren",
    "/leaderboards?around=wren-oka",
];

/// Pages of an admin.
const OWN: [&str; 29] = [
    "/settings/account",
    "/settings/identities",
    "/inbox",
    "/settings/sessions",
    "/settings/tokens",
    "/settings/email",
    "/settings/notifications",
    "/projects/lantern/contributors",
    "/projects/lantern/maintainers",
    "/projects/lantern/repositories",
    "/projects/lantern/edit",
    "/admin/deliveries",
    "/admin/people",
    "/admin/people/wren-oak",
    "/admin/ledger",
    "/admin/flags",
    "/admin/backups",
    "/admin/costs",
    "/admin/use",
    "/admin/slow",
    "/admin/feedback",
    "/admin/maintenance",
    "/feedback",
    "/admin/health",
    "/admin/settings",
    "/admin/audit",
    "/admin/jobs",
    "/admin/notifications",
    "/admin/jobs/SessionRetention",
];

/// Returns the maximum number of statements of a page.
fn most(path: &str, who: &str) -> usize {
    match (path, who) {
        ("/", "an admin") => HOME,
        ("/", _) => FRONT,
        ("/search?q=wren", _) => SEARCH,
        // The own rank comes with the page, which is not cached yet.
        (path, "an admin") if path.starts_with("/leaderboards") => BOARD + 1,
        (path, _) if path.starts_with("/leaderboards") => BOARD,
        ("/people/wren-oak", _) => PROFILE,
        ("/admin/people/wren-oak", _) => PERSON,
        ("/admin/costs" | "/admin/use", _) => REPORT,
        // It asks about the tables of others, the processes and the database's clock, too.
        ("/admin/health", _) => MOST + 3,
        ("/pull-requests/octo-org/lantern/1", "an admin") => PULL_REQUEST,
        ("/pull-requests/octo-org/lantern/1", _) => MOST + 1,
        _ => MOST,
    }
}

#[tokio::test]
async fn no_page_runs_more_than_six_statements() {
    let (app, count) = TestApp::counted().await;
    app.project("lantern").await;
    app.project("windmill").await;
    app.repository("lantern", "octo-org/lantern", 1).await;
    let scenarios: Vec<Scenario> = [(1, "wren-oak"), (2, "finch-ash"), (3, "wren-oak")]
        .map(|(number, login)| {
            Scenario::opened(&repo(1, "lantern"), number, &person(login), "2026-10-02T08:00:00Z")
                .approved("2026-10-03T08:00:00Z")
                .merged(&format!("2026-10-0{}T09:00:00Z", number + 3))
        })
        .into();
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    let mut over = Vec::new();
    for path in PUBLIC {
        count.take();
        let answer = app.get(path).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        over.push((path, "a visitor", count.take().saturating_sub(VERSION)));
    }
    let admin = app.browser_with("wren-oak", identity::model::Role::Admin).await;
    for path in PUBLIC.into_iter().chain(OWN) {
        count.take();
        let answer = admin.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let first = count.taken();
        let most = SESSION + VERSION + NUMBERS + most(path, "an admin");
        assert!(first.len() <= most, "{path}: more than {most} statements at first: {first:#?}");
        admin.get(path).await;
        let again = count.take();
        // Cached pages run no statements of their own.
        over.push((path, "an admin", again.saturating_sub(SESSION + VERSION)));
    }
    over.retain(|(path, who, statements)| *statements > most(path, who));
    assert!(over.is_empty(), "more than {MOST} statements: {over:#?}");
    admin.get("/admin/overview").await;
    count.take();
    assert_eq!(admin.get("/admin/overview").await.status, 200);
    let overview = count.take() - SESSION - VERSION;
    assert!(overview <= OVERVIEW, "{overview} statements of the overview");
    app.finish().await;
}

/// Number of statements of a cached page: the session, and the version of the data. Flags are in memory, a reader's
/// settings are part of the session, and the number of unread notifications belongs to the version.
const CACHED: usize = 2;

#[tokio::test]
async fn a_cached_page_runs_two_statements_for_a_signed_in_person() {
    let (app, count) = TestApp::counted().await;
    app.project("lantern").await;
    let wren = app.browser_with("wren-oak", identity::model::Role::Admin).await;
    for path in [
        "/projects",
        "/projects?archived=true",
        "/projects/lantern",
        "/leaderboards",
        "/people/wren-oak",
    ] {
        assert_eq!(wren.get(path).await.status, 200, "{path}");
        count.take();
        assert_eq!(wren.get(path).await.status, 200, "{path}");
        let statements = count.take();
        assert!(statements <= CACHED, "{path}: {statements} statements");
    }
    app.finish().await;
}

/// Maximum number of statements of a signed-in person's home page, while what is kept for them is current: what runs, rank and days,
/// unread notices, own open pull requests, and the stamp of the issues that fit them. Whoever has no rank needs two more.
const HOME: usize = 7;

/// Maximum number of statements of the visitors' page: the sources of points, the month's board and that of all time, logins and
/// what people did, seasons, merges with their titles, badges, hackathons and winners, the issues with their descriptions and
/// reviewers, and of those to whom something happened, who is on no leaderboard and what the others hide.
const FRONT: usize = 18;

/// Maximum number of statements of a search: one for each kind, and one more for people with a similar login, the states of pull
/// requests, and the index of issues and its hits.
const SEARCH: usize = 16;

/// Maximum number of statements of a leaderboard: the sources of points, what people did, their pictures, their points by source,
/// their ranks before, and when a month can be final or what is pending, in addition to those of every page.
const BOARD: usize = MOST + 6;

/// Maximum number of statements of a profile: the person, rank and days, entries with the titles of their pull requests,
/// their first entry, the pull requests with their titles and repositories, what the person did, the badges and how many have them,
/// the claims, their profile, seasons and projects.
const PROFILE: usize = 15;

/// Maximum number of statements of a pull request's page for a maintainer: those of everyone, what may be reviewed, and
/// for its author whether the points can be contested.
const PULL_REQUEST: usize = 18;

#[tokio::test]
async fn a_person_s_home_page_runs_few_statements() {
    let (app, count) = TestApp::counted().await;
    app.project("lantern").await;
    app.repository("lantern", "octo-org/lantern", 1).await;
    let merged =
        Scenario::opened(&repo(1, "lantern"), 1, &person("finch-ash"), "2026-10-02T08:00:00Z")
            .approved("2026-10-03T08:00:00Z")
            .merged("2026-10-04T08:00:00Z");
    let open: Vec<Scenario> = (2..6)
        .map(|number| {
            Scenario::opened(
                &repo(1, "lantern"),
                number,
                &person("wren-oak"),
                "2026-10-05T08:00:00Z",
            )
        })
        .collect();
    app.deliver_all(&open.iter().chain([&merged]).collect::<Vec<_>>()).await;
    let admin = app.browser_with("wren-oak", identity::model::Role::Admin).await;
    admin.get("/").await;
    count.take();
    let page = admin.get("/").await;
    assert!(
        page.text.contains("Running now") || page.text.contains("Your figures"),
        "{}",
        page.text
    );
    // The session and the version of the data come first.
    let statements = count.take() - CACHED;
    assert!(statements <= HOME, "{statements} statements");
    app.finish().await;
}

#[tokio::test]
async fn statements_are_counted_on_every_pool() {
    let (app, count) = TestApp::counted().await;
    let db = &app.context().db;
    let versions = db.versions();
    count.take();
    db.count(db.statement("SELECT count(*) FROM users", [])).await.expect("read");
    assert_eq!(count.take(), 1, "the pool that reads");
    let tx = app.context().begin().await.expect("begun");
    count.take();
    tx.count(tx.statement("SELECT count(*) FROM users", [])).await.expect("read");
    assert_eq!(count.take(), 1, "the pool that writes");
    drop(tx);
    count.take();
    versions.now().await.expect("a version");
    assert_eq!(count.take(), 1, "the connection that watches");
    app.finish().await;
}
