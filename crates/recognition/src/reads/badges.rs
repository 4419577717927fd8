use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Problem, Timestamp};
use platform::db::{Db, DbError, Sql};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use super::counting::people_sql;
use crate::{
    model::{AwardRow, AwardedBy, BadgeAudience, BadgeRow, GLOBAL, Rarity},
    rules::badges::web_key,
    store::{
        awards::{self, AWARD},
        badges::{self, BADGE, IS_PUBLIC},
        credential_keys, evaluations,
        hidden::is_hidden,
    },
};

pub use evaluations::EvaluationRow;

/// The badges of a server, with their holders.
#[derive(Clone, Debug, Default)]
pub struct Badges {
    /// All badges, in the order of their slugs.
    pub rows: Vec<BadgeRow>,
    /// The number of holders of each badge that anyone has, without people who are on no public list.
    pub holders: HashMap<Uuid, i64>,
    /// The number of people with points.
    pub people: i64,
}

impl Badges {
    /// Returns the number of holders of a badge.
    #[must_use]
    pub fn holders(&self, badge: Uuid) -> i64 {
        self.holders.get(&badge).copied().unwrap_or(0)
    }

    /// Returns the percentage of people with points who have a badge; `None` when no one has points.
    #[must_use]
    pub fn share(&self, badge: Uuid) -> Option<f64> {
        let share = 100.0 * self.holders(badge) as f64 / self.people.max(1) as f64;
        // A person can have a badge without being on the leaderboard, such as one by an admin.
        (self.people > 0).then_some(share.min(100.0))
    }
}

/// The numbers of holders of badges that anyone has, without people who are on no public list. The cross join keeps both engines
/// from reading the awards of everyone to find those of hidden people.
const HOLDERS: &str = "SELECT badge_id, count(*) AS holders FROM user_badges WHERE revoked_at IS NULL \
                       GROUP BY badge_id UNION ALL \
                       SELECT a.badge_id, -count(*) FROM hidden_people p CROSS JOIN user_badges a \
                       WHERE a.user_id = p.user_id AND a.revoked_at IS NULL GROUP BY a.badge_id";

/// Returns the badges that everyone is shown, with the numbers of their holders.
pub async fn badges(db: &Db) -> Result<Badges, DbError> {
    let mut found = all_badges(db).await?;
    found.rows.retain(BadgeRow::is_public);
    Ok(found)
}

/// Returns all badges with the numbers of their holders, for admins and operators.
pub async fn all_badges(db: &Db) -> Result<Badges, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        badge_id: Uuid,
        holders: i64,
    }
    let sql = format!(
        "SELECT h.badge_id, CAST(sum(h.holders) AS bigint) AS holders FROM ({HOLDERS}) h GROUP BY h.badge_id"
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [])).await?;
    Ok(Badges {
        rows: badges::all(db).await?,
        holders: rows.into_iter().map(|row| (row.badge_id, row.holders)).collect(),
        people: people(db).await?,
    })
}

/// Returns the numbers of holders of all badges that anyone has, without the badges.
///
/// # Errors
/// When the database fails.
pub async fn badge_holders(db: &Db) -> Result<Badges, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        badge_id: Uuid,
        holders: i64,
        people: i64,
    }
    let people = people_sql("(SELECT id FROM boards WHERE key = $1)");
    let sql = format!(
        "SELECT h.badge_id, CAST(sum(h.holders) AS bigint) AS holders, coalesce({people}, 0) AS people \
         FROM ({HOLDERS}) h GROUP BY h.badge_id"
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [GLOBAL.into()])).await?;
    Ok(Badges {
        rows: Vec::new(),
        people: rows.first().map_or(0, |row| row.people),
        holders: rows.into_iter().map(|row| (row.badge_id, row.holders)).collect(),
    })
}

/// Counts the people with points.
async fn people(db: &Db) -> Result<i64, DbError> {
    let board = "(SELECT id FROM boards WHERE key = $1)";
    let sql = format!("SELECT coalesce({}, 0)", people_sql(board));
    db.count(db.statement(&sql, [GLOBAL.into()])).await
}

/// Returns the problem for a badge that does not exist.
#[must_use]
pub fn unknown_badge(slug: &str) -> Problem {
    Problem::not_found(format!("Unknown badge '{slug}'. See /badges for all badges."))
}

/// Finds a badge that everyone is shown.
pub async fn badge(db: &impl Sql, slug: &str) -> Result<Option<BadgeRow>, DbError> {
    Ok(any_badge(db, slug).await?.filter(BadgeRow::is_public))
}

/// Finds a badge, whoever is shown it.
pub async fn any_badge(db: &impl Sql, slug: &str) -> Result<Option<BadgeRow>, DbError> {
    badges::find(db, slug).await
}

/// Finds a badge by ID.
pub async fn badge_by_id(db: &impl Sql, id: Uuid) -> Result<Option<BadgeRow>, DbError> {
    badges::by_id(db, id).await
}

pub async fn award(db: &impl Sql, id: Uuid) -> Result<Option<AwardRow>, DbError> {
    awards::by_id(db, id).await
}

