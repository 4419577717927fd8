use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    db::{DbError, Kind, Sql, own_rows},
    jobs::REFUSED,
};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use crate::model::WatchKind;

/// A watch, as its person sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnWatch {
    pub id: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    pub kind: WatchKind,
    /// The name: `owner/name`, or a topic.
    pub name: String,
    last_error: Option<String>,
    dead_at: Option<Timestamp>,
    outcome: Option<String>,
    completed_at: Option<Timestamp>,
    /// The number of repositories that are followed for it.
    pub repositories: i64,
}

impl OwnWatch {
    /// Returns why GitHub did not answer, or that it knows no such repository, in words.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        let has_failed = self.dead_at.is_some() || self.outcome.as_deref() == Some(REFUSED);
        self.last_error.as_deref().filter(|_| has_failed)
    }

    /// Returns true if GitHub answered.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.error().is_none() && self.completed_at.is_some()
    }
}

const OWN: &str = "SELECT w.id, w.created_at, w.kind, w.name, \
     coalesce(f.last_error, s.last_error) AS last_error, coalesce(f.dead_at, s.dead_at) AS dead_at, \
     coalesce(f.outcome, s.outcome) AS outcome, \
     coalesce(f.completed_at, s.completed_at) AS completed_at, \
     CASE WHEN w.kind = 'topic' THEN (SELECT count(*) FROM discovery_finds d WHERE d.search_id = s.id) \
     ELSE (CASE WHEN f.repository_id IS NULL THEN 0 ELSE 1 END) END AS repositories FROM discovery_watches w \
     LEFT JOIN followed_repositories f ON w.kind = 'repository' AND f.name_key = w.name_key \
     LEFT JOIN discovery_searches s ON w.kind = 'topic' AND s.kind = 'topic' AND s.query_key = w.name_key \
     WHERE w.ended_at IS NULL";

/// Returns a watch of a person.
///
/// # Errors
/// When the database fails.
pub async fn own_watch(
    db: &impl Sql,
    person: UserId,
    id: Uuid,
) -> Result<Option<OwnWatch>, DbError> {
    let sql = format!("{OWN} AND w.id = $1 AND w.user_id = $2");
    db.one(db.statement(&sql, [id.into(), person.into()])).await
}

/// Lists at most `limit` watches of a person after a place, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn own_watches(
    db: &impl Sql,
    person: UserId,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<OwnWatch>, DbError> {
    let mut query = db.query();
    let person = query.bind(person);
    let after = match after {
        None => String::new(),
        Some((at, id)) => {
            let (at, id) = (query.bind(at), query.bind(id));
            format!("AND (w.created_at, w.id) < ({at}, {id})")
        }
    };
    let limit = query.bind(limit);
    let sql = format!(
        "{OWN} AND w.user_id = {person} {after} ORDER BY w.created_at DESC, w.id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns the ID of a person's watch of a repository, if they watch it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn watch_of(
    db: &impl Sql,
    person: UserId,
    full_name: &str,
) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM discovery_watches WHERE user_id = $1 AND kind = 'repository' AND name_key = $2 \
               AND ended_at IS NULL";
    let values = [person.into(), full_name.to_lowercase().into()];
    let found: Option<Row> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|row| row.id))
}

pub(crate) async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("kind", Kind::Text),
        ("name", Kind::Text),
        ("created_at", Kind::At),
        ("ended_at", Kind::At),
    ];
    let sql = "SELECT kind, name, created_at, ended_at FROM discovery_watches WHERE user_id = $1 ORDER BY id";
    own_rows(db, person.0, &columns, sql).await
}
