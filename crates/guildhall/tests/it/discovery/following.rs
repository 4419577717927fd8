//! Repositories are found by their names, and their issues are read.

use super::*;

async fn names(app: &TestApp) -> Vec<String> {
    let sql = "SELECT name || ' ' || coalesce(last_error, outcome, 'waits') AS value FROM followed_repositories ORDER BY name";
    app.values(sql).await
}

#[tokio::test]
async fn names_are_found_in_any_case_and_once() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.repository("octo-org", "tide");
    let wanted =
        ["Octo-Org/Lantern", "octo-org/lantern", "octo-org/tide", "octo-org/sand", "not a name"];
    let followed = follow(&app, &wanted).await;
    assert_eq!((followed.requested, followed.known), (3, 0));
    assert_eq!(followed.invalid, ["not a name"]);
    let known = names(&app).await;
    assert_eq!(known[0], "octo-org/lantern followed");
    assert!(
        known[1].starts_with("octo-org/sand ") && known[1].contains("no such repository"),
        "{known:?}"
    );
    assert_eq!(known[2], "octo-org/tide followed");
    let again = follow(&app, &["octo-org/lantern"]).await;
    assert_eq!((again.requested, again.known), (0, 1));
    app.finish().await;
}

#[tokio::test]
async fn many_names_take_few_requests() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let mut wanted = Vec::new();
    for number in 0..60 {
        let name = format!("shell-{number}");
        reef.repository("octo-org", &name);
        reef.open(&format!("octo-org/{name}"), "Sort shells by name", &[]);
        wanted.push(format!("octo-org/{name}"));
    }
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let before = reef.github.requests();
    follow(&app, &wanted).await;
    assert_eq!(opportunities(&app).await.len(), 60);
    // Two requests find 60 names, and one reads each repository.
    assert_eq!(reef.github.requests() - before, 62);
    app.finish().await;
}

#[tokio::test]
async fn fewer_names_are_asked_for_at_once_if_many_are_too_much() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let mut wanted = Vec::new();
    for number in 0..8 {
        reef.repository("octo-org", &format!("shell-{number}"));
        wanted.push(format!("octo-org/shell-{number}"));
    }
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    reef.github.switch(|switches| switches.largest_page = 5);
    let before = reef.github.requests();
    follow(&app, &wanted).await;
    let names = names(&app).await;
    assert_eq!(names.len(), 8);
    assert!(names.iter().all(|name| name.ends_with(" followed")), "{names:?}");
    // A request for eight names and two for four; then pages of 100, 50, 25, 12, 6 and 5 issues and a description for each.
    assert_eq!(reef.github.requests() - before, 3 + 8 * 7);
    app.finish().await;
}

#[tokio::test]
async fn private_repositories_are_not_followed() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.github.shape(LANTERN, |repo| repo.private = true).expect("known");
    reef.github.permit(LANTERN, "hexacat", Role::Read).expect("permitted");
    follow(&app, &[LANTERN]).await;
    assert!(names(&app).await[0].contains("no such repository"), "{:?}", names(&app).await);
    app.finish().await;
}

#[tokio::test]
async fn a_limit_is_waited_for() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Sort by name", &[]);
    reef.github.switch(|switches| switches.rate_remaining = 0);
    follow(&app, &[LANTERN]).await;
    assert!(names(&app).await[0].contains("GitHub's limit on requests is reached"));
    reef.pass(&app, TimeDelta::minutes(61));
    app.work().await;
    assert_eq!(opportunities(&app).await, ["1 active"]);
    app.finish().await;
}

#[tokio::test]
async fn opportunities_of_repositories_that_are_no_longer_followed_expire() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Sort by name", &[]);
    follow(&app, &[LANTERN]).await;
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let ended =
        discovery::actions::unfollow(&mut tx, context, &["octo-org/LANTERN".to_owned()]).await;
    assert_eq!(ended.expect("ended").ended, 1);
    tx.commit().await.expect("committed");
    app.work().await;
    assert_eq!(opportunities(&app).await, ["1 expired: its repository is no longer followed"]);
    let again = follow(&app, &[LANTERN]).await;
    assert_eq!(again.requested, 1);
    assert_eq!(opportunities(&app).await, ["1 active"]);
    app.finish().await;
}
