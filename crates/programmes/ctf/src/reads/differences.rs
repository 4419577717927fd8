use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Query, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{DifferenceId, RosterId},
    rules::{
        compare::CompareScope,
        profile::shown_name,
        reconcile_kinds::DifferenceKind,
        runs::{RunOutcome, Trigger},
    },
    store::reconciliations::is_sample,
};

/// A difference between here and the game platform.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DifferenceView {
    pub id: Uuid,
    pub kind: DifferenceKind,
    /// The competitor, if it is about one.
    pub competitor_id: Option<Uuid>,
    pub roster_id: Option<Uuid>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// The coach, if it is about one.
    pub coach_id: Option<Uuid>,
    coach_user_id: Option<Uuid>,
    #[sea_orm(skip)]
    pub coach: Option<String>,
    /// The team, if it is about one.
    pub team_id: Option<Uuid>,
    pub team: Option<String>,
    /// The ID of the account or the team on the platform.
    pub platform_id: Option<String>,
    /// The side of this server.
    pub here: String,
    /// The side of the platform.
    pub there: String,
    /// When a comparison first found it.
    pub first_seen_at: Timestamp,
    /// The comparison that last found it.
    pub seen_in: Uuid,
    pub resolved_at: Option<Timestamp>,
}

impl DifferenceView {
    /// Returns the name of the competitor as pages show it.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let (first, last) = self.first_name.as_deref().zip(self.last_name.as_deref())?;
        Some(shown_name(first, last))
    }
}

const DIFFERENCE: &str = "d.id, d.kind, d.competitor_id, p.roster_id, p.first_name, p.last_name, d.coach_id, \
     c.user_id AS coach_user_id, d.team_id, t.name AS team, \
     coalesce(d.platform_id, p.game_platform_id, t.game_platform_id, c.game_platform_id) AS platform_id, \
     d.here, d.there, d.first_seen_at, d.seen_in, d.resolved_at \
     FROM game_platform_differences d LEFT JOIN competitors p ON p.id = d.competitor_id \
     LEFT JOIN ctf_teams t ON t.id = d.team_id LEFT JOIN coaches c ON c.id = d.coach_id";

/// Finds a difference.
///
/// # Errors
/// When the database fails.
pub async fn difference(
    db: &impl Sql,
    id: DifferenceId,
) -> Result<Option<DifferenceView>, DbError> {
    let sql = format!("SELECT {DIFFERENCE} WHERE d.id = $1");
    let found = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// Adds the logins of coaches.
async fn named(
    db: &impl Sql,
    mut found: Vec<DifferenceView>,
) -> Result<Vec<DifferenceView>, DbError> {
    let people = found.iter().filter_map(|row| row.coach_user_id);
    let logins = identity::reads::logins(db, people.map(UserId::new)).await?;
    for row in &mut found {
        let person = row.coach_user_id.map(UserId::new);
        row.coach = person.and_then(|person| logins.get(&person).cloned());
    }
    Ok(found)
}

/// Lists the open differences of a kind, or of all, the oldest first, after a position, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn differences(
    db: &impl Sql,
    kind: Option<DifferenceKind>,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<DifferenceView>, DbError> {
    let mut query = db.query();
    let mut conditions = vec!["d.resolved_at IS NULL".to_owned()];
    if let Some(kind) = kind {
        conditions.push(format!("d.kind = {}", query.bind(kind.as_str())));
    }
    if let Some((at, id)) = after {
        let (at, id) = (query.bind(at), query.bind(id));
        conditions.push(format!("(d.first_seen_at, d.id) > ({at}, {id})"));
    }
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {DIFFERENCE} WHERE {} ORDER BY d.first_seen_at, d.id LIMIT {limit}",
        conditions.join(" AND ")
    );
    let found = db.all(query.statement(sql)).await?;
    named(db, found).await
}