/// Lists the holders of a badge before a position (exclusive), the latest first, without people who are on no public
/// list.
pub async fn holders(
    db: &Db,
    badge: Uuid,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<AwardRow>, DbError> {
    let mut query = db.query();
    let (badge, limit) = (query.bind(badge), query.bind(limit));
    let earlier = before.map_or(String::new(), |(at, id)| {
        let (at, id) = (query.bind(at), query.bind(id));
        format!("AND (a.awarded_at, a.id) < ({at}, {id})")
    });
    let sql = format!(
        "SELECT {AWARD} FROM user_badges a WHERE a.badge_id = {badge} AND a.revoked_at IS NULL \
         {earlier} AND NOT {} ORDER BY a.awarded_at DESC, a.id DESC LIMIT {limit}",
        is_hidden("a.user_id")
    );
    db.all(query.statement(sql)).await
}

/// A badge that a person has.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnBadge {
    #[sea_orm(nested)]
    pub badge: BadgeRow,
    pub award_id: Uuid,
    /// When it was earned, or an admin awarded it.
    pub awarded_at: Timestamp,
    pub awarded_by: AwardedBy,
    /// The numbers with which the criteria were reached, as JSON.
    pub evidence: Option<String>,
}

/// Lists the badges that a person has and everyone is shown, the latest first.
pub async fn badges_of_person(db: &impl Sql, person: UserId) -> Result<Vec<OwnBadge>, DbError> {
    held(db, person, BadgeAudience::Everyone).await
}

/// Lists the badges that a person has and only they and those to whom a programme shows them may see, the latest first.
pub async fn own_badges(db: &impl Sql, person: UserId) -> Result<Vec<OwnBadge>, DbError> {
    held(db, person, BadgeAudience::Own).await
}

async fn held(
    db: &impl Sql,
    person: UserId,
    audience: BadgeAudience,
) -> Result<Vec<OwnBadge>, DbError> {
    let sql = format!(
        "SELECT {BADGE}, a.id AS award_id, a.awarded_at, a.awarded_by, a.evidence \
         FROM user_badges a JOIN badges b ON b.id = a.badge_id WHERE a.user_id = $1 AND a.revoked_at IS NULL \
         AND b.audience = $2 ORDER BY a.awarded_at DESC, a.id DESC"
    );
    db.all(db.statement(&sql, [person.into(), audience.as_str().into()])).await
}

/// Counts the badges that a person earned since an instant and everyone is shown.
pub async fn awards_since(db: &impl Sql, person: UserId, since: Timestamp) -> Result<i64, DbError> {
    let sql = format!(
        "SELECT count(*) FROM user_badges a JOIN badges b ON b.id = a.badge_id WHERE a.user_id = $1 \
         AND a.revoked_at IS NULL AND a.created_at >= $2 AND {IS_PUBLIC}"
    );
    db.count(db.statement(&sql, [person.into(), since.into()])).await
}

/// The number of people who earned a badge in a time.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AwardedBadge {
    /// The slug in URLs.
    pub slug: String,
    /// The display name.
    pub name: String,
    pub rarity: Rarity,
    /// The number of people.
    pub people: i64,
}

/// Lists the badges that people earned from `from` to `to` (exclusive) and still have, by slug, of those that everyone is shown.
///
/// # Errors
/// When the database fails.
pub async fn awarded_badges(
    db: &impl Sql,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<AwardedBadge>, DbError> {
    let sql = format!(
        "SELECT b.slug, b.name, b.rarity, a.people FROM (\
         SELECT badge_id, count(*) AS people FROM user_badges WHERE revoked_at IS NULL \
         AND awarded_at >= $1 AND awarded_at < $2 GROUP BY badge_id\
         ) a JOIN badges b ON b.id = a.badge_id WHERE {IS_PUBLIC}"
    );
    let mut found: Vec<AwardedBadge> = db.all(db.statement(&sql, [from.into(), to.into()])).await?;
    found.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(found)
}

/// Returns the evaluation of everyone that began last.
pub async fn last_evaluation(db: &impl Sql) -> Result<Option<EvaluationRow>, DbError> {
    evaluations::last(db).await
}

/// Returns the public key that credentials of the server at `site` are signed with as a JSON Web Key; `None` before the first
/// credential.
pub async fn credential_key(db: &impl Sql, site: &str) -> Result<Option<Value>, DbError> {
    let key = credential_keys::find(db).await?;
    Ok(key.map(|key| web_key(site, &key.public_key)))
}

/// Lists the awards that were revoked, in the order in which they were made.
pub async fn revoked_awards(db: &impl Sql) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT a.id FROM user_badges a WHERE a.revoked_at IS NOT NULL ORDER BY a.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A badge with the award of a person, if they have it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct BadgeOfPerson {
    #[sea_orm(nested)]
    pub badge: BadgeRow,
    /// When the person earned it, or an admin awarded it; absent if they do not have it.
    pub awarded_at: Option<Timestamp>,
}

/// Lists the badges that everyone is shown and those that a person has, with their awards, their latest first.
pub async fn badges_for_person(
    db: &impl Sql,
    person: UserId,
) -> Result<Vec<BadgeOfPerson>, DbError> {
    let sql = format!(
        "SELECT {BADGE}, a.awarded_at FROM badges b LEFT JOIN user_badges a \
         ON a.user_id = $1 AND a.badge_id = b.id AND a.revoked_at IS NULL \
         WHERE {IS_PUBLIC} OR a.id IS NOT NULL ORDER BY a.awarded_at IS NULL, a.awarded_at DESC, b.slug"
    );
    db.all(db.statement(&sql, [person.into()])).await
}
