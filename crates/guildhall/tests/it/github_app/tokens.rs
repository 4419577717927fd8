//! Tokens of installations, which are only in memory.

use platform::jobs::{Jobs, Progress};
use testkit::fake_github::Switches;

use super::*;

/// A server that keeps its clients of GitHub, with a registered repository that was read with the first token of the
/// installation.
struct Running {
    scene: Scene,
    jobs: Jobs,
}

impl Running {
    async fn start() -> Self {
        let scene = Scene::with_app().await;
        scene.install().await;
        let id = scene.github_id;
        scene.app.repository("season", REPOSITORY, id).await;
        let jobs = scene.app.server.jobs();
        let running = Self { scene, jobs };
        running.work().await;
        running
    }

    /// Runs the workers until nothing is due.
    async fn work(&self) {
        let context = self.scene.app.context();
        let id = context.ids.next();
        let mut idle = false;
        while !idle {
            idle = true;
            for worker in &self.jobs.workers {
                let progress = worker.run(context.clone(), id).await.expect("worked");
                idle &= progress == Progress::Idle;
            }
        }
    }

    async fn read_again(&self) {
        self.scene.app.run_schedule("RepositorySync").await;
        self.work().await;
    }

    /// Returns the errors of reading; none if the repository was read completely.
    async fn errors(&self) -> Vec<String> {
        let sql = "SELECT coalesce(last_error, 'not read') AS value FROM repository_syncs \
                   WHERE due_at IS NOT NULL OR last_error IS NOT NULL OR completed_at IS NULL";
        self.scene.app.values(sql).await
    }
}

#[tokio::test]
async fn a_token_is_used_until_a_minute_before_its_end() {
    for (minutes, tokens) in [(58, 1), (59, 2)] {
        let running = Running::start().await;
        running.scene.pass(TimeDelta::minutes(minutes));
        running.read_again().await;
        assert_eq!(running.errors().await, [""; 0]);
        assert_eq!(running.scene.github.end_app_tokens(), tokens);
        running.scene.app.finish().await;
    }
}

#[tokio::test]
async fn a_token_that_github_ended_early_is_renewed_once() {
    let mut running = Running::start().await;
    assert_eq!(running.scene.github.end_app_tokens(), 1);
    running.read_again().await;
    assert_eq!(running.errors().await, [""; 0]);
    assert_eq!(running.scene.github.end_app_tokens(), 1);
    // Tokens that end at once: a request is not repeated more than once.
    let seconds = |switches: &mut Switches| switches.app_token_seconds = 0;
    running.scene.github.switch(seconds);
    running.read_again().await;
    let errors = running.errors().await;
    let words = "GUILDHALL_GITHUB_APP_PRIVATE_KEY";
    assert!(errors.len() == 1 && errors[0].contains(words), "{errors:?}");
    assert!(running.scene.github.end_app_tokens() <= 2);
    running.scene.app.may_leave_work();
    running.scene.app.finish().await;
}
