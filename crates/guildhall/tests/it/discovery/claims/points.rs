//! Claims in a registered repository follow from deliveries, and points come by the pull request alone.

use platform::db::Sql as _;

use super::*;

/// A server with the repository in a project, to which GitHub delivers its events, and an issue.
async fn registered() -> (Reef, TestApp) {
    let (reef, app) = with_issues(1).await;
    reef.register(&app).await;
    (reef, app)
}

async fn delivered(reef: &Reef, app: &TestApp) {
    reef.github.settle().await;
    app.work().await;
}

#[tokio::test]
async fn a_delivered_merge_completes_the_claim_and_its_points_are_there_once() {
    let (reef, app) = registered().await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    reef.pass(&app, TimeDelta::hours(1));
    let number = draft(&reef, "octavia", "Fixes #1");
    delivered(&reef, &app).await;
    reef.pass(&app, TimeDelta::days(5));
    change(&reef, number, Act::ReadyForReview);
    delivered(&reef, &app).await;
    let extended = "SELECT count(*) FROM opportunity_claims WHERE extended";
    assert_eq!(app.count(extended).await, 1);
    reef.pass(&app, TimeDelta::hours(1));
    reef.github.merge(LANTERN, number, "rook-elm").expect("merged");
    delivered(&reef, &app).await;
    let completed = [format!("1 completed, octo-org/lantern#{number}, merged")];
    assert_eq!(octavia.claims().await, completed);
    assert_eq!(claimed(&app).await, ["1 completed"]);
    // Deliveries have no lists of files, which correct the points.
    let again = async || {
        reef.pass(&app, TimeDelta::minutes(20));
        app.run_schedule("RepositorySync").await;
        read_again(&app).await;
    };
    again().await;
    let merges = "SELECT count(*) FROM point_transactions t JOIN users u ON u.id = t.user_id \
                  WHERE u.login = 'octavia' AND t.points > 0";
    let points = "SELECT CAST(total_points AS text) AS value FROM users WHERE login = 'octavia'";
    let (entries, total) = (app.count(merges).await, app.values(points).await);
    assert!(entries > 0, "{total:?}");
    // Reading the same again changes nothing.
    again().await;
    pass(&reef, &app, TimeDelta::days(8)).await;
    assert_eq!(octavia.claims().await, completed);
    assert_eq!(app.count(merges).await, entries);
    assert_eq!(app.values(points).await, total);
    let news: Vec<String> = app.inbox(&octavia).await;
    let merged = news.iter().filter(|title| title.contains("Merged: ")).count();
    assert_eq!(merged, 1, "{news:?}");
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn the_newest_description_says_which_issues_a_pull_request_closes() {
    let (reef, app) = registered().await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    let closes = async || {
        let sql = "SELECT CAST(number AS text) || coalesce(' of ' || repository_name, '') AS value \
                   FROM closing_references ORDER BY number";
        app.values(sql).await
    };
    for (body, expected) in [
        ("Fixes #1 and closes octo-org/harbor#5", vec!["1", "5 of octo-org/harbor"]),
        ("See #1", vec![]),
        ("`Fixes #1` <!-- Fixes #1 -->", vec![]),
    ] {
        reef.pass(&app, TimeDelta::hours(1));
        draft(&reef, "octavia", body);
        delivered(&reef, &app).await;
        assert_eq!(closes().await, expected, "{body}");
        app.change("DELETE FROM closing_references").await.expect("deleted");
    }
    // The API states the same.
    reef.pass(&app, TimeDelta::hours(1));
    app.run_schedule("RepositorySync").await;
    app.work().await;
    assert_eq!(closes().await, ["1"]);
    app.finish().await;
}

#[tokio::test]
async fn pull_requests_of_other_repositories_change_no_claim() {
    let (reef, app) = registered().await;
    reef.repository("octavia", "elsewhere");
    reef.register_repository(&app, "octavia/elsewhere").await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    reef.pass(&app, TimeDelta::hours(1));
    let opened = reef.github.open_pull("octavia/elsewhere", "octavia", |pull| {
        pull.body = Some(format!("Fixes {LANTERN}#1"));
    });
    let number = opened.expect("opened");
    delivered(&reef, &app).await;
    let extended = "SELECT count(*) FROM opportunity_claims WHERE extended";
    assert_eq!(app.count(extended).await, 0);
    let merged = reef.github.merge("octavia/elsewhere", number, "rook-elm");
    merged.expect("merged");
    delivered(&reef, &app).await;
    assert_eq!(octavia.claims().await, ["1 active"]);
    assert_eq!(claimed(&app).await, ["1 claimed by octavia"]);
    app.finish().await;
}

#[tokio::test]
async fn names_that_only_look_like_the_repository_close_no_issue() {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        id: uuid::Uuid,
    }
    let (_reef, app) = with_issues(1).await;
    let db = &app.context().db;
    app.change("UPDATE repositories SET full_name = 'octo_org/lan_tern'").await.expect("renamed");
    let issue: Option<Row> = db.one(db.statement("SELECT id FROM issues", [])).await.expect("read");
    let issue = issue.expect("an issue").id;
    for (id, name) in [("i.id", "Octo_org/lan_tern#5"), ("i.repository_id", "octo-org/lan-tern#6")]
    {
        let sql = format!(
            "INSERT INTO linked_pulls (id, created_at, issue_id, name, is_open, active_at) \
             SELECT {id}, i.created_at, i.id, '{name}', TRUE, i.created_at FROM issues i"
        );
        app.change(&sql).await.expect("linked");
    }
    let found = github::reads::closing_pulls(db, issue.into()).await.expect("read");
    let names: Vec<_> = found.iter().map(|pull| pull.name.as_str()).collect();
    assert_eq!(names, ["Octo_org/lan_tern#5"]);
    app.finish().await;
}