/// Counts the open differences by kind.
///
/// # Errors
/// When the database fails.
pub async fn difference_counts(db: &impl Sql) -> Result<Vec<(DifferenceKind, i64)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: DifferenceKind,
        differences: i64,
    }
    let sql = "SELECT d.kind, count(*) AS differences FROM game_platform_differences d \
               WHERE d.resolved_at IS NULL GROUP BY d.kind";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    let count = |kind: DifferenceKind| {
        let own = rows.iter().find(|row| row.kind == kind);
        own.map(|row| (kind, row.differences))
    };
    Ok(DifferenceKind::ALL.into_iter().filter_map(count).collect())
}

/// A comparison with the game platform.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ReconciliationView {
    pub id: Uuid,
    /// When it was requested.
    pub created_at: Timestamp,
    trigger: Trigger,
    scope: CompareScope,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// When it became a dead letter.
    pub dead_at: Option<Timestamp>,
    pub competitors: i64,
    /// Competitors who were left out.
    pub skipped: i64,
    /// Competitors for whom the platform did not answer.
    pub failed: i64,
    pub differences: i64,
    /// Absent before the end.
    pub outcome: Option<RunOutcome>,
    /// The reason why it ended early.
    pub reason: Option<String>,
}

impl ReconciliationView {
    #[must_use]
    pub fn trigger(&self) -> &'static str {
        self.trigger.heading()
    }

    /// Returns the number of competitors of a sample; `None` for a comparison of everyone.
    #[must_use]
    pub fn sampled(&self) -> Option<i64> {
        let (_, number) = self.scope.sample()?;
        Some(number)
    }

    /// Returns whether it has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.completed_at.is_none() && self.dead_at.is_none()
    }
}

const RECONCILIATION: &str = "r.id, r.created_at, r.trigger, r.scope, r.started_at, r.completed_at, r.dead_at, \
     r.competitors, r.skipped, r.failed, r.differences, r.outcome, r.reason";

/// Returns the latest comparisons of everyone: the last one that ended, and the one that has not.
///
/// # Errors
/// When the database fails.
pub async fn reconciliations(
    db: &impl Sql,
) -> Result<(Option<ReconciliationView>, Option<ReconciliationView>), DbError> {
    let ended = latest(db, db.query(), "r.scope = 'all' AND r.completed_at IS NOT NULL").await?;
    let open = latest(db, db.query(), "r.scope = 'all' AND r.due_at IS NOT NULL").await?;
    Ok((ended, open))
}

/// Returns the latest comparison of a sample of everyone.
///
/// # Errors
/// When the database fails.
pub async fn last_sample(db: &impl Sql) -> Result<Option<ReconciliationView>, DbError> {
    let mut query = db.query();
    let condition = is_sample(&mut query, None);
    latest(db, query, &condition).await
}

/// Returns the latest comparison of a sample of a roster.
///
/// # Errors
/// When the database fails.
pub async fn last_roster_sample(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Option<ReconciliationView>, DbError> {
    let mut query = db.query();
    let condition = is_sample(&mut query, Some(roster));
    latest(db, query, &condition).await
}

/// Lists the open differences of the competitors of a roster, the oldest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn roster_differences(
    db: &impl Sql,
    roster: RosterId,
    limit: i64,
) -> Result<Vec<DifferenceView>, DbError> {
    let sql = format!(
        "SELECT {DIFFERENCE} WHERE d.resolved_at IS NULL AND p.roster_id = $1 \
         ORDER BY d.first_seen_at, d.id LIMIT $2"
    );
    let values = [roster.into(), limit.into()];
    db.all(db.statement(&sql, values)).await
}

async fn latest(
    db: &impl Sql,
    query: Query,
    condition: &str,
) -> Result<Option<ReconciliationView>, DbError> {
    let sql = format!(
        "SELECT {RECONCILIATION} FROM game_platform_reconciliations r WHERE {condition} \
         ORDER BY r.id DESC LIMIT 1"
    );
    db.one(query.statement(sql)).await
}
