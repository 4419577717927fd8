//! Preferences, matches and feedback of people.

mod digests;
mod feedback;
mod killed;
mod limits;
mod matches;
mod pages;
mod preferences;
pub(crate) mod rows;

use super::{
    LANTERN, Reef,
    claims::{finder, opportunity},
    follow,
};
use crate::app::TestApp;

/// A server that follows a repository with three issues: 1 about databases, 2 about documentation, and 3.
async fn server() -> (Reef, TestApp) {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Speed up the database migrations", &["enhancement"]);
    reef.open(LANTERN, "Explain the tide table", &["documentation"]);
    reef.open(LANTERN, "Report which page failed its checksum", &["bug"]);
    follow(&app, &[LANTERN]).await;
    (reef, app)
}
