//! Queries for tracks.

use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::{model::HackathonId, rules::tracks::Track};

/// Lists the tracks of a hackathon, in their order.
pub async fn tracks(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<Track>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        slug: String,
        name: String,
        description: String,
    }
    let sql = "SELECT t.slug, t.name, t.description FROM hackathon_tracks t \
               WHERE t.hackathon_id = $1 ORDER BY t.position";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    let track = |row: Row| Track {
        slug: row.slug,
        name: row.name,
        description: row.description,
    };
    Ok(rows.into_iter().map(track).collect())
}
