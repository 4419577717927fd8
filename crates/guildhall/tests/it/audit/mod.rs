//! The audit log: entries, search and export.

mod api;
mod kinds;
mod page;

use identity::{actions::grant_role, model::Role};
use platform::audit::Actor;

use crate::app::TestApp;

/// A server in which an operator and an admin granted roles.
async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    let admin = Actor::Person(app.person_id("finch-ash").await);
    for role in [Role::Moderator, Role::User] {
        app.clock.advance(chrono::TimeDelta::days(1));
        grant_role(app.context(), admin, "wren-oak", role).await.expect("granted");
    }
    app
}
