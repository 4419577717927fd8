//! Owners of projects, and transfers.

mod api;
mod notices;
mod page;
mod race;

use contributions::actions::{TransferInput, transfer_project};
use identity::model::Role;
use platform::audit::Actor::Operator;

use crate::app::{TestApp, browser::Browser};

const OWNER: &str = "finch-ash";
const MAINTAINER: &str = "wren-oak";

fn to(login: &str, reason: &str) -> TransferInput {
    TransferInput { login: login.to_owned(), reason: reason.to_owned() }
}

/// Starts a server with the project `season`, its owner and another maintainer.
async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    app.know_reviewer("season", MAINTAINER).await;
    app.browser_of(OWNER).await;
    app.make_owner("season", OWNER).await;
    app
}

/// Returns the owners of the project, who are at most one.
async fn owners(browser: &Browser<'_>) -> Vec<String> {
    let list = browser.json("/api/v1/projects/season/maintainers").await;
    let items = list["items"].as_array().expect("items").iter();
    let owners = items.filter(|item| item["role"] == "owner");
    let login = |item: &serde_json::Value| item["login"].as_str().expect("a login").to_owned();
    owners.map(login).collect()
}

async fn admin(app: &TestApp) -> Browser<'_> {
    app.browser_with("rook-elm", Role::Admin).await
}

impl TestApp {
    /// Makes a person a maintainer and the owner of a project that has none.
    pub(crate) async fn make_owner(&self, slug: &str, login: &str) {
        self.add_maintainer(slug, login).await;
        transfer_project(self.context(), Operator, true, slug, &to(login, "to try"))
            .await
            .expect("transferred");
    }
}
