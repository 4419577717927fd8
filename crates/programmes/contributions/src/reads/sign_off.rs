//! Queries for what is open when a season is signed off, and for why it was signed off nevertheless.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Query, Sql, ids, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use super::{FigureScope, SeasonView, analytics::within, maintainers_of};
use crate::{
    model::{ProjectId, SeasonId, SignOffBlocker},
    rules::{analytics::DayRange, seasons::sign_off::OpenThings},
    store::seasons,
};

/// Lists what is not decided in a season, the kinds in their order.
pub async fn open_things(db: &impl Sql, season: &SeasonView) -> Result<Vec<OpenThings>, DbError> {
    let projects = seasons::projects(db, SeasonId::new(season.id)).await?;
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    let scope = FigureScope { projects: projects.into_iter().collect(), repository: None };
    let days = season.days();
    let range = DayRange { first: days.first, last: days.last };
    let mut open = Vec::new();
    for blocker in SignOffBlocker::ALL {
        let mut query = db.query();
        let sql = match blocker {
            SignOffBlocker::OpenFlags => flags(&mut query, &scope, range),
            SignOffBlocker::OpenDisputes => disputes(&mut query, &scope, range, season.id),
            SignOffBlocker::PendingPoints => pending(&mut query, &scope, range),
            SignOffBlocker::UnreviewedWork => unreviewed(&mut query, &scope, range),
        };
        let count = db.count(query.statement(sql)).await?;
        if count > 0 {
            open.push(OpenThings { blocker, count });
        }
    }
    Ok(open)
}

/// The part of what is open that is in one project.
#[derive(Clone, Debug)]
pub struct OpenInProject {
    pub slug: String,
    pub name: String,
    pub count: i64,
    /// The logins of the maintainers.
    pub maintainers: Vec<String>,
}

