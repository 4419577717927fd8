//! GitHub fails, limits requests, or no longer knows the repository.

use super::*;
use crate::flags::{set, to};

#[tokio::test]
async fn errors_and_limits_only_delay_it() {
    let scene = Scene::new().await;
    let (calm, troubled) = (scene.server().await, scene.server().await);
    let apps = [&calm, &troubled];
    scene.live(&apps, 30, 150, &mut Rng::new(3)).await;
    scene.register(&calm).await;
    calm.work().await;
    scene.github.switch(|switches| {
        switches.errors = 0.3;
        switches.largest_page = 10;
    });
    scene.register(&troubled).await;
    for round in 0..60 {
        troubled.work().await;
        // Patches are read after the history.
        let waiting = "SELECT count(*) FROM pull_request_patches WHERE due_at IS NOT NULL";
        if state(&troubled).await[0].starts_with("complete") && troubled.count(waiting).await == 0 {
            break;
        }
        // Sometimes nothing is left of the limit.
        let left = if round % 3 == 0 { 0 } else { 5_000 };
        scene.github.switch(|switches| switches.rate_remaining = left);
        scene.pass(&apps, TimeDelta::minutes(61));
    }
    assert_eq!(state(&troubled).await, state(&calm).await);
    assert_eq!(troubled.dump().await, calm.dump().await);
    calm.finish().await;
    troubled.finish().await;
}

#[tokio::test]
async fn a_limit_is_waited_for() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.merged(&[&app], "hexacat");
    scene.github.switch(|switches| switches.rate_remaining = 0);
    scene.register(&app).await;
    app.work().await;
    let waits = state(&app).await;
    assert!(waits[0].starts_with("due 0 GitHub's limit on requests is reached"), "{waits:?}");
    app.work().await;
    assert_eq!(state(&app).await, waits, "it is not tried before");
    scene.pass(&[&app], TimeDelta::minutes(61));
    app.work().await;
    assert_eq!(state(&app).await, ["complete 1 -"]);
    app.finish().await;
}

#[tokio::test]
async fn a_renamed_repository_is_found_by_its_id() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.merged(&[&app], "hexacat");
    scene.github.rename_repo(REPOSITORY, "beacon").expect("renamed");
    scene.register(&app).await;
    app.work().await;
    assert_eq!(state(&app).await, ["complete 1 -"]);
    let names = app.values("SELECT full_name AS value FROM repositories").await;
    assert_eq!(names, ["octo-org/beacon"]);
    app.finish().await;
}

#[tokio::test]
async fn a_repository_that_github_does_not_show_is_disabled_until_it_does() {
    const REASON: &str = "SELECT coalesce(disabled_reason, '-') AS value FROM repositories";
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.merged(&[&app], "hexacat");
    scene.register(&app).await;
    app.work().await;
    scene.pass(&[&app], TimeDelta::hours(1));
    // The server's token belongs to someone without a role in it.
    scene.github.set_private(REPOSITORY, true).expect("private");
    read_again(&app).await;
    assert_eq!(state(&app).await, ["complete 0 -"]);
    let hidden = "deleted on GitHub, or private and not visible to this server";
    assert_eq!(app.values(REASON).await, [hidden]);
    scene.pass(&[&app], TimeDelta::hours(7));
    let none = "requested repositories: 0";
    assert_eq!(app.run_schedule("RepositorySync").await, none);

    scene.github.set_private(REPOSITORY, false).expect("public");
    app.sync("season", scene.github_id).await;
    app.work().await;
    assert_eq!(app.values(REASON).await, ["-"]);
    assert!(state(&app).await[0].starts_with("complete"));
    app.finish().await;
}

#[tokio::test]
async fn a_rejected_token_is_named() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.github.revoke("token-hexacat");
    scene.register(&app).await;
    app.work().await;
    let waits = state(&app).await;
    assert!(waits[0].contains("or set GITHUB_API_TOKEN"), "{waits:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_private_repository_is_read_once_it_is_public() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.merged(&[&app], "hexacat");
    scene.github.permit(REPOSITORY, "hexacat", Role::Read).expect("permitted");
    scene.github.set_private(REPOSITORY, true).expect("private");
    scene.register(&app).await;
    app.work().await;
    assert_eq!(state(&app).await, ["complete 0 -"]);
    let reasons = app.values("SELECT disabled_reason AS value FROM repositories").await;
    assert_eq!(reasons, ["made private on GitHub"]);
    scene.pass(&[&app], TimeDelta::hours(1));
    scene.github.set_private(REPOSITORY, false).expect("public");
    let public = "UPDATE repositories SET is_enabled = true";
    app.change(public).await.expect("looked for");
    read_again(&app).await;
    assert_eq!(state(&app).await, ["complete 1 -"]);
    app.finish().await;
}

#[tokio::test]
async fn a_change_is_read_although_the_first_attempt_failed() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.merged(&[&app], "hexacat");
    scene.register(&app).await;
    app.work().await;
    scene.pass(&[&app], TimeDelta::hours(1));
    scene.merged(&[&app], "octavia");
    scene.github.switch(|switches| switches.largest_page = 30);
    read_again(&app).await;
    assert_eq!(state(&app).await, ["complete 1 -"]);
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_requested_while_the_flag_is_off() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    set(&app, "github_api", to(false, 100)).await;
    scene.register(&app).await;
    app.work().await;
    assert_eq!((scene.github.requests(), state(&app).await), (0, vec!["due 0 -".to_owned()]));
    app.finish().await;
}
