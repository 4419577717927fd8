//! The state of GitHub's messages to the App.

use super::*;

#[tokio::test]
async fn the_last_message_to_the_app_arrived_or_says_what_to_do() {
    let scene = Scene::with_app().await;
    let none = Condition::Healthy("GitHub lists no message of the last days".to_owned());
    assert_eq!(scene.arrivals().await, none);
    scene.install().await;
    // Good news is shown again for ten minutes.
    scene.pass(TimeDelta::minutes(11));
    let Condition::Healthy(said) = scene.arrivals().await else {
        panic!("GitHub's messages arrive");
    };
    assert!(said.contains("The GitHub App: the last message (installation) arrived at"), "{said}");

    let hook = format!("{}/api/v1/webhooks/github", scene.app.url);
    for (url, secret, words) in [
        (hook.as_str(), "another secret", "failed with status 401: enter the secret"),
        ("http://127.0.0.1:9/", SECRET, "got no response: let GitHub reach"),
    ] {
        scene.github.deliver_app_to(url, secret);
        scene.github.open_pull(REPOSITORY, "hexacat", |_| {}).expect("opened");
        scene.github.settle().await;
        scene.pass(TimeDelta::minutes(11));
        let Condition::Failing(said) = scene.arrivals().await else {
            panic!("{words}");
        };
        assert!(said.contains(words) && said.contains("/setup/github"), "{said}");
    }
    let health = scene.app.get("/api/health").send().await.expect("an answer");
    let health: Value = health.json().await.expect("JSON");
    assert!(health["checks"]["github-webhooks"].is_null(), "{health}");
    scene.app.finish().await;
}
