//! The last days of seasons that their people were notified of.

use identity::model::UserId;
use platform::db::{DbError, Kind, Query, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::SeasonId;

/// A season with its last day, as it is stored.
pub(crate) type SeasonEnd<'a> = (SeasonId, &'a str);

/// Returns the SQL condition that a participant `p` takes part in a season, and is not noted for its last day.
fn is_unnoted(query: &mut Query, (season, last_day): SeasonEnd<'_>) -> String {
    let (season, last_day) = (query.bind(season), query.bind(last_day));
    format!(
        "p.season_id = {season} AND p.withdrawn_at IS NULL \
         AND (p.end_noted_day IS NULL OR p.end_noted_day <> {last_day}) \
         AND NOT EXISTS (SELECT 1 FROM sanctions s WHERE s.season_id = p.season_id \
         AND s.user_id = p.user_id AND s.kind = 'disqualification' AND s.lifted_at IS NULL)"
    )
}

/// Lists the time zones of participants who are not noted for the end of a season.
pub(crate) async fn zones(db: &impl Sql, end: SeasonEnd<'_>) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        timezone: String,
    }
    let mut query = db.query();
    let is_unnoted = is_unnoted(&mut query, end);
    let sql = format!("SELECT DISTINCT p.timezone FROM season_participants p WHERE {is_unnoted}");
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.timezone).collect())
}

/// A participant's row, and the person.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct UnnotedParticipant {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
}

/// Lists participants of some time zones who are not noted for the end of a season, after a person, in the order of the IDs
/// of people.
pub(crate) async fn unnoted(
    db: &impl Sql,
    end: SeasonEnd<'_>,
    zones: &[String],
    after: Uuid,
    limit: i64,
) -> Result<Vec<UnnotedParticipant>, DbError> {
    let mut named = Rows::new([("timezone", Kind::Text)]);
    for zone in zones {
        named.push([zone.as_str().into()]);
    }
    let mut query = db.query();
    let is_unnoted = is_unnoted(&mut query, end);
    let named = query.rows(named, "z");
    let (after, limit) = (query.bind(after), query.bind(limit));
    let sql = format!(
        "SELECT p.id, p.user_id FROM season_participants p WHERE {is_unnoted} \
         AND p.user_id > {after} AND p.timezone IN (SELECT z.timezone FROM {named}) \
         ORDER BY p.user_id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Notes participants for the end of their season on a day, or for none.
pub(crate) async fn note(
    tx: &Tx,
    participants: impl IntoIterator<Item = Uuid>,
    last_day: Option<&str>,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (rows, last_day) = (query.rows(ids(participants), "r"), query.bind(last_day));
    let sql = format!(
        "UPDATE season_participants SET end_noted_day = {last_day} \
         WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Notes the organizers of a season for its end. Returns the rows of those who were not noted.
pub(crate) async fn note_organizers(
    tx: &Tx,
    (season, last_day): SeasonEnd<'_>,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "UPDATE season_organizers SET end_noted_day = $2 WHERE season_id = $1 \
               AND (end_noted_day IS NULL OR end_noted_day <> $2) RETURNING id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [season.into(), last_day.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Finds the season and the person of an organizer's row.
pub(crate) async fn organizer(
    db: &impl Sql,
    id: Uuid,
) -> Result<Option<(SeasonId, UserId)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        season_id: Uuid,
        user_id: Uuid,
    }
    let sql = "SELECT season_id, user_id FROM season_organizers WHERE id = $1";
    let found: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(found.map(|row| (row.season_id.into(), row.user_id.into())))
}

/// Counts the people who take part in a season.
pub(crate) async fn participants(db: &impl Sql, season: SeasonId) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM season_participants p WHERE p.season_id = $1 \
               AND p.withdrawn_at IS NULL";
    db.count(db.statement(sql, [season.into()])).await
}
