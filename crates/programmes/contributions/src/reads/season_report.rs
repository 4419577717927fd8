use std::collections::BTreeMap;

use chrono::NaiveDate;
use identity::{model::UserId, rules::has_profile};
use kernel::Points;
use platform::db::{Db, DbError, Sql};
use platform::web::WebError;
use recognition::reads::AwardedBadge;
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::{
    ContributorFilter, FigureScope, ProjectView, ProjectVolume, ResultView, SeasonView, analytics,
    analytics::within, contributors, corrections_until, results_page, season_corrections,
    season_projects, season_results::results_after, volumes,
};
use crate::{
    model::{FlagEffect, FlagState, SeasonId},
    rules::{
        analytics::{Analytics, Contributor, DayRange},
        seasons::SeasonCorrection,
    },
};

/// The number of people in a report.
const TOP: i64 = 20;
/// The number of contributors of a project among whom those with a rank in the season are looked for.
const CANDIDATES: i64 = 100;

/// The numbers of people in a season.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct SeasonFacts {
    /// Registered people who did not withdraw.
    pub participants: i64,
    /// People with a result: the final ones, or those on the leaderboard while results are provisional.
    pub people: i64,
    /// People with a result who reached the goal; 0 if there is none.
    pub reached_goal: i64,
    /// People with a warning that was not lifted.
    pub warned: i64,
    pub disqualified: i64,
}

/// A number of flags with the same state and effect.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FlagCount {
    pub state: FlagState,
    /// The effect of confirmed ones.
    pub effect: Option<FlagEffect>,
    pub flags: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPerson {
    /// The rank in the season, which people with equal points share.
    pub rank: i64,
    /// The login; empty if the person is no longer shown on leaderboards.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    /// The number of merged pull requests: in the season those that earned points, in a project all of its.
    pub merged: i64,
    /// The points: of the season, or those of the pull requests of the project.
    pub points: Points,
    /// True if the season's goal was reached.
    pub has_reached_goal: bool,
}

/// The report of a season, or of one of its projects in it.
#[derive(Clone, Debug)]
pub struct SeasonReport {
    pub season: SeasonView,
    /// The projects of the season, by slug.
    pub projects: Vec<ProjectView>,
    /// The project that the report is about; absent for the season as a whole.
    pub project: Option<ProjectView>,
    /// The number of the correction after which ranks and points are shown; 0 for those of the sign-off, and while they are
    /// provisional.
    pub correction: i64,
    /// The corrections since the sign-off.
    pub corrections: Vec<SeasonCorrection<Uuid>>,
    /// The numbers of people in the season.
    pub facts: SeasonFacts,
    /// The figures of pull requests, in the season's days in UTC.
    pub analytics: Analytics,
    /// The pull requests of each project, in the season's days in UTC.
    pub volumes: Vec<ProjectVolume>,
    /// The first people: of the season by rank, of a project by merges in it.
    pub people: Vec<ReportPerson>,
    /// The badges that people earned in the season's days in UTC. Empty in the report of a project.
    pub badges: Vec<AwardedBadge>,
    /// The flags on pull requests that were opened in the season's days in UTC.
    pub flags: Vec<FlagCount>,
}

/// Reads the report of a season up to a UTC day, or of its project with a slug, with the ranks and points of the sign-off or after
/// the correction with a number. `None` if the season has no such project.
///
/// # Errors
/// When the season has no such correction.
pub async fn season_report(
    db: &Db,
    season: SeasonView,
    project: Option<&str>,
    correction: i64,
    today: NaiveDate,
) -> Result<Option<SeasonReport>, WebError> {
    let projects = season_projects(db, SeasonId::new(season.id)).await?;
    let chosen = match project {
        None => None,
        Some(slug) => match projects.iter().find(|project| project.slug == slug) {
            None => return Ok(None),
            found => found.cloned(),
        },
    };
    let chosen_ids = match &chosen {
        Some(project) => vec![project.id.into()],
        None => projects.iter().map(|project| project.id.into()).collect(),
    };
    let scope = FigureScope { projects: chosen_ids, repository: None };
    let days = season.days();
    // The weeks of a running season end with the current one.
    let range = DayRange { first: days.first, last: days.last.min(today).max(days.first) };
    let (from, to) = range.instants();
    let is_whole = chosen.is_none();
    let corrections = season_corrections(db, &season).await?;
    let until = corrections_until(&season, &corrections, correction)?;
    Ok(Some(SeasonReport {
        facts: facts(db, &season, until).await?,
        correction,
        analytics: analytics(db, &scope, range).await?,
        volumes: if scope.projects.is_empty() {
            Vec::new()
        } else {
            volumes(db, &scope, range).await?
        },
        people: if is_whole {
            people(db, &season, until).await?
        } else {
            people_of_project(db, &season, scope.clone(), range).await?
        },
        badges: if is_whole {
            recognition::reads::awarded_badges(db, from, to).await?
        } else {
            Vec::new()
        },
        flags: flags(db, &scope, range).await?,
        corrections,
        season,
        projects,
        project: chosen,
    }))
}

