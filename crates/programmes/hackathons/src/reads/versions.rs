//! Queries for the versions of submissions.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use ui::Who;
use uuid::Uuid;

use crate::model::SubmissionId;

/// A submitted version.
#[derive(Clone, Debug, FromQueryResult)]
pub struct VersionView {
    /// Its number, from 1.
    pub number: i64,
    /// When it was submitted.
    pub created_at: Timestamp,
    user_id: Uuid,
    /// The login of the person who submitted it.
    #[sea_orm(skip)]
    pub login: String,
    /// That person as lists show them.
    #[sea_orm(skip)]
    pub who: Who,
    /// True if it is late by the deadline that is in force now.
    pub is_late: bool,
    /// The name of the project.
    pub title: String,
    /// The repository as `owner/name`.
    pub repository: String,
    /// The branch; empty for the default branch.
    pub branch: String,
}

/// Versions with their texts and the deadlines of their submissions.
const VERSIONS: &str = "submission_versions v JOIN submission_texts x ON x.version_id = v.id \
     JOIN submissions s ON s.id = v.submission_id JOIN hackathons h ON h.id = s.hackathon_id \
     LEFT JOIN submission_extensions e ON e.hackathon_id = s.hackathon_id \
     AND (e.team_id = s.team_id OR e.user_id = s.user_id)";

/// Versions are never changed, so one that came before a deadline that was moved since is stored as late.
const IS_LATE: &str = "v.is_late AND v.created_at >= h.submission_closes_at \
     AND (e.closes_at IS NULL OR v.created_at >= e.closes_at)";

/// Lists the latest versions of a submission, latest first, at most 100.
pub async fn versions(db: &impl Sql, id: SubmissionId) -> Result<Vec<VersionView>, DbError> {
    let sql = format!(
        "SELECT v.number, v.created_at, v.user_id, {IS_LATE} AS is_late, x.title, x.repository, \
         x.branch FROM {VERSIONS} WHERE v.submission_id = $1 ORDER BY v.number DESC LIMIT 100"
    );
    let mut rows: Vec<VersionView> = db.all(db.statement(&sql, [id.into()])).await?;
    let people = rows.iter().map(|row| UserId::new(row.user_id));
    let known = identity::reads::who(db, people).await?;
    for row in &mut rows {
        row.who = known.get(&UserId::new(row.user_id)).cloned().unwrap_or_default();
        row.login.clone_from(&row.who.login);
    }
    Ok(rows)
}

/// Exports the versions that a person submitted.
pub(super) async fn export_versions(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("number", Kind::Int),
        ("is_late", Kind::Bool),
        ("title", Kind::Text),
        ("summary", Kind::Text),
        ("repository", Kind::Text),
        ("branch", Kind::Text),
        ("demo_url", Kind::Text),
        ("video_url", Kind::Text),
        ("technologies", Kind::Text),
        ("tracks", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = format!(
        "SELECT h.title AS hackathon, v.number, {IS_LATE} AS is_late, x.title, x.summary, x.repository, x.branch, \
         x.demo_url, x.video_url, x.technologies, x.tracks, v.created_at FROM {VERSIONS} \
         WHERE v.user_id = $1 ORDER BY v.id"
    );
    own_rows(db, person.0, &columns, &sql).await
}
