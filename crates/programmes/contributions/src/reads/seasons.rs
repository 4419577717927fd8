use std::collections::HashMap;

use chrono::NaiveDate;
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Engine, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::ProjectView;
use crate::{
    model::{SeasonId, season_board},
    rules::seasons::{RegistrationDays, SeasonDates, SeasonDays, SeasonDetails, SeasonState},
};

/// A season, as shown on pages.
#[derive(Clone, Debug, FromQueryResult)]
pub struct SeasonView {
    pub id: Uuid,
    pub slug: String,
    /// The display name.
    pub name: String,
    pub description: String,
    first_day: String,
    last_day: String,
    registration_first_day: String,
    registration_last_day: String,
    pub consent_version: i64,
    /// The number of merged pull requests that reach the goal; 0 for none.
    pub goal: i64,
    /// The rules for its projects, as JSON.
    pub rules: String,
    /// True if only registered people are on its leaderboard.
    pub is_registered_only: bool,
    pub published_at: Option<Timestamp>,
    pub canceled_at: Option<Timestamp>,
    /// When its results became final.
    pub signed_off_at: Option<Timestamp>,
}

impl SeasonView {
    /// Returns the days in which points count.
    #[must_use]
    pub fn days(&self) -> SeasonDays {
        SeasonDays { first: stored_day(&self.first_day), last: stored_day(&self.last_day) }
    }

    /// Returns the days of registration, in UTC.
    #[must_use]
    pub fn registration(&self) -> RegistrationDays {
        RegistrationDays::of_stored(SeasonDays {
            first: stored_day(&self.registration_first_day),
            last: stored_day(&self.registration_last_day),
        })
    }

    /// Returns the state at an instant.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SeasonState {
        let moment = SeasonDates {
            days: self.days(),
            published_at: self.published_at,
            canceled_at: self.canceled_at,
            signed_off_at: self.signed_off_at,
        };
        SeasonState::at(&moment, now)
    }

    /// Returns whether people can register at an instant.
    #[must_use]
    pub fn takes_registrations(&self, now: Timestamp) -> bool {
        let is_open = matches!(self.state(now), SeasonState::Registration | SeasonState::Running);
        is_open && self.registration().contain(self.days(), now)
    }

    #[must_use]
    pub fn board(&self) -> String {
        season_board(&self.slug)
    }

    /// Returns the details, with a consent text.
    #[must_use]
    pub fn details(&self, consent: String) -> SeasonDetails {
        SeasonDetails {
            name: self.name.clone(),
            description: self.description.clone(),
            days: self.days(),
            registration: self.registration(),
            consent,
            goal: self.goal,
            rules: self.rules.clone(),
            is_registered_only: self.is_registered_only,
        }
    }
}

/// Reads a stored day, which was checked before.
pub(super) fn stored_day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

const SEASON: &str = "s.id, s.slug, s.name, s.description, s.first_day, s.last_day, \
     s.registration_first_day, s.registration_last_day, s.consent_version, s.goal, s.rules, \
     s.is_registered_only, s.published_at, s.canceled_at, s.signed_off_at";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeasonPart {
    Public,
    All,
    OrganizedBy(UserId),
}

