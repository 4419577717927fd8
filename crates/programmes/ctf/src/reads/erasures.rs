use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The account of an erased person, or a team, that the game platform has to delete.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Erasure {
    pub id: Uuid,
    pub competitor_id: Option<Uuid>,
    pub coach_id: Option<Uuid>,
    /// The ID on the platform.
    pub syned_user_id: String,
    /// When it was deleted here.
    pub created_at: Timestamp,
    /// When someone confirmed that it is deleted there.
    pub confirmed_at: Option<Timestamp>,
}

impl Erasure {
    /// Returns what has to be deleted, in words.
    #[must_use]
    pub const fn heading(&self) -> &'static str {
        match (self.competitor_id, self.coach_id) {
            (Some(_), _) => "Competitor",
            (None, Some(_)) => "Coach",
            (None, None) => "Team",
        }
    }
}

/// A page of the list of deletions.
#[derive(Clone, Debug, Default)]
pub struct ErasureList {
    pub rows: Vec<Erasure>,
    /// The last one, if there are others.
    pub next: Option<Uuid>,
}

/// The number of deletions on a page.
const PAGE: usize = 50;

const ERASURE: &str =
    "e.id, e.competitor_id, e.coach_id, e.syned_user_id, e.created_at, e.confirmed_at";

/// Finds a deletion.
///
/// # Errors
/// When the database fails.
pub async fn erasure(db: &impl Sql, id: Uuid) -> Result<Option<Erasure>, DbError> {
    let sql = format!("SELECT {ERASURE} FROM game_platform_erasures e WHERE e.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the deletions after one, the open ones first and then the latest.
///
/// # Errors
/// When the database fails.
pub async fn erasures(db: &impl Sql, after: Option<Uuid>) -> Result<ErasureList, DbError> {
    const CONFIRMED: &str = "CASE WHEN e.confirmed_at IS NULL THEN 0 ELSE 1 END";
    let last = match after {
        Some(after) => erasure(db, after).await?,
        None => None,
    };
    let mut query = db.query();
    let condition = match last {
        Some(last) => {
            let (id, place) = (query.bind(last.id), i32::from(last.confirmed_at.is_some()));
            format!("WHERE {CONFIRMED} > {place} OR ({CONFIRMED} = {place} AND e.id < {id})")
        }
        None => String::new(),
    };
    let limit = query.bind(PAGE as i64 + 1);
    let sql = format!(
        "SELECT {ERASURE} FROM game_platform_erasures e {condition} \
         ORDER BY {CONFIRMED}, e.id DESC LIMIT {limit}"
    );
    let mut rows: Vec<Erasure> = db.all(query.statement(sql)).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    Ok(ErasureList { rows, next })
}
