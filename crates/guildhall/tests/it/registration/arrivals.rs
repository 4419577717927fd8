//! The state of GitHub's messages to the webhooks that the server created.

use platform::outside::Condition;

use super::*;

async fn arrivals(scene: &Scene) -> Condition {
    let found = scene.app.server.outside.look(scene.app.context()).await;
    let found = found.into_iter().find(|found| found.name == "github-webhooks");
    found.expect("a check").condition
}

/// Asserts that the last message, an event, got no response.
async fn fails(scene: &Scene, event: &str) {
    let Condition::Failing(said) = arrivals(scene).await else {
        panic!("nothing listens where GitHub delivers to");
    };
    let words = format!("The webhook of octo-org/lantern: the last message ({event}) at ");
    assert!(said.starts_with(&words), "{said}");
    let next = "got no response: let GitHub reach http://127.0.0.1:9/api/v1/webhooks/github";
    assert!(said.contains(next), "{said}");
}

#[tokio::test]
async fn a_webhook_that_is_not_reached_is_named_and_an_idle_one_is_tested() {
    let scene = Scene::with_maintainers().await;
    assert_eq!(arrivals(&scene).await, Condition::NotConfigured);
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    scene.github.open_pull(REPOSITORY, "finch-ash", |_| {}).expect("opened");
    scene.github.settle().await;
    fails(&scene, "pull_request").await;
    // GitHub lists a message for three days.
    scene.pass(TimeDelta::days(4));
    let tested = "The webhook of octo-org/lantern: GitHub was asked for a test message";
    assert_eq!(arrivals(&scene).await, Condition::Healthy(tested.to_owned()));
    scene.github.settle().await;
    scene.pass(TimeDelta::minutes(11));
    fails(&scene, "ping").await;
    scene.app.work().await;
    scene.app.finish().await;
}