/// Counts the people of a season.
async fn facts(
    db: &Db,
    season: &SeasonView,
    until: &[SeasonCorrection<Uuid>],
) -> Result<SeasonFacts, WebError> {
    let sql = "SELECT (SELECT count(*) FROM season_participants p WHERE p.season_id = $1 \
               AND p.withdrawn_at IS NULL) AS participants, \
               (SELECT count(*) FROM season_results r WHERE r.season_id = $1) AS people, \
               (SELECT count(*) FROM season_results r WHERE r.season_id = $1 AND r.has_reached_goal) \
               AS reached_goal, \
               (SELECT count(DISTINCT s.user_id) FROM sanctions s WHERE s.season_id = $1 \
               AND s.lifted_at IS NULL AND s.kind = 'warning') AS warned, \
               (SELECT count(DISTINCT s.user_id) FROM sanctions s WHERE s.season_id = $1 \
               AND s.lifted_at IS NULL AND s.kind = 'disqualification') AS disqualified";
    let found = db.one(db.statement(sql, [season.id.into()])).await?;
    let mut facts: SeasonFacts = found.unwrap_or_default();
    if !until.is_empty() {
        let rows = results_after(db, season, until).await?;
        let reached = rows.iter().filter(|it| season.goal > 0 && it.total.merged >= season.goal);
        facts.reached_goal = i64::try_from(reached.count()).unwrap_or(i64::MAX);
        facts.people = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    } else if season.signed_off_at.is_none() {
        let key = season.board();
        let first = recognition::reads::page(db, &key, recognition::reads::Start::Top, 1).await?;
        facts.people = first.people;
        facts.reached_goal = match season.goal {
            1.. => recognition::reads::people_with_merges(db, &key, season.goal).await?,
            _ => 0,
        };
    }
    Ok(facts)
}

/// Lists the first people of the season's results.
async fn people(
    db: &Db,
    season: &SeasonView,
    until: &[SeasonCorrection<Uuid>],
) -> Result<Vec<ReportPerson>, WebError> {
    let found = results_page(db, season, until, None, TOP).await?;
    let person = |row: ResultView| ReportPerson {
        rank: row.rank,
        login: row.login,
        who: row.who,
        merged: row.merged,
        points: row.points,
        has_reached_goal: row.has_reached_goal,
    };
    Ok(found.items.into_iter().map(person).collect())
}

/// Lists the people with a rank in the season who have the most merges in a project. Others, such as people who are not
/// registered or who are disqualified, are left out.
async fn people_of_project(
    db: &Db,
    season: &SeasonView,
    scope: FigureScope,
    range: DayRange,
) -> Result<Vec<ReportPerson>, WebError> {
    let filter = ContributorFilter { scope, range: Some(range), people: None };
    let found = contributors(db, &filter, None, CANDIDATES).await?;
    let ids: Vec<UserId> = found.iter().map(|person| person.user_id).collect();
    let ranks = recognition::reads::ranks(db, &season.board(), ids.iter().copied()).await?;
    let hidden = recognition::reads::unlisted(db, ids.iter().copied()).await?;
    let known = identity::reads::who(db, ids).await?;
    let shown = |id: &UserId| {
        let who = known.get(id).filter(|who| has_profile(&who.login));
        who.filter(|_| !hidden.contains(id)).cloned().unwrap_or_default()
    };
    let person = |row: &Contributor| {
        let who = shown(&row.user_id);
        Some(ReportPerson {
            rank: *ranks.get(&row.user_id)?,
            login: who.login.clone(),
            who,
            merged: row.merged,
            points: row.points,
            has_reached_goal: false,
        })
    };
    let people = found.iter().filter_map(person);
    Ok(people.take(TOP.unsigned_abs() as usize).collect())
}

/// Counts the flags on pull requests that were opened in a range of days.
async fn flags(
    db: &impl Sql,
    scope: &FigureScope,
    range: DayRange,
) -> Result<Vec<FlagCount>, DbError> {
    if scope.projects.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let (holds, is_opened) = (scope.holds(&mut query), within(&mut query, "opened_at", range));
    let sql = format!(
        "SELECT f.state, f.effect, count(*) AS flags FROM fair_play_flags f \
         WHERE EXISTS (SELECT 1 FROM flags_on_pull_requests p \
         JOIN contributions c ON c.pull_request_id = p.pull_request_id \
         WHERE p.flag_id = f.id AND {holds} AND {is_opened}) GROUP BY f.state, f.effect"
    );
    let rows: Vec<FlagCount> = db.all(query.statement(sql)).await?;
    let key = |row: FlagCount| ((row.state.as_str(), row.effect.map(FlagEffect::as_str)), row);
    let sorted: BTreeMap<_, _> = rows.into_iter().map(key).collect();
    Ok(sorted.into_values().collect())
}
