//! The texts of the community: pages, versions, and the API.

mod pages;
mod versions;

use community::{
    actions::{NewText, restore_text, save_text},
    model::{TextName, TextVersion},
};
use platform::audit::Actor::Operator;

use crate::app::TestApp;

impl TestApp {
    /// Saves a text that is based on a version, as an operator.
    pub(crate) async fn save_text(&self, name: TextName, body: &str, based_on: i64) -> TextVersion {
        let new = NewText { body, based_on };
        save_text(self.context(), Operator, name, new).await.expect("saved")
    }
}

/// Saves a text twice and restores its first version.
pub(crate) async fn act(app: &TestApp) {
    app.save_text(TextName::About, "We build lanterns.", 0).await;
    app.save_text(TextName::About, "We build lanterns and boats.", 1).await;
    let restored = restore_text(app.context(), Operator, TextName::About, 1, 2).await;
    assert_eq!(restored.expect("restored").version, 3);
}
