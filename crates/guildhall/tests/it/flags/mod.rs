//! Flags: what they hide, whom they stop calling, who follows them, and how they are set.

mod api;
mod follow;
mod outgoing;
mod page;
mod shown;

use identity::model::Role;
use platform::{
    audit::Actor,
    flags::{Change, change},
};

use crate::app::{TestApp, browser::Browser};

/// An admin, and a server with flags.
async fn admin(app: &TestApp) -> Browser<'_> {
    app.browser_with("finch-ash", Role::Admin).await
}

/// Sets a flag as the program does.
async fn set(app: &TestApp, name: &str, wanted: Change) {
    change(app.context(), Actor::Operator, name, wanted, "to try")
        .await
        .expect(name);
}

/// Off, or on for so many of a hundred.
fn to(enabled: bool, percent: i64) -> Change {
    Change {
        enabled: Some(enabled),
        rollout_percent: Some(percent),
        ..Change::default()
    }
}
