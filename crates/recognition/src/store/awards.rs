//! Badges that people have, or had.

use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx, ids};
use uuid::Uuid;

use crate::model::{AwardRow, AwardedBy, BadgeId, Reached};

/// The columns of an [`AwardRow`].
pub(crate) const AWARD: &str = "a.id, a.badge_id, a.user_id, a.created_at, a.awarded_at, a.awarded_by, \
     a.awarded_by_id, a.reason, a.evidence, a.revoked_at, a.revoked_by, a.revoke_reason";

/// The latest award of each badge to each person: the one that is not revoked, or the one that was revoked last.
pub(crate) type LatestAwards = HashMap<(UserId, BadgeId), AwardRow>;

/// Returns the latest awards of people.
pub(crate) async fn latest(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<LatestAwards, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    let sql = format!("SELECT {AWARD} FROM {rows} JOIN user_badges a ON a.user_id = r.id");
    let awards: Vec<AwardRow> = db.all(query.statement(sql)).await?;
    let mut latest = LatestAwards::new();
    for award in awards {
        let key = (award.user_id.into(), award.badge_id.into());
        let is_later = |before: &AwardRow| order(before) < order(&award);
        if latest.get(&key).is_none_or(is_later) {
            latest.insert(key, award);
        }
    }
    Ok(latest)
}

/// Orders the awards of a badge to a person: one that is not revoked is the latest.
fn order(award: &AwardRow) -> (bool, Option<Timestamp>, Uuid) {
    (award.revoked_at.is_none(), award.revoked_at, award.id)
}

pub(crate) async fn by_id(db: &impl Sql, id: Uuid) -> Result<Option<AwardRow>, DbError> {
    let sql = format!("SELECT {AWARD} FROM user_badges a WHERE a.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// An award to write.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewAward {
    pub(crate) badge_id: BadgeId,
    pub(crate) user_id: UserId,
    pub(crate) awarded_by: AwardedBy,
    /// The admin; absent for a rule and for an operator.
    pub(crate) awarded_by_id: Option<UserId>,
    /// The admin's reason.
    pub(crate) reason: Option<String>,
    pub(crate) at: Timestamp,
    /// The numbers with which the criteria were reached, as JSON.
    pub(crate) evidence: Option<String>,
}

/// Writes awards, except those of a badge that the person already has. Returns the IDs of the written ones, each with the
/// person and when it was earned.
pub(crate) async fn insert(
    tx: &Tx,
    source: &dyn Ids,
    awards: Vec<NewAward>,
    now: Timestamp,
) -> Result<Vec<(Uuid, UserId, Timestamp)>, DbError> {
    if awards.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("badge_id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("awarded_at", Kind::At),
        ("awarded_by", Kind::Text),
        ("awarded_by_id", Kind::Uuid),
        ("reason", Kind::Text),
        ("evidence", Kind::Text),
    ]);
    for award in awards {
        rows.push([
            source.next().into(),
            award.badge_id.into(),
            award.user_id.into(),
            award.at.into(),
            award.awarded_by.as_str().into(),
            award.awarded_by_id.into(),
            award.reason.into(),
            award.evidence.into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO user_badges (id, badge_id, user_id, awarded_at, awarded_by, awarded_by_id, reason, \
         evidence, created_at) SELECT r.id, r.badge_id, r.user_id, r.awarded_at, r.awarded_by, \
         r.awarded_by_id, r.reason, r.evidence, {now} FROM {rows} WHERE true \
         ON CONFLICT (user_id, badge_id) WHERE revoked_at IS NULL DO NOTHING \
         RETURNING id, user_id, awarded_at"
    );
    let written: Vec<WrittenAward> = tx.all(query.statement(sql)).await?;
    let written = written.into_iter();
    Ok(written.map(|row| (row.id, row.user_id.into(), row.awarded_at)).collect())
}

#[derive(sea_orm::FromQueryResult)]
struct WrittenAward {
    id: Uuid,
    user_id: Uuid,
    awarded_at: Timestamp,
}

/// Writes when awards were earned, and their evidence.
pub(crate) async fn correct(tx: &Tx, corrected: Vec<(Uuid, Reached)>) -> Result<(), DbError> {
    if corrected.is_empty() {
        return Ok(());
    }
    let mut rows =
        Rows::new([("id", Kind::Uuid), ("awarded_at", Kind::At), ("evidence", Kind::Text)]);
    for (id, reached) in corrected {
        rows.push([id.into(), reached.at.into(), reached.evidence.to_string().into()]);
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "UPDATE user_badges SET awarded_at = r.awarded_at, evidence = r.evidence FROM {rows} \
         WHERE user_badges.id = r.id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// The actor and the reason of a revocation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Revoking<'a> {
    pub(crate) by: AwardedBy,
    /// The admin; absent for a rule and for an operator.
    pub(crate) by_id: Option<UserId>,
    pub(crate) reason: &'a str,
}

/// Revokes awards that are not revoked yet.
pub(crate) async fn revoke(
    tx: &Tx,
    awards: &[Uuid],
    revoking: Revoking<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    if awards.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(ids(awards.iter().copied()), "r");
    let (by, by_id) = (query.bind(revoking.by.as_str()), query.bind(revoking.by_id));
    let (reason, now) = (query.bind(revoking.reason), query.bind(now));
    let sql = format!(
        "UPDATE user_badges SET revoked_at = {now}, revoked_by = {by}, revoked_by_id = {by_id}, \
         revoke_reason = {reason} WHERE id IN (SELECT r.id FROM {rows}) AND revoked_at IS NULL"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Removes the reasons that admins gave for the awards of a person, and those that the person gave as an admin.
pub(crate) async fn erase_reasons(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let statements = [
        "UPDATE user_badges SET reason = NULL WHERE reason IS NOT NULL \
         AND (user_id = $1 OR awarded_by_id = $1)",
        "UPDATE user_badges SET revoke_reason = NULL WHERE revoke_reason IS NOT NULL \
         AND revoked_by = 'ADMIN' AND (user_id = $1 OR revoked_by_id = $1)",
    ];
    platform::db::erase_rows(tx, person.0, &statements).await
}
