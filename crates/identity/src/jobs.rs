//! What this room does at set times.

use platform::{
    Context,
    jobs::{Schedule, Worker},
    outbox::Post,
};

use crate::actions::{
    SESSION_LASTS, forget_exports, forget_sessions, forget_sign_in_links, forget_tokens,
    forget_unverified, mail_sign_in_links,
};

/// Raised when a device signed in that was not seen before; the object is the session.
pub const NEW_DEVICE_CAME: &str = "new_device_came";
/// Raised when somebody was given a role; the object is the person.
pub const ROLE_GRANTED: &str = "role_granted";

/// Raised when somebody made a token; the object is the token.
pub const TOKEN_CREATED: &str = "token_created";

/// Raised when a refresh token came again and ended its family; the object is the family, a session.
pub const REFRESH_REUSED: &str = "refresh_reused";

/// Raised when somebody linked an account elsewhere or unlinked one; the object is the person.
pub const IDENTITY_CHANGED: &str = "identity_changed";

/// Raised when a link to sign in by was asked for; the object is the link.
pub const SIGN_IN_ASKED: &str = "sign_in_asked";

/// Raised when somebody wants to take what is held of them; the object is the export.
pub const EXPORT_ASKED: &str = "export_asked";

/// Letters that wait for nobody's answer.
#[must_use]
pub fn workers(post: &Post) -> Vec<Worker> {
    let own = post.clone();
    let links = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(mail_sign_in_links(&context, &post).await?) }
    };
    vec![Worker::new("sign-in-links", SIGN_IN_ASKED, links)]
}

/// Links that are dead, and sessions and tokens that are long over are forgotten.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let forget = |context: Context| async move {
        let before = context.now() - SESSION_LASTS;
        let sessions = forget_sessions(&context, before).await?;
        let tokens = forget_tokens(&context, before).await?;
        let links = forget_sign_in_links(&context).await?;
        let addresses = forget_unverified(&context, before).await?;
        let exports = forget_exports(&context).await?;
        Ok(format!(
            "{sessions} sessions, {tokens} tokens, {links} links, {addresses} addresses and {exports} exports forgotten"
        ))
    };
    vec![Schedule::new("SessionRetention", "50 3 * * *", forget)]
}
