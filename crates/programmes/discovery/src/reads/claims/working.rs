use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::own::repository_names;

/// A person who works on an issue.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Working {
    /// The opportunity.
    pub id: Uuid,
    repository_id: Uuid,
    pub number: i64,
    pub title: String,
    user_id: Uuid,
    /// When they began.
    pub claimed_at: Timestamp,
    /// Until when they work on it.
    pub expires_at: Timestamp,
    /// The number of people in the queue.
    pub queue: i64,
    #[sea_orm(skip)]
    pub login: String,
    /// That person as lists show them.
    #[sea_orm(skip)]
    pub who: Who,
    /// The repository's name.
    #[sea_orm(skip)]
    pub repository: String,
}

/// Lists at most `limit` people who work on issues of repositories, those whose claims end first first.
///
/// # Errors
/// When the database fails.
pub async fn working_in(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = Uuid>,
    limit: i64,
) -> Result<Vec<Working>, DbError> {
    let mut query = db.query();
    let (rows, limit) = (query.rows(ids(repositories), "r"), query.bind(limit));
    let sql = format!(
        "SELECT o.id, o.repository_id, o.number, o.title, c.user_id, c.claimed_at, c.expires_at, \
         (SELECT count(*) FROM opportunity_claims q WHERE q.opportunity_id = o.id AND q.status = 'queued') AS queue \
         FROM {rows} JOIN opportunities o ON o.repository_id = r.id \
         JOIN opportunity_claims c ON c.opportunity_id = o.id AND c.status = 'active' \
         ORDER BY c.expires_at, c.id LIMIT {limit}"
    );
    let mut found: Vec<Working> = db.all(query.statement(sql)).await?;
    let names = repository_names(db, found.iter().map(|row| row.repository_id)).await?;
    let people = found.iter().map(|row| UserId::new(row.user_id));
    let known = identity::reads::who(db, people).await?;
    for row in &mut found {
        row.repository = names.get(&row.repository_id).cloned().unwrap_or_default();
        row.who = known.get(&row.user_id.into()).cloned().unwrap_or_default();
        row.login.clone_from(&row.who.login);
    }
    Ok(found)
}
