use axum::{Json, extract::State};
use platform::{
    Context,
    web::{Body, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Organizer, SeenHackathon},
    actions,
    reads::{self, CoverageView, JudgedResult},
    rules::judging::{
        rubric,
        settings::{JudgingInput, JudgingSettings},
    },
};

/// A criterion.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Craft", "question": "Code, tests and documentation.", "min": 1, "max": 3, "weight": 30,
    "levels": ["It does not build.", "It builds.", "You would merge it today."]
}))]
struct Criterion {
    /// The name.
    #[schema(max_length = 60)]
    name: String,
    /// The question that it answers; can be empty.
    #[serde(default)]
    #[schema(max_length = 200)]
    question: String,
    /// The lowest level, from 0.
    #[schema(minimum = 0, maximum = 9)]
    min: i64,
    /// The highest level, at most 10.
    #[schema(minimum = 1, maximum = 10)]
    max: i64,
    /// The weight. Only its part of the sum of all weights matters.
    #[schema(minimum = 1, maximum = 100)]
    weight: i64,
    /// The descriptions of the levels, from the lowest to the highest; empty for none.
    #[serde(default)]
    #[schema(max_items = 11)]
    levels: Vec<String>,
}

impl From<rubric::Criterion> for Criterion {
    fn from(it: rubric::Criterion) -> Self {
        Self {
            name: it.name,
            question: it.question,
            min: it.min,
            max: it.max,
            weight: it.weight,
            levels: it.levels,
        }
    }
}

impl From<Criterion> for rubric::Criterion {
    fn from(it: Criterion) -> Self {
        Self {
            name: it.name,
            question: it.question,
            min: it.min,
            max: it.max,
            weight: it.weight,
            levels: it.levels,
        }
    }
}

/// The judging of a hackathon.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "mode": "rubric", "looks": 3, "minutes_per_look": 5, "minutes": 120,
    "criteria": [{ "name": "Craft", "question": "", "min": 1, "max": 5, "weight": 30, "levels": [] }]
}))]
pub(super) struct Judging {
    /// `rubric`: judges score criteria. `ranking`: they put the projects that they have seen in an order.
    #[schema(max_length = 20)]
    mode: String,
    /// The number of looks that each project gets.
    #[schema(minimum = 1, maximum = 20)]
    looks: i64,
    /// The minutes of a look. For as long, no other judge gets the project.
    #[schema(minimum = 1, maximum = 240)]
    minutes_per_look: i64,
    /// The minutes that judges have, for the plan.
    #[schema(minimum = 1, maximum = 40_320)]
    minutes: i64,
    /// The criteria; empty if judges rank. They are fixed at the first score.
    #[serde(default)]
    #[schema(max_items = 10)]
    criteria: Vec<Criterion>,
}

impl From<JudgingSettings> for Judging {
    fn from(it: JudgingSettings) -> Self {
        Self {
            mode: it.mode.as_str().to_owned(),
            looks: it.looks,
            minutes_per_look: it.minutes_per_look,
            minutes: it.minutes,
            criteria: it.criteria.into_iter().map(Criterion::from).collect(),
        }
    }
}

/// Returns how a hackathon is judged.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/judging",
    operation_id = "get_judging",
    tag = "Hackathons",
    responses((status = 200, description = "The judging", body = Judging))
)]
pub(super) async fn get(
    State(context): State<Context>,
    seen: SeenHackathon,
) -> Result<Json<Judging>, WebError> {
    let settings = reads::judging_settings(&context.db, seen.hackathon.key()).await?;
    Ok(Json(settings.into()))
}

/// Sets how a hackathon is judged.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/judging",
    operation_id = "set_judging",
    tag = "Hackathons",
    request_body = Judging,
    responses(
        (status = 200, description = "The judging", body = Judging),
        (status = 409, description = "The mode and the criteria are fixed since the first score, or the hackathon is over"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn set(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<Judging>,
) -> Result<Json<Judging>, WebError> {
    let input = JudgingInput {
        mode: body.mode,
        looks: body.looks,
        minutes_per_look: body.minutes_per_look,
        minutes: body.minutes,
        criteria: body.criteria.into_iter().map(Into::into).collect(),
        unread: None,
    };
    let set = actions::set_judging(&context, viewer.actor(), &hackathon.slug, &input).await?;
    Ok(Json(set.into()))
}

/// A judge of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "login": "ada-lovelace", "status": "judged" }))]
struct Look {
    /// The judge's login.
    login: String,
    /// `open`, `judged`, `skipped`, `busy`, `absent` or `conflict`.
    status: &'static str,
}

/// The looks at a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01900000-0000-7000-8000-000000000001", "title": "Slack Water", "team": "Bollard", "judged": 1,
    "judges": [{ "login": "ada-lovelace", "status": "judged" }], "is_without_judge": false
}))]
struct CoveredProject {
    /// The ID of the submission.
    id: Uuid,
    /// The name of the project.
    title: String,
    /// The name of the team, or the login of the person.
    team: String,
    /// The number of finished looks.
    judged: i64,
    /// The judges who had it.
    judges: Vec<Look>,
    /// True if all judges of the staff are limited to tracks that it is not in.
    is_without_judge: bool,
}

/// The work of a judge.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "login": "ada-lovelace", "judged": 7, "left": 5, "conflicts": 0, "now": "Slack Water", "tracks": ["harbors"]
}))]
struct CoveringJudge {
    /// The login.
    login: String,
    /// The number of projects that they judged.
    judged: i64,
    /// The number of projects that need a look and that they can still get.
    left: i64,
    /// The number of conflicts of interest that they declared.
    conflicts: i64,
    /// The name of the project that they have now. Null if they have none.
    now: Option<String>,
    /// The slugs of the tracks to which they are limited; empty if to none.
    tracks: Vec<String>,
}

