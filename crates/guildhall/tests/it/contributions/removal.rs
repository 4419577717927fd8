//! Repositories that are removed from their project, and added again.

use std::collections::BTreeSet;

use contributions::actions::{add_repository, remove_repository, settle_pulls};
use github::{actions::NewRepository, model::PULL_REQUEST_CHANGED};
use kernel::Problem;
use platform::{ActionError, audit::Actor::Operator, jobs};

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Four merged pull requests of a person, which share a month, and one of another person; and one in another repository.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.project("other").await;
    app.repository("season", "octo-org/harbor", 2).await;
    let (lantern, harbor) = (repo(1, "lantern"), repo(2, "harbor"));
    let merged = |number: i64, login: &str| {
        let day = |hour: i64| format!("2026-10-{:02}T{hour:02}:00:00Z", number + 1);
        Scenario::opened(&lantern, number, &person(login), &day(8)).merged(&day(9))
    };
    let elsewhere = Scenario::opened(&harbor, 9, &person("hexacat"), "2026-10-09T08:00:00Z");
    app.deliver_all(&[
        &merged(1, "hexacat"),
        &merged(2, "hexacat"),
        &merged(3, "hexacat"),
        &merged(4, "hexacat"),
        &merged(5, "monacat"),
        &elsewhere,
    ])
    .await;
    app
}

fn lantern() -> NewRepository {
    NewRepository { full_name: "octo-org/lantern".to_owned(), github_id: 1, hook: None }
}

async fn add(app: &TestApp, slug: &str, new: &NewRepository) -> Result<(), ActionError> {
    let added = add_repository(app.context(), &app.server.ring, Operator, slug, new);
    added.await.map(|_| ())
}

/// Settles the pull request of the first wake-up, and leaves the others.
async fn settle_one(app: &TestApp) {
    let tx = app.context().begin().await.expect("a transaction");
    let first = jobs::take(&tx, PULL_REQUEST_CHANGED, 1).await;
    let first = first.expect("wake-ups");
    let pulls: BTreeSet<_> = first.iter().map(|one| one.object_id.into()).collect();
    assert_eq!(pulls.len(), 1);
    let settled = settle_pulls(&tx, app.context(), &pulls).await;
    settled.expect("settled");
    jobs::forget(&tx, &first).await.expect("forgotten");
    tx.commit().await.expect("committed");
}

async fn awaiting(app: &TestApp) -> i64 {
    let sql = "SELECT count(*) FROM wake_ups WHERE topic = 'pull_request_changed'";
    app.count(sql).await
}

/// The points of each person.
async fn totals(app: &TestApp) -> Vec<String> {
    let sql = "SELECT login || ' ' || total_points AS value FROM users ORDER BY login";
    app.values(sql).await
}

/// The board of a project, as the API returns it.
async fn board(app: &TestApp, slug: &str) -> String {
    let path = format!("/api/v1/leaderboards/projects/{slug}");
    let board = app.json(&path).await;
    let row = |row: &serde_json::Value| format!("{} {}", row["login"], row["points"]);
    let rows = board["items"].as_array().expect("rows").iter().map(row);
    rows.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn removing_a_repository_reverses_its_points_and_adding_it_again_restores_them() {
    let app = scene().await;
    let (before, people) = (app.net_ledger().await, totals(&app).await);
    let listed = board(&app, "season").await;
    let entries = app.count("SELECT count(*) FROM point_transactions").await;
    let removed = remove_repository(app.context(), Operator, "season", 1).await;
    assert_eq!(removed.expect("removed").full_name, "octo-org/lantern");
    assert_eq!(awaiting(&app).await, 5);
    app.verify().await;
    // Some are settled, and the others still wait.
    for left in [4, 3] {
        settle_one(&app).await;
        assert_eq!(awaiting(&app).await, left);
        app.verify().await;
    }
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, ["#9  pr_opened +10 2026-10"]);
    assert_eq!(board(&app, "season").await, r#""hexacat" 10"#);
    let page = "/api/v1/pull-requests/octo-org/lantern/1";
    app.refuses(page, 404, "NOT_FOUND", "does not belong to any project").await;
    let after = app.count("SELECT count(*) FROM point_transactions").await;
    // Each entry is kept beside its reversal.
    assert_eq!(after, entries + before.len() as i64 - 1);
    add(&app, "season", &lantern()).await.expect("added");
    assert_eq!(awaiting(&app).await, 5);
    app.verify().await;
    for left in [4, 3] {
        settle_one(&app).await;
        assert_eq!(awaiting(&app).await, left);
        app.verify().await;
    }
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, before);
    assert_eq!(totals(&app).await, people);
    assert_eq!(board(&app, "season").await, listed);
    let sql = "SELECT action AS value FROM audit_logs WHERE action LIKE 'repository.%' ORDER BY id";
    let [.., removed, added] = &app.values(sql).await[..] else {
        panic!("two entries");
    };
    assert_eq!((&**removed, &**added), ("repository.remove", "repository.add"));
    app.finish().await;
}

#[tokio::test]
async fn a_repository_can_be_added_to_another_project() {
    let app = scene().await;
    let (before, listed) = (app.net_ledger().await, board(&app, "season").await);
    let removed = remove_repository(app.context(), Operator, "season", 1).await;
    removed.expect("removed");
    // Nothing is settled before it belongs to the other project.
    add(&app, "other", &lantern()).await.expect("added");
    app.verify().await;
    settle_one(&app).await;
    app.verify().await;
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, before);
    assert_eq!(board(&app, "season").await, r#""hexacat" 10"#);
    assert_ne!(board(&app, "other").await, "");
    let shown = app.json("/api/v1/projects/other").await;
    assert_eq!(shown["repositories"], serde_json::json!(["octo-org/lantern"]));
    remove_repository(app.context(), Operator, "other", 1).await.expect("removed");
    app.work().await;
    add(&app, "season", &lantern()).await.expect("added");
    app.work().await;
    app.verify().await;
    assert_eq!(board(&app, "season").await, listed);
    app.finish().await;
}

