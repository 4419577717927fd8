use axum::{Json, extract::State};
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::results::SeasonCorrectionView;
use crate::{
    access::{ReportedSeason, season_report},
    api::figures::Figures,
    model::FlagEffect,
    reads::{FlagCount, ReportPerson, SeasonReport},
};

/// The part of the report.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportQuery {
    /// Only this project of the season, by slug.
    #[param(example = "lantern")]
    project: Option<String>,
    /// The number of a correction, for the ranks and points after it. Those of the sign-off by default.
    #[param(value_type = i64, required = false, minimum = 0, example = 0)]
    correction: Option<i64>,
}

/// The report of a season, or of a project in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonReport)]
pub(super) struct ReportView {
    /// The slug of the season.
    season: String,
    /// The slug of the project. Null for the season as a whole.
    project: Option<String>,
    /// When the results became final. Null while they are provisional.
    #[schema(value_type = Option<String>, format = DateTime)]
    final_at: Option<Timestamp>,
    /// The number of the correction after which ranks and points are shown; 0 for those of the sign-off.
    correction: i64,
    /// The decisions after the results became final, earliest first.
    corrections: Vec<SeasonCorrectionView>,
    /// The number of projects in the season.
    project_count: i64,
    /// The number of registered people who did not withdraw.
    participant_count: i64,
    /// The number of people with a rank.
    ranked_count: i64,
    /// The number of merged pull requests that reach the goal; 0 if there is none.
    goal: i64,
    /// The number of people who reached the goal.
    reached_goal_count: i64,
    /// The number of people with a warning that was not lifted.
    warned_count: i64,
    /// The number of people who are disqualified.
    disqualified_count: i64,
    #[serde(flatten)]
    figures: Figures,
    /// The first people: of the season by rank, of a project by merges in it. At most 20.
    people: Vec<PersonView>,
    /// The pull requests of each project, those with the most merges first.
    projects: Vec<ProjectVolumeView>,
    /// The badges that anyone earned in the season's days. Empty in the report of a project.
    badges: Vec<BadgeView>,
    /// The numbers of flags on pull requests by their outcome.
    flags: Vec<FlagsView>,
}

/// A person in the report.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonReportPerson)]
struct PersonView {
    /// The rank in the season. People with equal points share a rank.
    rank: i64,
    /// The login. Empty if the person is no longer shown on leaderboards.
    login: String,
    /// The number of merged pull requests: in the season those that earned points, in a project all of its.
    merged: i64,
    /// The points: of the season, or of the pull requests of the project.
    #[schema(value_type = i64)]
    points: Points,
}

/// The pull requests of a project in the season.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonReportProject)]
struct ProjectVolumeView {
    /// The slug of the project.
    project: String,
    /// The number of pull requests that were opened.
    opened: i64,
    /// The number that were merged.
    merged: i64,
    /// The number that were closed without a merge.
    closed: i64,
    /// The share of merges among those that were merged or closed, in percent. Null if there are none.
    merge_rate_percent: Option<f64>,
}

/// A badge in the report.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonReportBadge)]
struct BadgeView {
    /// The slug of the badge.
    badge: String,
    /// `COMMON`, `RARE`, `EPIC` or `LEGENDARY`.
    rarity: String,
    /// The number of people who earned it.
    people: i64,
}

/// A number of flags.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonReportFlags)]
struct FlagsView {
    /// `open`, `confirmed` or `dismissed`.
    state: &'static str,
    /// The effect of confirmed ones on the points: `no_points` or `spam`. Null for none.
    effect: Option<&'static str>,
    /// The number of flags.
    flags: i64,
}

impl From<ReportPerson> for PersonView {
    fn from(person: ReportPerson) -> Self {
        Self {
            rank: person.rank,
            login: person.login,
            merged: person.merged,
            points: person.points,
        }
    }
}

impl From<FlagCount> for FlagsView {
    fn from(count: FlagCount) -> Self {
        Self {
            state: count.state.as_str(),
            effect: count.effect.map(FlagEffect::as_str),
            flags: count.flags,
        }
    }
}

impl From<SeasonReport> for ReportView {
    fn from(report: SeasonReport) -> Self {
        let project = |volume: &crate::reads::ProjectVolume| {
            let is_project = |it: &&crate::reads::ProjectView| it.id == volume.project_id;
            let found = report.projects.iter().find(is_project)?;
            Some(ProjectVolumeView {
                project: found.slug.clone(),
                opened: volume.opened,
                merged: volume.merged,
                closed: volume.closed,
                merge_rate_percent: volume.merge_rate(),
            })
        };
        let badge = |badge: recognition::reads::AwardedBadge| BadgeView {
            badge: badge.slug,
            rarity: badge.rarity.as_str().to_owned(),
            people: badge.people,
        };
        Self {
            project: report.project.as_ref().map(|project| project.slug.clone()),
            final_at: report.season.signed_off_at,
            correction: report.correction,
            corrections: report.corrections.into_iter().map(Into::into).collect(),
            project_count: report.projects.len() as i64,
            participant_count: report.facts.participants,
            ranked_count: report.facts.people,
            goal: report.season.goal,
            reached_goal_count: report.facts.reached_goal,
            warned_count: report.facts.warned,
            disqualified_count: report.facts.disqualified,
            figures: Figures::of(&report.analytics),
            projects: report.volumes.iter().filter_map(project).collect(),
            people: report.people.into_iter().map(Into::into).collect(),
            badges: report.badges.into_iter().map(badge).collect(),
            flags: report.flags.into_iter().map(Into::into).collect(),
            season: report.season.slug,
        }
    }
}

/// Returns the report of a season, or of a project in it: people, volume, merge rate, times to review and merge, ratings,
/// badges and flags. It is public when the results are final; before that, organizers and admins see it. Ranks and points are those of
/// the sign-off, or after a correction. Figures of pull requests are those of now, in the season's days in UTC.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}/report",
    operation_id = "get_season_report",
    tag = "Seasons",
    params(ReportQuery),
    responses(
        (status = 200, description = "The report", body = ReportView),
        (status = 404, description = "No season has this slug, or it has no such project or correction")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn report(
    State(context): State<Context>,
    ReportedSeason(season): ReportedSeason,
    Path(_): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Json<ReportView>, WebError> {
    let project = query.project.unwrap_or_default();
    let correction = query.correction.unwrap_or(0);
    let report = season_report(&context, season, &project, correction).await?;
    Ok(Json(report.into()))
}
