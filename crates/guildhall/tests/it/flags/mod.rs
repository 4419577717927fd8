//! Flags: the routes and links they hide, the calls they stop, and how changes spread.

mod api;
mod features;
mod follow;
mod outgoing;
mod page;
mod programs;

use identity::model::Role;
use platform::{
    audit::Actor,
    flags::{FlagChange, change},
};

use crate::app::{TestApp, browser::Browser};

async fn admin(app: &TestApp) -> Browser<'_> {
    app.browser_with("finch-ash", Role::Admin).await
}

/// Changes a flag as an operator.
pub(crate) async fn set(app: &TestApp, name: &str, wanted: FlagChange) {
    change(app.context(), Actor::Operator, name, wanted, "to try").await.expect(name);
}

/// Returns a change to off, or to on for `percent` of people.
pub(crate) fn to(enabled: bool, percent: i64) -> FlagChange {
    FlagChange { enabled: Some(enabled), rollout_percent: Some(percent), ..FlagChange::default() }
}
