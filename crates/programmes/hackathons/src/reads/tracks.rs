//! Queries for tracks.

use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use super::{prizes, staff};
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
    let track = |row: Row| Track { slug: row.slug, name: row.name, description: row.description };
    Ok(rows.into_iter().map(track).collect())
}

/// Lists the slugs of the tracks of a hackathon that prizes and judges are limited to, each with the prize or judge in words.
pub async fn used_tracks(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<(String, String)>, DbError> {
    let prizes = prizes(db, hackathon).await?.into_iter();
    let prizes = prizes.filter(|it| it.track_name.is_some());
    let mut used: Vec<_> = prizes.map(|it| (it.track, format!("The prize {}", it.name))).collect();
    for judge in staff(db, hackathon).await? {
        let by = format!("The judge {}", judge.login);
        used.extend(judge.tracks.into_iter().map(|slug| (slug, by.clone())));
    }
    Ok(used)
}
