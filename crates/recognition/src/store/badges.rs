use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};
use uuid::Uuid;

use crate::{
    model::{BadgeRow, Rarity},
    rules::badges::{BadgeTexts, Criteria},
};

/// The columns of a [`BadgeRow`].
pub(crate) const BADGE: &str = "b.id, b.slug, b.name, b.description, b.criteria, b.rarity, \
     b.audience, b.is_seeded, b.created_at, b.updated_at, b.retired_at";

/// The condition that everyone is shown a badge.
pub(crate) const IS_PUBLIC: &str = "b.audience = 'everyone'";

/// Lists all badges, in the order of their slugs. Actions bound their number.
pub(crate) async fn all(db: &impl Sql) -> Result<Vec<BadgeRow>, DbError> {
    let sql = format!("SELECT {BADGE} FROM badges b ORDER BY b.slug");
    db.all(db.statement(&sql, [])).await
}

pub(crate) async fn find(db: &impl Sql, slug: &str) -> Result<Option<BadgeRow>, DbError> {
    let sql = format!("SELECT {BADGE} FROM badges b WHERE b.slug = $1");
    db.one(db.statement(&sql, [slug.into()])).await
}

pub(crate) async fn by_id(db: &impl Sql, id: Uuid) -> Result<Option<BadgeRow>, DbError> {
    let sql = format!("SELECT {BADGE} FROM badges b WHERE b.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

pub(crate) async fn count(db: &impl Sql) -> Result<i64, DbError> {
    db.count(db.statement("SELECT count(*) FROM badges", [])).await
}

/// A badge to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewBadgeRow {
    pub(crate) texts: BadgeTexts,
    pub(crate) criteria: Criteria,
    pub(crate) rarity: Rarity,
    pub(crate) is_seeded: bool,
}

/// Creates badges. Those whose slug is taken are left out; returns the number of the others.
pub(crate) async fn insert(
    tx: &Tx,
    ids: &dyn Ids,
    badges: impl IntoIterator<Item = NewBadgeRow>,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("slug", Kind::Text),
        ("name", Kind::Text),
        ("description", Kind::Text),
        ("criteria", Kind::Text),
        ("rarity", Kind::Text),
        ("audience", Kind::Text),
        ("is_seeded", Kind::Bool),
    ]);
    for badge in badges {
        rows.push([
            ids.next().into(),
            badge.texts.slug.into(),
            badge.texts.name.into(),
            badge.texts.description.into(),
            badge.criteria.document().to_string().into(),
            badge.rarity.as_str().into(),
            badge.criteria.audience().as_str().into(),
            badge.is_seeded.into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO badges (id, slug, name, description, criteria, rarity, audience, is_seeded, created_at, \
         updated_at) SELECT r.id, r.slug, r.name, r.description, r.criteria, r.rarity, r.audience, r.is_seeded, \
         {now}, {now} FROM {rows} WHERE true ON CONFLICT (slug) DO NOTHING"
    );
    tx.run(query.statement(sql)).await
}

/// Writes everything that can change of a badge.
pub(crate) async fn update(tx: &Tx, badge: &BadgeRow, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE badges SET name = $2, description = $3, criteria = $4, rarity = $5, \
               retired_at = $6, updated_at = $7, audience = $8 WHERE id = $1";
    let values = [
        badge.id.into(),
        badge.name.as_str().into(),
        badge.description.as_str().into(),
        badge.criteria.as_str().into(),
        badge.rarity.as_str().into(),
        badge.retired_at.into(),
        now.into(),
        badge.audience.as_str().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