/// Lists a part of the seasons after a first day and slug (`YYYY-MM-DD slug`), latest first day first.
pub async fn seasons(
    db: &impl Sql,
    part: SeasonPart,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<SeasonView>, DbError> {
    let mut query = db.query();
    let (slug, joined) = match db.engine() {
        Engine::Sqlite => ("s.slug", "s.first_day || ' ' || s.slug"),
        Engine::Postgres => {
            ("s.slug COLLATE \"C\"", "(s.first_day || ' ' || s.slug) COLLATE \"C\"")
        }
    };
    let mut holds = match part {
        SeasonPart::Public => "s.published_at IS NOT NULL".to_owned(),
        SeasonPart::All => "true".to_owned(),
        SeasonPart::OrganizedBy(person) => format!(
            "EXISTS (SELECT 1 FROM season_organizers o WHERE o.season_id = s.id AND o.user_id = {})",
            query.bind(person)
        ),
    };
    if let Some(after) = after {
        holds = format!("{holds} AND {joined} < {}", query.bind(after));
    }
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {SEASON} FROM seasons s WHERE {holds} ORDER BY s.first_day DESC, {slug} DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// A season with how far its people are.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SeasonWithPeople {
    #[sea_orm(nested)]
    pub(crate) season: SeasonView,
    /// The number of people who take part.
    pub(crate) people: i64,
    /// How many of them reached the goal.
    pub(crate) reached: i64,
    /// The number of their merged pull requests.
    pub(crate) merged: i64,
}

/// Lists the published seasons, latest first day first. Those that were over before a day have no numbers of people.
pub(crate) async fn seasons_with_people(
    db: &impl Sql,
    since: NaiveDate,
    limit: i64,
) -> Result<Vec<SeasonWithPeople>, DbError> {
    let mut query = db.query();
    let (since, limit) = (query.bind(since.to_string()), query.bind(limit));
    let merged = recognition::reads::merged_on("'season:' || s.slug", "a.user_id");
    let taking_part =
        "FROM season_participants a WHERE a.season_id = s.id AND a.withdrawn_at IS NULL";
    let counted = |sql: String| {
        format!("CAST(CASE WHEN s.last_day >= {since} THEN ({sql}) ELSE 0 END AS bigint)")
    };
    let people = counted(format!("SELECT count(*) {taking_part}"));
    let reached = counted(format!("SELECT count(*) {taking_part} AND {merged} >= s.goal"));
    let merged = counted(format!("SELECT coalesce(sum({merged}), 0) {taking_part}"));
    let sql = format!(
        "SELECT {SEASON}, {people} AS people, {reached} AS reached, {merged} AS merged FROM seasons s \
         WHERE s.published_at IS NOT NULL ORDER BY s.first_day DESC, s.slug DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Finds a season by its slug, in any state.
pub async fn season(db: &impl Sql, slug: &str) -> Result<Option<SeasonView>, DbError> {
    let sql = format!("SELECT {SEASON} FROM seasons s WHERE s.slug = $1");
    db.one(db.statement(&sql, [slug.into()])).await
}

pub async fn season_by_id(db: &impl Sql, id: SeasonId) -> Result<Option<SeasonView>, DbError> {
    let sql = format!("SELECT {SEASON} FROM seasons s WHERE s.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Finds a season's ID by its slug.
pub async fn season_id(db: &impl Sql, slug: &str) -> Result<Option<SeasonId>, DbError> {
    Ok(season(db, slug).await?.map(|season| season.id.into()))
}

/// Finds the slugs of seasons by their IDs, and whether they are public.
pub async fn season_slugs_of(
    db: &impl Sql,
    seasons: impl IntoIterator<Item = SeasonId>,
) -> Result<HashMap<SeasonId, (String, bool)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        slug: String,
        published_at: Option<Timestamp>,
    }
    let mut query = db.query();
    let rows = query.rows(ids(seasons), "r");
    let sql =
        format!("SELECT s.id, s.slug, s.published_at FROM {rows} JOIN seasons s ON s.id = r.id");
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    let slug = |row: Row| (row.id.into(), (row.slug, row.published_at.is_some()));
    Ok(found.into_iter().map(slug).collect())
}

/// Returns a version of a season's consent text.
pub async fn consent(db: &impl Sql, season: SeasonId, version: i64) -> Result<String, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        text: String,
    }
    let sql = "SELECT text FROM season_consents WHERE season_id = $1 AND version = $2";
    let found: Option<Row> = db.one(db.statement(sql, [season.into(), version.into()])).await?;
    Ok(found.map(|row| row.text).unwrap_or_default())
}

/// Lists the projects of a season, by slug.
pub async fn season_projects(db: &impl Sql, season: SeasonId) -> Result<Vec<ProjectView>, DbError> {
    let sql = "SELECT p.id, p.slug, p.name, p.description, p.tags, p.difficulty, p.archived_at, \
               p.stale_days, p.abandoned_days, p.closes_abandoned, \
               (SELECT count(*) FROM project_repositories r WHERE r.project_id = p.id) AS repositories \
               FROM season_projects s JOIN projects p ON p.id = s.project_id WHERE s.season_id = $1";
    let mut projects: Vec<ProjectView> = db.all(db.statement(sql, [season.into()])).await?;
    projects.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(projects)
}

/// A project that a new season can have.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SeasonCandidate {
    pub(crate) slug: String,
    pub(crate) name: String,
    /// True if a pull request was merged there lately.
    pub(crate) is_active: bool,
}

/// Lists the projects that are not archived: those with a merge since an instant first, then by slug.
pub(crate) async fn season_candidates(
    db: &impl Sql,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<SeasonCandidate>, DbError> {
    let slug = match db.engine() {
        Engine::Sqlite => "p.slug",
        Engine::Postgres => "p.slug COLLATE \"C\"",
    };
    let sql = format!(
        "SELECT p.slug, p.name, EXISTS (SELECT 1 FROM contributions c WHERE c.project_id = p.id \
         AND c.state IN ('MERGED', 'CLOSED') AND c.state = 'MERGED' AND c.closed_at >= $1) AS is_active \
         FROM projects p WHERE p.archived_at IS NULL ORDER BY is_active DESC, {slug} LIMIT $2"
    );
    db.all(db.statement(&sql, [since.into(), limit.into()])).await
}

/// Returns whether a person organizes a season.
pub async fn is_organizer(
    db: &impl Sql,
    season: SeasonId,
    person: UserId,
) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM season_organizers WHERE season_id = $1 AND user_id = $2";
    let found = db.count(db.statement(sql, [season.into(), person.into()]));
    Ok(found.await? > 0)
}