/// The coverage of the projects of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "round": 1, "looks": 3, "judges_needed": 19, "projects": [], "judges": [] }))]
pub(super) struct Coverage {
    /// The number of the round.
    round: i64,
    /// The number of looks that each project gets.
    looks: i64,
    /// The number of judges that the plan needs.
    judges_needed: Option<i64>,
    /// The projects, in the order in which teams began them.
    projects: Vec<CoveredProject>,
    /// The judges.
    judges: Vec<CoveringJudge>,
}

impl From<CoverageView> for Coverage {
    fn from(view: CoverageView) -> Self {
        let projects = i64::try_from(view.projects.len()).unwrap_or(i64::MAX);
        let look = |(who, status): (ui::Who, crate::model::AssignmentStatus)| Look {
            login: who.login,
            status: status.as_str(),
        };
        let project = |it: reads::ProjectCoverage| CoveredProject {
            id: it.id,
            title: it.title,
            team: it.team,
            judged: it.judged,
            judges: it.judges.into_iter().map(look).collect(),
            is_without_judge: it.is_without_judge,
        };
        let judge = |it: reads::JudgeCoverage| CoveringJudge {
            login: it.login,
            judged: it.judged,
            left: it.left,
            conflicts: it.conflicts,
            now: it.now,
            tracks: it.tracks,
        };
        Self {
            round: view.round,
            looks: view.settings.looks,
            judges_needed: view.settings.plan(projects).judges(),
            projects: view.projects.into_iter().map(project).collect(),
            judges: view.judges.into_iter().map(judge).collect(),
        }
    }
}

/// Returns the looks at each project of a hackathon, and the work of each judge.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/judging/coverage",
    operation_id = "get_judging_coverage",
    tag = "Hackathons",
    params(RoundQuery),
    responses((status = 200, description = "The coverage", body = Coverage)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn coverage(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Query(query): Query<RoundQuery>,
) -> Result<Json<Coverage>, WebError> {
    let coverage = reads::coverage(&context.db, hackathon.key(), query.round).await?;
    Ok(Json(coverage.into()))
}

/// The round of judging.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RoundQuery {
    /// The number of the round, from 1. Without it, the coverage is that of the current round.
    #[param(value_type = i64, required = false, example = 1)]
    round: Option<i64>,
}

/// The results to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ResultsQuery {
    /// The number of the round, from 1. Without it, the results are those of all rounds.
    #[param(value_type = i64, required = false, example = 1)]
    round: Option<i64>,
    /// The slug of a track, whose projects are ranked among themselves.
    #[param(value_type = String, required = false, example = "harbors")]
    track: Option<String>,
}

/// The result of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01900000-0000-7000-8000-000000000001", "title": "Slack Water", "team": "Bollard", "tracks": ["harbors"], "round": 1, "rank": 1,
    "is_tied": false, "is_decided": false, "looks": 3, "value": 81.25, "raw": 78.5, "trimmed": 80.0
}))]
struct ProjectResult {
    /// The ID of the submission.
    id: Uuid,
    /// The name of the project.
    title: String,
    /// The name of the team, or the login of the person.
    team: String,
    /// The round of the result. Projects that did not move on come after those of later rounds.
    round: i64,
    /// The rank. Projects that are tied have the same.
    rank: usize,
    /// True if another project has the same rank.
    is_tied: bool,
    /// True if organizers settled its tie.
    is_decided: bool,
    /// The slugs of its tracks.
    tracks: Vec<String>,
    /// The number of judges who judged it.
    looks: usize,
    /// The number that it is ranked by: points from about 0 to 100 that are normalized by judge, or the percentage of comparisons
    /// with an average project that it wins.
    value: f64,
    /// The mean of the points as judges gave them. Null if judges ranked.
    raw: Option<f64>,
    /// The trimmed mean of the normalized points. Null if judges ranked.
    trimmed: Option<f64>,
}

impl From<JudgedResult> for ProjectResult {
    fn from(view: JudgedResult) -> Self {
        Self {
            id: view.result.project,
            title: view.title,
            team: view.team,
            tracks: view.tracks,
            round: view.result.round,
            rank: view.result.rank,
            is_tied: view.result.is_tied,
            is_decided: view.result.is_decided,
            looks: view.result.looks,
            value: view.result.value,
            raw: view.result.raw,
            trimmed: view.result.trimmed,
        }
    }
}

/// The results of the judging of a hackathon, the best project first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "is_published": false, "items": [] }))]
pub(super) struct JudgingResults {
    /// True if everyone sees the results. Until then, the list is empty for all but organizers.
    is_published: bool,
    items: Vec<ProjectResult>,
}

/// Returns the results of the judging of a hackathon. Only organizers see them until the results are published.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/judging/results",
    operation_id = "list_judging_results",
    tag = "Hackathons",
    params(ResultsQuery),
    responses((status = 200, description = "The results", body = JudgingResults))
)]
pub(super) async fn results(
    State(context): State<Context>,
    seen: SeenHackathon,
    Query(query): Query<ResultsQuery>,
) -> Result<Json<JudgingResults>, WebError> {
    let is_published = seen.hackathon.steps().results_published_at.is_some();
    let (db, id) = (&context.db, seen.hackathon.key());
    let results = match (is_published || seen.organizes(), query.round) {
        (true, Some(round)) => reads::round_results(db, id, round).await?,
        (true, None) => reads::judging_results(db, id).await?,
        (false, _) => Vec::new(),
    };
    let results = match &query.track {
        Some(track) => reads::results_in_track(results, track),
        None => results,
    };
    Ok(Json(JudgingResults {
        is_published,
        items: results.into_iter().map(ProjectResult::from).collect(),
    }))
}
