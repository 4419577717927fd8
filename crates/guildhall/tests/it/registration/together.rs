//! Two people register one repository at once: one wins, and one webhook remains.

use serde_json::json;

use super::*;

#[tokio::test]
async fn one_of_two_registrations_wins() {
    for _ in 0..4 {
        let scene = Scene::with_maintainers().await;
        let (wren, finch) = (scene.connected("wren-oak").await, scene.connected("finch-ash").await);
        let new = json!({ "github_id": scene.github_id });
        let (one, other) =
            tokio::join!(wren.call("POST", API, Some(&new)), finch.call("POST", API, Some(&new)));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", one.text, other.text);
        scene.app.work().await;
        scene.pass(TimeDelta::minutes(5));
        scene.app.work().await;
        assert_eq!((scene.hooks(), scene.registered().await, scene.tasks().await), (1, 1, 0));
        let stored = "SELECT CAST(hook_id AS text) AS value FROM repositories";
        let stored = scene.app.values(stored);
        let hook = scene.github.hooks(REPOSITORY).expect("known")[0].0;
        assert_eq!(stored.await, [hook.to_string()]);
        scene.app.finish().await;
    }
}
