use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Row {
    game_platform_id: String,
}

/// Returns the ID of the competitor whom the game platform reported last, for a check of the connection. Competitors who were
/// erased or whose release was withdrawn are never asked for.
///
/// # Errors
/// When the database fails.
pub async fn someone_on_platform(db: &impl Sql) -> Result<Option<String>, DbError> {
    let sql = "SELECT game_platform_id FROM competitors WHERE game_platform_id IS NOT NULL AND erased_at IS NULL \
               AND left_at IS NULL AND release_withdrawn_at IS NULL \
               ORDER BY game_platform_synced_at IS NULL, game_platform_synced_at DESC, id LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [])).await?;
    Ok(row.map(|row| row.game_platform_id))
}
