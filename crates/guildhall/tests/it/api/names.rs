//! Names are found in any case, as on GitHub.

use identity::{
    actions::grant_role,
    model::{AccountKind, GithubAccount, Role},
};
use platform::audit::Actor;
use testkit::payloads::Account;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

async fn opens(app: &TestApp, number: i64, author: &Account, day: &str) {
    let scenario = Scenario::opened(&repo(1, "lantern"), number, author, day);
    app.deliver(&scenario.deliveries).await;
    app.work().await;
}

#[tokio::test]
async fn a_name_is_found_in_any_case_and_shown_as_written() {
    let app = TestApp::of_lantern().await;
    opens(&app, 1, &person("Mirelle-Tavok"), "2026-10-02T08:00:00Z").await;
    for path in [
        "people/MIRELLE-tavok",
        "people/mirelle-TAVOK/transactions",
        "leaderboards/global/ranks/MIRELLE-tavok",
        "leaderboards/months/2026-10/ranks/MIRELLE-tavok",
        "leaderboards/projects/season/ranks/MIRELLE-tavok",
    ] {
        let shown = app.json(&format!("/api/v1/{path}")).await;
        if let Some(login) = shown["login"].as_str() {
            assert_eq!(login, "Mirelle-Tavok", "{path}");
        }
    }
    let pull = "/api/v1/pull-requests/OCTO-org/Lantern/1";
    assert_eq!(app.json(pull).await["repository"], "octo-org/lantern");
    let page = app.get("/people/MIRELLE-TAVOK").send().await;
    assert_eq!(page.expect("an answer").status(), 200);
    let granted = grant_role(app.context(), Actor::Operator, "mirelle-tavok", Role::Moderator);
    assert_eq!(granted.await.expect("granted").login, "Mirelle-Tavok");
    app.finish().await;
}

#[tokio::test]
async fn the_account_known_first_has_the_name_in_every_case() {
    let app = TestApp::of_lantern().await;
    opens(&app, 1, &Account::user(7, "ALICE"), "2026-10-02T08:00:00Z").await;
    opens(&app, 2, &Account::user(8, "alice"), "2026-10-03T08:00:00Z").await;
    for login in ["alice", "ALICE", "Alice"] {
        let shown = app.json(&format!("/api/v1/people/{login}")).await;
        assert_eq!(shown["login"], "ALICE", "{login}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_name_in_another_case_is_the_same_name() {
    let app = TestApp::of_lantern().await;
    opens(&app, 1, &Account::user(7, "ALICE"), "2026-10-02T08:00:00Z").await;
    let renamed = GithubAccount::new(7, "Alice".to_owned(), AccountKind::User, app.context().now());
    app.know([renamed]).await;
    assert_eq!(app.json("/api/v1/people/alice").await["login"], "Alice");
    assert_eq!(app.count("SELECT count(*) FROM user_logins").await, 1);
    app.finish().await;
}
