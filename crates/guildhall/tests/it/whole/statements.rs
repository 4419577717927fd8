//! How often a page asks the database.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::app::{
    TestApp,
    stories::{Tale, person, repo},
};

/// The most that a page may ask.
const MOST: usize = 6;

/// The door asks once for the session, before any page.
const DOOR: usize = 1;

/// Pages that everybody may see.
const PUBLIC: [&str; 18] = [
    "/",
    "/projects",
    "/projects/lantern",
    "/projects/lantern/rules",
    "/leaderboards",
    "/leaderboards?rank=2",
    "/leaderboards?around=finch-ash",
    "/leaderboards/months",
    "/leaderboards/months/2026-10",
    "/leaderboards/projects/lantern",
    "/leaderboards/projects/lantern?rank=2",
    "/leaderboards/projects/lantern?around=finch-ash",
    "/people/wren-oak",
    "/pull-requests/octo-org/lantern/1",
    "/docs/api",
    "/sign-in",
    "/sign-in/email",
    "/sign-in/email/x",
];

/// Pages of an admin.
const OWN: [&str; 18] = [
    "/settings/account",
    "/settings/identities",
    "/inbox",
    "/settings/sessions",
    "/settings/tokens",
    "/settings/email",
    "/settings/notifications",
    "/projects/lantern/maintainers",
    "/admin/deliveries",
    "/admin/people",
    "/admin/ledger",
    "/admin/flags",
    "/admin/health",
    "/admin/settings",
    "/admin/audit",
    "/admin/jobs",
    "/admin/notifications",
    "/admin/jobs/SessionRetention",
];

#[tokio::test]
async fn no_page_asks_the_database_more_than_six_times() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let app = TestApp::observed(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    })
    .await;
    app.project("lantern").await;
    app.project("windmill").await;
    app.repository("lantern", "octo-org/lantern", 1).await;
    let tales: Vec<Tale> = [(1, "wren-oak"), (2, "finch-ash"), (3, "wren-oak")]
        .map(|(number, login)| {
            Tale::opened(
                &repo(1, "lantern"),
                number,
                &person(login),
                "2026-10-02T08:00:00Z",
            )
            .approved("2026-10-03T08:00:00Z")
            .merged(&format!("2026-10-0{}T09:00:00Z", number + 3))
        })
        .into();
    app.hear(&tales.iter().collect::<Vec<_>>()).await;
    let asked = || count.swap(0, Ordering::SeqCst);
    let mut over = Vec::new();
    for path in PUBLIC {
        asked();
        let answer = app.get(path).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        over.push((path, "a visitor", asked()));
    }
    let admin = app
        .browser_with("wren-oak", identity::model::Role::Admin)
        .await;
    for path in PUBLIC.into_iter().chain(OWN) {
        asked();
        let answer = admin.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        over.push((path, "an admin", asked() - DOOR));
    }
    over.retain(|(_, _, asked)| *asked > MOST);
    assert!(over.is_empty(), "more than {MOST} statements: {over:#?}");
    app.finish().await;
}

/// What a page that is kept asks in all: for the session, and for the version of the data. Flags are
/// followed, not asked for, and what a reader chose stands with the session.
const KEPT: usize = 2;

#[tokio::test]
async fn a_kept_page_asks_twice_for_somebody_who_is_signed_in() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let app = TestApp::observed(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    })
    .await;
    app.project("lantern").await;
    let wren = app
        .browser_with("wren-oak", identity::model::Role::Admin)
        .await;
    for path in [
        "/projects",
        "/projects/lantern",
        "/leaderboards",
        "/people/wren-oak",
    ] {
        assert_eq!(wren.get(path).await.status, 200, "{path}");
        count.store(0, Ordering::SeqCst);
        assert_eq!(wren.get(path).await.status, 200, "{path}");
        let asked = count.load(Ordering::SeqCst);
        assert!(asked <= KEPT, "{path} asked {asked} times");
    }
    app.finish().await;
}
