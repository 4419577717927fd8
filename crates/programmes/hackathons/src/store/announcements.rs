//! Statements for announcements.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql as _, Tx};
use uuid::Uuid;

use crate::{
    model::{AnnouncementId, HackathonId},
    rules::announcements::Announcement,
};

/// Inserts an announcement with its recipients, each a row and a person.
pub(crate) async fn insert(
    tx: &Tx,
    id: AnnouncementId,
    hackathon: HackathonId,
    new: &Announcement,
    author: Option<Uuid>,
    people: &[(Uuid, UserId)],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO announcements (id, created_at, hackathon_id, author_id, segment, subject, body, recipients) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        id.into(),
        now.into(),
        hackathon.into(),
        author.into(),
        new.segment.as_str().into(),
        new.subject.as_str().into(),
        new.body.as_str().into(),
        i64::try_from(people.len()).unwrap_or(i64::MAX).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let mut rows = Rows::new([("id", Kind::Uuid), ("user_id", Kind::Uuid)]);
    for (row, person) in people {
        rows.push([(*row).into(), (*person).into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let id = query.bind(id);
    let sql = format!(
        "INSERT INTO announcement_recipients (id, created_at, announcement_id, user_id) \
         SELECT r.id, {now}, {id}, r.user_id FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
