//! Repositories that an installation of the server's GitHub App includes, with a simulated GitHub.

mod arrivals;
mod closing;
mod endings;
mod lists;
mod manifest;
mod order;
mod registering;
mod tokens;
mod trust;
mod unconnected;

use chrono::TimeDelta;
use platform::{crypto::RsaKey, outside::Condition};
use serde_json::Value;
use testkit::fake_github::{APP_ID, APP_KEY, Role};

use crate::{
    app::{
        TestApp,
        browser::Browser,
        github_scene::{API, NEW, OWNER, PAGE, REPOSITORY, Scene},
    },
    inbox::call::Call,
};

/// The secret of the App's deliveries.
const SECRET: &str = "the app's own secret";

impl Scene {
    /// Starts GitHub with a person who maintains the repository, and a server with the App.
    async fn with_app() -> Self {
        let scene = Self::start(|config| {
            config.github_app_id = Some(APP_ID);
            config.github_app_private_key = RsaKey::from_pem(APP_KEY);
            config.github_app_webhook_secret = Some(SECRET.to_owned().into());
        });
        let scene = scene.await;
        for login in ["wren-oak", "hexacat"] {
            scene.github.add_user(login);
        }
        scene.github.permit(REPOSITORY, "wren-oak", Role::Maintain).expect("permitted");
        let hook = format!("{}/api/v1/webhooks/github", scene.app.url);
        scene.github.deliver_app_to(&hook, SECRET);
        scene
    }

    /// Checks the outside services; returns what GitHub says of its messages to this server.
    async fn arrivals(&self) -> Condition {
        let found = self.app.server.outside.look(self.app.context()).await;
        let found = found.into_iter().find(|found| found.name == "github-webhooks");
        found.expect("a check").condition
    }

    /// Has the server process what GitHub delivered.
    async fn settle(&self) {
        self.github.settle().await;
        self.app.work().await;
    }

    /// Installs the App in the repository; returns the installation's ID.
    async fn install(&self) -> i64 {
        let id = self.github.install(OWNER, &[REPOSITORY]).expect("known");
        self.settle().await;
        self.pass(TimeDelta::minutes(1));
        id
    }

    /// Registers the repository as an operator does, without anyone's token, and reads it.
    async fn register_by_operator(&self) {
        let id = self.github_id;
        self.app.repository("season", REPOSITORY, id).await;
        self.app.work().await;
    }

    /// Requests the repository again and reads it.
    async fn read_again(&self) {
        self.app.run_schedule("RepositorySync").await;
        self.app.work().await;
    }

    /// Returns the repository in the project's list.
    async fn listed(&self, browser: &Browser<'_>) -> Value {
        let mut list = browser.json(API).await;
        list["items"][0].take()
    }
}

/// Returns a request of the App.
fn of_app(event: &str, body: impl Into<Vec<u8>>) -> Call {
    Call::new(event, body)
        .signed_with(SECRET)
        .with("x-github-hook-installation-target-type", "integration")
}

/// Returns the outcome of each delivery, oldest first.
async fn outcomes(app: &TestApp) -> Vec<String> {
    let sql = "SELECT outcome AS value FROM webhook_deliveries ORDER BY received_at, id";
    app.values(sql).await
}
