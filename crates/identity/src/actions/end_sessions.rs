use kernel::Timestamp;
use platform::{Context, db::DbError};
use uuid::Uuid;

use crate::{
    model::Viewer,
    rules,
    store::{families, sessions},
};

/// Ends the session with a token. Unknown tokens are ignored.
pub async fn sign_out(context: &Context, token: &str) -> Result<(), DbError> {
    let tx = context.begin().await?;
    sessions::end(&tx, rules::hash(token), context.now()).await?;
    tx.commit().await
}

/// Ends one of the viewer's sessions; returns whether it was theirs and open.
pub async fn revoke_session(
    context: &Context,
    viewer: &Viewer,
    session: Uuid,
) -> Result<bool, DbError> {
    let tx = context.begin().await?;
    let ended = sessions::revoke(&tx, viewer.user_id, session, context.now()).await?;
    tx.commit().await?;
    Ok(ended > 0)
}

/// Ends all of the viewer's sessions except the current one; returns their number.
pub async fn revoke_other_sessions(context: &Context, viewer: &Viewer) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let (person, own) = (viewer.user_id, viewer.by.id());
    let ended = sessions::revoke_others(&tx, person, own, context.now()).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Deletes sessions that ended before an instant; returns their number.
pub async fn forget_sessions(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    families::forget(&tx, before).await?;
    let forgotten = sessions::forget(&tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}
