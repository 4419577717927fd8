use chrono::TimeDelta;
use platform::{Context, db::DbError};

use super::SESSION_LASTS;
use crate::{
    model::{Role, Viewer},
    rules,
    store::sessions::{self, Found},
};

/// A session in use is noted so often: most requests only read.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// Whom a session stands for.
#[derive(Clone, Debug)]
pub struct Recognized {
    /// Who is looking.
    pub viewer: Viewer,
    /// Whether the session lasts longer from now on, so that the browser must keep it longer too.
    pub is_prolonged: bool,
}

/// Who a session's token stands for, in one query: with the role and the ban of this moment. A
/// session in use lasts longer.
///
/// # Errors
/// When the database fails.
pub async fn recognize(context: &Context, token: &str) -> Result<Option<Recognized>, DbError> {
    let now = context.now();
    let Some(found) = sessions::find(&context.db, rules::hash(token), now).await? else {
        return Ok(None);
    };
    let is_prolonged = now - found.last_seen_at >= NOTED_EVERY;
    if is_prolonged {
        let tx = context.begin().await?;
        sessions::touch(&tx, found.session_id, now, now + SESSION_LASTS).await?;
        tx.commit().await?;
    }
    let viewer = viewer(found);
    Ok(Some(Recognized {
        viewer,
        is_prolonged,
    }))
}

fn viewer(found: Found) -> Viewer {
    Viewer {
        session_id: found.session_id,
        user_id: found.user_id.into(),
        login: found.login,
        // A role of a newer release gives nothing here.
        role: found.role.parse().unwrap_or(Role::User),
        ban: found.ban.into(),
    }
}