/// Lists the projects of a season with something of a kind that is not decided, most first. What concerns no project, as a
/// sanction, is in none.
pub async fn open_in_projects(
    db: &impl Sql,
    season: &SeasonView,
    blocker: SignOffBlocker,
) -> Result<Vec<OpenInProject>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        slug: String,
        name: String,
        count: i64,
    }
    #[derive(FromQueryResult)]
    struct Maintainer {
        project_id: Uuid,
        user_id: Uuid,
    }
    let projects = seasons::projects(db, SeasonId::new(season.id)).await?;
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    let scope = FigureScope { projects: projects.into_iter().collect(), repository: None };
    let days = season.days();
    let range = DayRange { first: days.first, last: days.last };
    let mut query = db.query();
    let of_season = of_season(&mut query, &scope, range);
    let (things, of) = match blocker {
        SignOffBlocker::OpenFlags => ("f.id", FLAGS),
        SignOffBlocker::OpenDisputes => ("d.id", DISPUTES),
        SignOffBlocker::PendingPoints => ("c.pull_request_id", PENDING),
        SignOffBlocker::UnreviewedWork => ("c.pull_request_id", UNREVIEWED),
    };
    let sql = format!(
        "SELECT j.id, j.slug, j.name, count(DISTINCT {things}) AS count \
         FROM contributions c JOIN projects j ON j.id = c.project_id {of} AND {of_season} \
         GROUP BY j.id, j.slug, j.name ORDER BY count DESC, j.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut query = db.query();
    let found = query.rows(ids(rows.iter().map(|row| ProjectId::new(row.id))), "r");
    let sql = format!(
        "SELECT m.project_id, m.user_id FROM project_maintainers m JOIN {found} ON r.id = m.project_id"
    );
    let people: Vec<Maintainer> = db.all(query.statement(sql)).await?;
    let known = identity::reads::who(db, people.iter().map(|it| it.user_id.into())).await?;
    let view = |row: Row| {
        let own = people.iter().filter(|it| it.project_id == row.id).map(|it| it.user_id.into());
        let maintainers = maintainers_of(own.collect(), &known).into_iter().map(|it| it.login);
        let maintainers = maintainers.collect();
        OpenInProject { slug: row.slug, name: row.name, count: row.count, maintainers }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Open flags with contributions `c`.
const FLAGS: &str = "JOIN flags_on_pull_requests p ON p.pull_request_id = c.pull_request_id \
     JOIN fair_play_flags f ON f.id = p.flag_id WHERE f.state = 'open'";

/// Open disputes about contributions `c` and flags on them.
const DISPUTES: &str = "JOIN disputes d ON (d.kind = 'score' AND d.target_id = c.pull_request_id) \
     OR (d.kind = 'flag' AND EXISTS (SELECT 1 FROM flags_on_pull_requests p \
     WHERE p.flag_id = d.target_id AND p.pull_request_id = c.pull_request_id)) \
     WHERE (d.state = 'open' OR EXISTS (SELECT 1 FROM appeals a WHERE a.dispute_id = d.id AND a.state = 'open'))";

/// Contributions `c` with points that are not posted yet.
const PENDING: &str = "WHERE (c.opening_pending <> 0 OR c.merge_pending <> 0)";

/// Contributions `c` that wait for a review.
const UNREVIEWED: &str =
    "WHERE c.state NOT IN ('MERGED', 'CLOSED') AND c.state IN ('OPEN', 'UNDER_REVIEW')";

/// Returns the condition that a contribution `c` is of the season: of its projects, and opened or merged in its days in UTC.
fn of_season(query: &mut Query, scope: &FigureScope, range: DayRange) -> String {
    let (holds, opened) = (scope.holds(query), within(query, "opened_at", range));
    let merged = within(query, "merged_at", range);
    format!("{holds} AND (({opened}) OR ({merged}))")
}

fn flags(query: &mut Query, scope: &FigureScope, range: DayRange) -> String {
    let of_season = of_season(query, scope, range);
    format!(
        "SELECT count(*) FROM fair_play_flags f WHERE f.state = 'open' AND EXISTS (\
         SELECT 1 FROM flags_on_pull_requests p JOIN contributions c ON c.pull_request_id = p.pull_request_id \
         WHERE p.flag_id = f.id AND {of_season})"
    )
}

fn disputes(query: &mut Query, scope: &FigureScope, range: DayRange, season: Uuid) -> String {
    let (scored, flagged) = (of_season(query, scope, range), of_season(query, scope, range));
    let season = query.bind(season);
    format!(
        "SELECT count(*) FROM disputes d WHERE (d.state = 'open' OR EXISTS (SELECT 1 FROM appeals a \
         WHERE a.dispute_id = d.id AND a.state = 'open')) AND (\
         (d.kind = 'score' AND EXISTS (SELECT 1 FROM contributions c \
         WHERE c.pull_request_id = d.target_id AND {scored})) \
         OR (d.kind = 'flag' AND EXISTS (SELECT 1 FROM flags_on_pull_requests p \
         JOIN contributions c ON c.pull_request_id = p.pull_request_id \
         WHERE p.flag_id = d.target_id AND {flagged})) \
         OR (d.kind = 'sanction' AND EXISTS (SELECT 1 FROM sanctions s \
         WHERE s.id = d.target_id AND s.season_id = {season})))"
    )
}

fn pending(query: &mut Query, scope: &FigureScope, range: DayRange) -> String {
    let of_season = of_season(query, scope, range);
    format!("SELECT count(*) FROM contributions c {PENDING} AND {of_season}")
}

fn unreviewed(query: &mut Query, scope: &FigureScope, range: DayRange) -> String {
    let of_season = of_season(query, scope, range);
    format!("SELECT count(*) FROM contributions c {UNREVIEWED} AND {of_season}")
}

/// Why a season was signed off although things were open.
#[derive(Clone, Debug)]
pub struct SignOffReasonView {
    pub blocker: SignOffBlocker,
    /// The number of open things.
    pub count: i64,
    /// The reason; empty once it is removed.
    pub reason: String,
    /// The login of the organizer; `None` if an operator decided.
    pub decided_by: Option<String>,
    pub decided_at: Timestamp,
}

/// Lists why a season was signed off although things were open.
pub async fn sign_off_reasons(
    db: &impl Sql,
    season: SeasonId,
) -> Result<Vec<SignOffReasonView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        blocker: SignOffBlocker,
        count: i64,
        reason: String,
        decided_by_id: Option<Uuid>,
        created_at: Timestamp,
    }
    let sql = "SELECT r.blocker, r.count, r.reason, r.decided_by_id, r.created_at FROM sign_off_reasons r \
               WHERE r.season_id = $1 ORDER BY r.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [season.into()])).await?;
    let people = rows.iter().filter_map(|row| row.decided_by_id);
    let logins = identity::reads::logins(db, people.map(UserId::new)).await?;
    let view = |row: Row| SignOffReasonView {
        blocker: row.blocker,
        count: row.count,
        reason: row.reason,
        decided_by: (row.decided_by_id)
            .map(|person| logins.get(&person.into()).cloned().unwrap_or_default()),
        decided_at: row.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Exports the reasons of sign-offs that a person wrote.
pub(super) async fn export_sign_offs(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("season", Kind::Text),
        ("blocker", Kind::Text),
        ("reason", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT s.name AS season, r.blocker, r.reason, r.created_at FROM sign_off_reasons r \
               JOIN seasons s ON s.id = r.season_id WHERE r.decided_by_id = $1 ORDER BY r.id";
    own_rows(db, person.0, &columns, sql).await
}
