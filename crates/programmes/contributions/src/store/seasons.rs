use std::collections::BTreeSet;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, ids};
use recognition::reads::RankedPerson;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{ProjectId, SeasonId},
    rules::seasons::SeasonDetails,
};

pub(crate) async fn insert(
    tx: &Tx,
    id: SeasonId,
    slug: &str,
    details: &SeasonDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO seasons (id, slug, name, description, first_day, last_day, \
               registration_first_day, registration_last_day, consent_version, goal, rules, \
               is_registered_only, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $12)";
    let values = [
        id.into(),
        slug.into(),
        details.name.as_str().into(),
        details.description.as_str().into(),
        details.days.first.to_string().into(),
        details.days.last.to_string().into(),
        details.registration.stored().first.to_string().into(),
        details.registration.last.to_string().into(),
        details.goal.into(),
        details.rules.as_str().into(),
        details.is_registered_only.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Writes the details of a season, and the version of its consent text.
pub(crate) async fn update(
    tx: &Tx,
    id: SeasonId,
    details: &SeasonDetails,
    consent_version: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE seasons SET name = $2, description = $3, first_day = $4, last_day = $5, \
               registration_first_day = $6, registration_last_day = $7, consent_version = $8, \
               goal = $9, rules = $10, is_registered_only = $11, updated_at = $12 WHERE id = $1";
    let values = [
        id.into(),
        details.name.as_str().into(),
        details.description.as_str().into(),
        details.days.first.to_string().into(),
        details.days.last.to_string().into(),
        details.registration.stored().first.to_string().into(),
        details.registration.last.to_string().into(),
        consent_version.into(),
        details.goal.into(),
        details.rules.as_str().into(),
        details.is_registered_only.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Inserts a version of a consent text.
pub(crate) async fn insert_consent(
    tx: &Tx,
    id: Uuid,
    season: SeasonId,
    version: i64,
    text: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO season_consents (id, season_id, version, text, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [id.into(), season.into(), version.into(), text.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A step of a season that is stored as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeasonStep {
    Publish,
    Cancel,
    SignOff,
}

/// Stores that a season took a step.
pub(crate) async fn step(
    tx: &Tx,
    id: SeasonId,
    step: SeasonStep,
    now: Timestamp,
) -> Result<(), DbError> {
    let column = match step {
        SeasonStep::Publish => "published_at",
        SeasonStep::Cancel => "canceled_at",
        SeasonStep::SignOff => "signed_off_at",
    };
    let sql = format!("UPDATE seasons SET {column} = $1, updated_at = $1 WHERE id = $2");
    tx.run(tx.statement(&sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Adds a project to a season; returns whether it did not belong to it.
pub(crate) async fn add_project(
    tx: &Tx,
    id: Uuid,
    season: SeasonId,
    project: ProjectId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO season_projects (id, season_id, project_id, created_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (season_id, project_id) DO NOTHING";
    let values = [id.into(), season.into(), project.into(), now.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Removes a project from a season; returns whether it belonged to it.
pub(crate) async fn remove_project(
    tx: &Tx,
    season: SeasonId,
    project: ProjectId,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM season_projects WHERE season_id = $1 AND project_id = $2";
    let values = [season.into(), project.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

pub(crate) async fn projects(
    db: &impl Sql,
    season: SeasonId,
) -> Result<BTreeSet<ProjectId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        project_id: Uuid,
    }
    let sql = "SELECT project_id FROM season_projects WHERE season_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [season.into()])).await?;
    Ok(rows.into_iter().map(|row| row.project_id.into()).collect())
}

/// Returns the seasons that projects belong to.
pub(crate) async fn of_projects(
    db: &impl Sql,
    projects: impl IntoIterator<Item = ProjectId>,
) -> Result<Vec<(SeasonId, ProjectId)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        season_id: Uuid,
        project_id: Uuid,
    }
    let projects: BTreeSet<ProjectId> = projects.into_iter().collect();
    let mut query = db.query();
    let rows = query.rows(ids(projects), "r");
    let sql = format!(
        "SELECT s.season_id, s.project_id FROM {rows} JOIN season_projects s ON s.project_id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let pair = |row: Row| (row.season_id.into(), row.project_id.into());
    Ok(rows.into_iter().map(pair).collect())
}

/// Makes a person an organizer; returns whether they were not one.
pub(crate) async fn add_organizer(
    tx: &Tx,
    id: Uuid,
    season: SeasonId,
    person: UserId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO season_organizers (id, season_id, user_id, created_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (season_id, user_id) DO NOTHING";
    let values = [id.into(), season.into(), person.into(), now.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Removes an organizer; returns whether they were one.
pub(crate) async fn remove_organizer(
    tx: &Tx,
    season: SeasonId,
    person: UserId,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM season_organizers WHERE season_id = $1 AND user_id = $2";
    let values = [season.into(), person.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// The number of results inserted at once.
const AT_ONCE: usize = 5_000;

/// Stores the final results of a season, in the order of its leaderboard.
pub(crate) async fn insert_results(
    tx: &Tx,
    season: SeasonId,
    goal: i64,
    ranked: &[RankedPerson],
) -> Result<(), DbError> {
    let places: Vec<(usize, &RankedPerson)> = ranked.iter().enumerate().collect();
    for part in places.chunks(AT_ONCE) {
        let mut rows = Rows::new([
            ("user_id", Kind::Uuid),
            ("place", Kind::Int),
            ("rank", Kind::Int),
            ("points", Kind::Int),
            ("merged", Kind::Int),
            ("has_reached_goal", Kind::Bool),
        ]);
        for (index, row) in part {
            let place = i64::try_from(*index).unwrap_or(i64::MAX) + 1;
            rows.push([
                row.user_id.into(),
                place.into(),
                row.rank.into(),
                row.points.into(),
                row.merged.into(),
                (goal > 0 && row.merged >= goal).into(),
            ]);
        }
        let mut query = tx.query();
        let (rows, season) = (query.rows(rows, "r"), query.bind(season));
        let sql = format!(
            "INSERT INTO season_results (season_id, user_id, place, rank, points, merged, has_reached_goal) \
             SELECT {season}, r.user_id, r.place, r.rank, r.points, r.merged, r.has_reached_goal FROM {rows}"
        );
        tx.run(query.statement(sql)).await?;
    }
    Ok(())
}
