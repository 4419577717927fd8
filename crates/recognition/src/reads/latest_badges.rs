use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{model::Rarity, store::badges::IS_PUBLIC};

/// A badge that a person earned lately.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct LatestBadge {
    pub(crate) user_id: Uuid,
    pub(crate) awarded_at: Timestamp,
    /// The slug of the badge in URLs.
    pub(crate) slug: String,
    /// The display name.
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) rarity: Rarity,
}

/// The number of awards that are looked at, so that a rare badge does not read all of them.
const LOOKED_AT: i64 = 1_000;

/// Lists badges that few have and everyone is shown, which people earned since an instant, the latest first: at most `limit`
/// among the last [`LOOKED_AT`] awards. Not all of these people may be named.
///
/// # Errors
/// When the database fails.
pub(crate) async fn latest_badges(
    db: &impl Sql,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<LatestBadge>, DbError> {
    let sql = format!(
        "SELECT a.user_id, a.awarded_at, b.slug, b.name, b.description, b.rarity \
         FROM (SELECT * FROM user_badges ORDER BY id DESC LIMIT $1) a JOIN badges b ON b.id = a.badge_id \
         WHERE a.revoked_at IS NULL AND a.awarded_at >= $2 AND b.rarity <> $3 AND {IS_PUBLIC} \
         ORDER BY a.awarded_at DESC, a.id DESC LIMIT $4"
    );
    let values = [LOOKED_AT.into(), since.into(), Rarity::Common.as_str().into(), limit.into()];
    db.all(db.statement(&sql, values)).await
}