#[tokio::test]
async fn what_github_reports_is_recorded_meanwhile() {
    let app = scene().await;
    let removed = remove_repository(app.context(), Operator, "season", 1).await;
    removed.expect("removed");
    app.work().await;
    let new = Scenario::opened(&repo(1, "lantern"), 6, &person("monacat"), "2026-10-20T08:00:00Z");
    app.deliver_all(&[&new]).await;
    assert_eq!(app.net_ledger().await, ["#9  pr_opened +10 2026-10"]);
    add(&app, "season", &lantern()).await.expect("added");
    app.work().await;
    app.verify().await;
    let ledger = app.net_ledger().await;
    assert!(ledger.contains(&"#6  pr_opened +10 2026-10".to_owned()), "{ledger:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_rebuild_keeps_what_a_removal_reversed() {
    let app = scene().await;
    let removed = remove_repository(app.context(), Operator, "season", 1).await;
    removed.expect("removed");
    app.work().await;
    let before = app.dump().await;
    let post = recognition::model::SettlementMode::Post;
    recognition::actions::rebuild(app.context(), guildhall::PROGRAMMES, post, |_| {})
        .await
        .expect("rebuilt");
    assert_eq!(app.dump().await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_profile_names_no_page_of_a_removed_pull_request() {
    let app = scene().await;
    let link = r#"href="/pull-requests/octo-org/lantern/1"#;
    let profile = async || {
        let page = app.get("/people/hexacat").send().await.expect("an answer");
        page.text().await.expect("HTML")
    };
    assert!(profile().await.contains(link));
    let removed = remove_repository(app.context(), Operator, "season", 1).await;
    removed.expect("removed");
    app.work().await;
    let page = profile().await;
    assert!(!page.contains(link), "{page}");
    assert!(page.contains("in a repository that was removed"), "{page}");
    app.finish().await;
}

fn code(refused: ActionError) -> &'static str {
    match refused {
        ActionError::Refused(Problem { code, .. }) => code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn invalid_removals_and_additions_are_refused() {
    let app = scene().await;
    let context = app.context();
    for (slug, github_id, words) in [
        ("none", 1, "Unknown project 'none'"),
        ("season", 3, "no repository with the GitHub ID 3"),
        ("other", 1, "The project 'other' has no repository"),
    ] {
        let refused = remove_repository(context, Operator, slug, github_id).await;
        let refused = refused.expect_err("refused");
        assert!(refused.to_string().contains(words), "{refused}");
        assert_eq!(code(refused), "NOT_FOUND");
    }
    assert_eq!(awaiting(&app).await, 0);
    let refused = add(&app, "other", &lantern()).await.expect_err("refused");
    assert_eq!(code(refused), "REPOSITORY_REGISTERED");
    let removed = remove_repository(context, Operator, "season", 1).await;
    removed.expect("removed");
    let again = remove_repository(context, Operator, "season", 1).await;
    assert_eq!(code(again.expect_err("refused")), "NOT_FOUND");
    let misnamed = NewRepository { full_name: "octo-org/lamp".to_owned(), ..lantern() };
    let refused = add(&app, "season", &misnamed).await.expect_err("refused");
    let words = "GitHub ID 1 is known as octo-org/lantern, not as octo-org/lamp";
    assert!(refused.to_string().contains(words), "{refused}");
    app.work().await;
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_repository_that_is_added_again_keeps_its_webhook_or_gets_another() {
    let app = TestApp::start().await;
    app.project("season").await;
    let with_hook = |github_id: i64, hook: Option<i64>| NewRepository {
        full_name: format!("octo-org/lantern-{github_id}"),
        github_id,
        hook: hook.map(|id| (id, format!("the secret of hook {id}").into())),
    };
    for (github_id, hook) in [(1, 11), (2, 22)] {
        app.register("season", &with_hook(github_id, Some(hook))).await;
    }
    let hook = async || {
        let sql = "SELECT hook_id || ' ' || (previous_hook_secret IS NULL) AS value FROM repositories WHERE github_id = 1";
        app.values(sql).await
    };
    let first = hook().await;
    assert!(first[0].starts_with("11 "), "{first:?}");
    for (given, kept) in [(None, "11 "), (Some(11), "11 "), (Some(12), "12 ")] {
        let removed = remove_repository(app.context(), Operator, "season", 1).await;
        removed.expect("removed");
        if given.is_none() {
            let taken = add(&app, "season", &with_hook(1, Some(22))).await;
            assert_eq!(code(taken.expect_err("taken")), "HOOK_TAKEN");
        }
        let added = add(&app, "season", &with_hook(1, given)).await;
        added.expect("added");
        let now = hook().await;
        assert!(now[0].starts_with(kept), "{given:?}: {now:?}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_removed_twice_at_once_is_removed_once() {
    let app = scene().await;
    let other = app.sibling().await;
    let remove = |context| remove_repository(context, Operator, "season", 1);
    let (one, two) = tokio::join!(remove(app.context()), remove(&other.context));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let removals = "SELECT count(*) FROM audit_logs WHERE action = 'repository.remove'";
    assert_eq!(app.count(removals).await, 1);
    app.work().await;
    app.verify().await;
    other.context.db.close().await;
    app.finish().await;
}
