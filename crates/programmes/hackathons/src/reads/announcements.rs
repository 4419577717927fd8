//! Queries for announcements.

use identity::model::UserId;
use kernel::Timestamp;
use notifications::reads::receivers;
use platform::{
    Context,
    db::{DbError, Kind, Sql, own_rows},
};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use super::without_submission;
use crate::{
    emails::HACKATHON_ANNOUNCEMENT,
    model::{AnnouncementId, HackathonId, Segment, StaffRole},
    rules::announcements::Announcement,
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct AnnouncementView {
    pub id: Uuid,
    pub hackathon_id: Uuid,
    /// When it was sent.
    pub created_at: Timestamp,
    pub segment: Segment,
    pub subject: String,
    /// The text, as Markdown.
    pub body: String,
    /// The number of people who got it.
    pub recipients: i64,
}

const ANNOUNCEMENT: &str = "SELECT a.id, a.hackathon_id, a.created_at, a.segment, a.subject, a.body, a.recipients \
     FROM announcements a";

pub async fn announcement(
    db: &impl Sql,
    id: AnnouncementId,
) -> Result<Option<AnnouncementView>, DbError> {
    let sql = format!("{ANNOUNCEMENT} WHERE a.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the announcements of a hackathon before one of them, latest first; among them only those that `person` got, if there is
/// one.
pub async fn announcements(
    db: &impl Sql,
    hackathon: HackathonId,
    person: Option<UserId>,
    before: Option<AnnouncementId>,
    limit: i64,
) -> Result<Vec<AnnouncementView>, DbError> {
    let mut query = db.query();
    let mut holds = format!("a.hackathon_id = {}", query.bind(hackathon));
    if let Some(person) = person {
        holds += &format!(
            " AND EXISTS (SELECT 1 FROM announcement_recipients r WHERE r.announcement_id = a.id \
             AND r.user_id = {})",
            query.bind(person)
        );
    }
    if let Some(before) = before {
        holds += &format!(" AND a.id < {}", query.bind(before));
    }
    let limit = query.bind(limit);
    let sql = format!("{ANNOUNCEMENT} WHERE {holds} ORDER BY a.id DESC LIMIT {limit}");
    db.all(query.statement(sql)).await
}

/// Lists the announcements of a hackathon since an instant, earliest first.
pub async fn announcements_since(
    db: &impl Sql,
    hackathon: HackathonId,
    since: Timestamp,
) -> Result<Vec<AnnouncementView>, DbError> {
    let sql = format!(
        "{ANNOUNCEMENT} WHERE a.hackathon_id = $1 AND a.created_at > $2 ORDER BY a.created_at, a.id"
    );
    db.all(db.statement(&sql, [hackathon.into(), since.into()])).await
}

impl AnnouncementView {
    /// Returns whether it says the same to the same people.
    #[must_use]
    pub fn is_same(&self, new: &Announcement) -> bool {
        self.segment == new.segment && self.subject == new.subject && self.body == new.body
    }
}

/// A person who gets an announcement.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct AnnouncementRecipient {
    pub announcement_id: Uuid,
    pub user_id: Uuid,
}

/// Finds the recipient of a row.
pub async fn announcement_recipient(
    db: &impl Sql,
    id: Uuid,
) -> Result<Option<AnnouncementRecipient>, DbError> {
    let sql = "SELECT r.announcement_id, r.user_id FROM announcement_recipients r WHERE r.id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

/// Lists the people of a segment of a hackathon, each once.
pub async fn segment_people(
    db: &impl Sql,
    hackathon: HackathonId,
    segment: Segment,
) -> Result<Vec<UserId>, DbError> {
    let applied =
        "SELECT DISTINCT a.user_id FROM applications a WHERE a.hackathon_id = $1 AND a.status";
    let staffed =
        "SELECT DISTINCT s.user_id FROM hackathon_staff s WHERE s.hackathon_id = $1 AND s.role";
    let submitted = "SELECT DISTINCT coalesce(s.user_id, m.user_id) AS user_id FROM submissions s \
         LEFT JOIN team_members m ON m.team_id = s.team_id AND m.status = 'active' \
         WHERE s.hackathon_id = $1 AND s.version > 0 AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL \
         AND (s.user_id IS NOT NULL OR m.user_id IS NOT NULL)";
    let sql = match segment {
        Segment::WithoutSubmission => {
            let found = without_submission(db, hackathon, None).await?;
            return Ok(found.iter().map(super::Unsubmitted::person).collect());
        }
        Segment::Accepted => format!("{applied} IN ('auto_accepted', 'approved')"),
        Segment::Waitlisted => format!("{applied} = 'waitlisted'"),
        Segment::Submitters => submitted.to_owned(),
        Segment::Finalists => format!("{submitted} AND s.outcome IS NOT NULL"),
        Segment::Judges => format!("{staffed} = '{}'", StaffRole::Judge.as_str()),
        Segment::Mentors => format!("{staffed} = '{}'", StaffRole::Mentor.as_str()),
    };
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let rows: Vec<Row> = db.all(db.statement(&sql, [hackathon.into()])).await?;
    Ok(rows.into_iter().map(|row| row.user_id.into()).collect())
}

/// Lists the people who get an announcement to a segment of a hackathon.
pub async fn announced_to(
    context: &Context,
    db: &impl Sql,
    hackathon: HackathonId,
    segment: Segment,
) -> Result<Vec<UserId>, DbError> {
    let people = segment_people(db, hackathon, segment).await?;
    receivers(context, db, &HACKATHON_ANNOUNCEMENT, people).await
}

/// Exports the announcements that a person got, and those that they sent.
pub(super) async fn export_announcements(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("segment", Kind::Text),
        ("subject", Kind::Text),
        ("body", Kind::Text),
        ("created_at", Kind::At),
    ];
    let select = "SELECT h.title AS hackathon, a.segment, a.subject, a.body, a.created_at FROM announcements a \
                  JOIN hackathons h ON h.id = a.hackathon_id";
    let received = format!(
        "{select} JOIN announcement_recipients r ON r.announcement_id = a.id WHERE r.user_id = $1 ORDER BY a.id"
    );
    let sent = format!("{select} WHERE a.author_id = $1 ORDER BY a.id");
    Ok(json!({
        "received": own_rows(db, person.0, &columns, &received).await?,
        "sent": own_rows(db, person.0, &columns, &sent).await?,
    }))
}
