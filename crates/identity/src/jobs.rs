//! What this room does at set times.

use platform::{Context, jobs::Schedule};

use crate::actions::{SESSION_LASTS, forget_sessions};

/// Sessions that are long over are forgotten.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let forget = |context: Context| async move {
        let forgotten = forget_sessions(&context, context.now() - SESSION_LASTS).await?;
        Ok(format!("{forgotten} sessions forgotten"))
    };
    vec![Schedule::new("SessionRetention", "50 3 * * *", forget)]
}
