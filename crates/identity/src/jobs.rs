//! What this room does at set times.

use platform::{Context, jobs::Schedule};

use crate::actions::{SESSION_LASTS, forget_sessions, forget_tokens};

/// Raised when a device signed in that was not seen before; the object is the session.
pub const NEW_DEVICE_CAME: &str = "new_device_came";
/// Raised when somebody was given a role; the object is the person.
pub const ROLE_GRANTED: &str = "role_granted";

/// Raised when somebody made a token; the object is the token.
pub const TOKEN_CREATED: &str = "token_created";

/// Raised when a refresh token came again and ended its family; the object is the family, a session.
pub const REFRESH_REUSED: &str = "refresh_reused";

/// Sessions and tokens that are long over are forgotten.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let forget = |context: Context| async move {
        let before = context.now() - SESSION_LASTS;
        let sessions = forget_sessions(&context, before).await?;
        let tokens = forget_tokens(&context, before).await?;
        Ok(format!("{sessions} sessions and {tokens} tokens forgotten"))
    };
    vec![Schedule::new("SessionRetention", "50 3 * * *", forget)]
}
