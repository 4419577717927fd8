//! What this room does at set times.

use platform::{Context, jobs::Schedule};

use crate::actions::{SESSION_LASTS, forget_sessions};

/// Raised when a device signed in that was not seen before; the object is the session.
pub const NEW_DEVICE_CAME: &str = "new_device_came";
/// Raised when somebody was given a role; the object is the person.
pub const ROLE_GRANTED: &str = "role_granted";

/// Sessions that are long over are forgotten.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let forget = |context: Context| async move {
        let forgotten = forget_sessions(&context, context.now() - SESSION_LASTS).await?;
        Ok(format!("{forgotten} sessions forgotten"))
    };
    vec![Schedule::new("SessionRetention", "50 3 * * *", forget)]
}
