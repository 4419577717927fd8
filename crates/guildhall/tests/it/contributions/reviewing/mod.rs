//! Reviews by the maintainers of a project.

mod api;
mod idle;
mod one_outcome;
mod page;
mod points;
mod queue;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// The page and the API's address of the pull request.
const PAGE: &str = "/pull-requests/octo-org/lantern/1";
const REVIEWS: &str = "/api/v1/pull-requests/octo-org/lantern/1/reviews";

/// Starts a server with a pull request of hexacat that is opened two days ago, and two maintainers.
async fn server() -> (TestApp, Scenario) {
    let app = TestApp::of_lantern().await;
    let opened = "2026-10-30T08:00:00Z";
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), opened);
    app.deliver_all(&[&scenario]).await;
    for login in ["wren-oak", "finch-ash"] {
        app.know_reviewer("season", login).await;
    }
    (app, scenario)
}
