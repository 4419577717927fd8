use std::collections::BTreeSet;

use identity::model::UserId;
use platform::db::{DbError, Sql};

use crate::store::hidden;

/// Returns the people among some who are on no leaderboard.
pub async fn unlisted(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BTreeSet<UserId>, DbError> {
    hidden::among(db, people).await
}

/// Returns whether a person opted out of leaderboards.
pub async fn has_opted_out(db: &impl Sql, person: UserId) -> Result<bool, DbError> {
    hidden::has_opted_out(db, person).await
}

/// Returns why a person is not on a leaderboard. Whether they opted out or are banned stays private.
pub(crate) async fn absence(db: &impl Sql, person: UserId, login: &str) -> Result<String, DbError> {
    let hidden = hidden::among(db, [person]).await?;
    Ok(if hidden.is_empty() {
        format!("{login} has no points on this leaderboard yet.")
    } else {
        format!("{login} is not listed on leaderboards.")
    })
}
