use identity::model::Viewer;
use platform::{Context, db::DbError};
use uuid::Uuid;

use crate::store::news;

/// Marks one of a person's notifications as read; returns whether they have it.
pub async fn read(context: &Context, viewer: &Viewer, id: Uuid) -> Result<bool, DbError> {
    let tx = context.begin().await?;
    let found = news::read_one(&tx, viewer.user_id, id, context.now()).await?;
    tx.commit().await?;
    Ok(found)
}

/// Marks all of a person's notifications as read; returns the number that were unread.
pub async fn read_all(context: &Context, viewer: &Viewer) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let read = news::read_all(&tx, viewer.user_id, context.now()).await?;
    tx.commit().await?;
    Ok(read)
}
