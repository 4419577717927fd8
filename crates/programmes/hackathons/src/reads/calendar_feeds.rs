//! Personal calendars, and the hackathons in them.

use std::collections::BTreeMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, ids, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use super::hackathons::{HACKATHON, HackathonView};
use crate::{
    model::{ApplicationStatus, HackathonId},
    rules::personal_calendar::{CalendarListing, CalendarPart, MOST, shown},
};

/// The personal calendar of a person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FeedView {
    /// The ID, which its address contains.
    pub id: Uuid,
    pub user_id: Uuid,
    /// Since when it has had its address.
    pub created_at: Timestamp,
}

const FEED: &str = "SELECT f.id, f.user_id, f.created_at FROM calendar_feeds f";

pub async fn calendar_feed(db: &impl Sql, person: UserId) -> Result<Option<FeedView>, DbError> {
    let sql = format!("{FEED} WHERE f.user_id = $1");
    db.one(db.statement(&sql, [person.into()])).await
}

/// Finds a personal calendar by its ID.
pub async fn calendar_feed_by_id(db: &impl Sql, id: Uuid) -> Result<Option<FeedView>, DbError> {
    let sql = format!("{FEED} WHERE f.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the hackathons in the personal calendar of a person, latest end of submissions first.
pub async fn calendar_hackathons(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Vec<(HackathonView, CalendarListing)>, DbError> {
    let parts = parts(db, person).await?.into_iter();
    let listed: BTreeMap<Uuid, CalendarListing> =
        parts.filter_map(|(id, part)| Some((id, shown(part, now)?))).collect();
    let mut query = db.query();
    let rows = query.rows(ids(listed.keys().map(|id| HackathonId::new(*id))), "r");
    let limit = query.bind(MOST);
    let sql = format!(
        "SELECT {HACKATHON} FROM {rows} JOIN hackathons h ON h.id = r.id \
         ORDER BY h.submission_closes_at DESC, h.id DESC LIMIT {limit}"
    );
    let found: Vec<HackathonView> = db.all(query.statement(sql)).await?;
    let with = |hackathon: HackathonView| {
        let shown = *listed.get(&hackathon.id)?;
        Some((hackathon, shown))
    };
    Ok(found.into_iter().filter_map(with).collect())
}

/// Returns the parts of a person in hackathons: their applications, and their places in the staff.
async fn parts(db: &impl Sql, person: UserId) -> Result<BTreeMap<Uuid, CalendarPart>, DbError> {
    #[derive(FromQueryResult)]
    struct Applied {
        hackathon_id: Uuid,
        status: ApplicationStatus,
        status_at: Timestamp,
    }
    #[derive(FromQueryResult)]
    struct StaffedHackathon {
        hackathon_id: Uuid,
        created_at: Timestamp,
    }
    let mut parts: BTreeMap<Uuid, CalendarPart> = BTreeMap::new();
    let sql =
        "SELECT a.hackathon_id, a.status, a.status_at FROM applications a WHERE a.user_id = $1";
    let applied: Vec<Applied> = db.all(db.statement(sql, [person.into()])).await?;
    for row in applied {
        let part = parts.entry(row.hackathon_id).or_default();
        part.application = Some((row.status, row.status_at));
    }
    let sql = "SELECT s.hackathon_id, s.created_at FROM hackathon_staff s WHERE s.user_id = $1";
    let staffed: Vec<StaffedHackathon> = db.all(db.statement(sql, [person.into()])).await?;
    for row in staffed {
        let part = parts.entry(row.hackathon_id).or_default();
        part.staff_since = Some(row.created_at);
    }
    Ok(parts)
}

/// Exports since when a person has had a personal calendar. Its address is no part of the export, because it works like a password.
pub(super) async fn export_calendar(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [("created_at", Kind::At)];
    let sql = "SELECT f.created_at FROM calendar_feeds f WHERE f.user_id = $1";
    own_rows(db, person.0, &columns, sql).await
}
