//! Statements for tracks.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{model::HackathonId, rules::tracks::Track};

pub(crate) async fn delete(tx: &Tx, hackathon: HackathonId) -> Result<(), DbError> {
    let sql = "DELETE FROM hackathon_tracks WHERE hackathon_id = $1";
    tx.run(tx.statement(sql, [hackathon.into()])).await?;
    Ok(())
}

/// Inserts a track at a position.
pub(crate) async fn insert(
    tx: &Tx,
    row: Uuid,
    hackathon: HackathonId,
    position: i64,
    track: &Track,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO hackathon_tracks (id, created_at, hackathon_id, position, slug, name, description) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        row.into(),
        now.into(),
        hackathon.into(),
        position.into(),
        track.slug.as_str().into(),
        track.name.as_str().into(),
        track.description.as_str().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
