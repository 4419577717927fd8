//! The final results of a person in seasons.

use identity::model::UserId;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

/// The maximum number of seasons on a profile.
const MOST: i64 = 6;

/// A person's final result in a season.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnSeason {
    pub slug: String,
    pub name: String,
    pub rank: i64,
    pub merged: i64,
    pub has_reached_goal: bool,
    /// The number of people with a result.
    pub people: i64,
}

/// Lists the latest final results of a person, at most six.
pub async fn own_seasons(db: &impl Sql, person: UserId) -> Result<Vec<OwnSeason>, DbError> {
    let sql = "SELECT s.slug, s.name, r.rank, r.merged, r.has_reached_goal, \
               (SELECT count(*) FROM season_results a WHERE a.season_id = s.id) AS people \
               FROM season_results r JOIN seasons s ON s.id = r.season_id \
               WHERE r.user_id = $1 AND s.signed_off_at IS NOT NULL AND s.published_at IS NOT NULL \
               ORDER BY s.first_day DESC, s.id LIMIT $2";
    db.all(db.statement(sql, [person.into(), MOST.into()])).await
}
