use axum::extract::State;
use platform::{
    Context,
    web::{List, Paged, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::listed::place;
use crate::{
    access::SeenHackathon,
    model::JuryOutcome,
    reads::{self, SubmissionPart, SubmissionView},
};

/// A project of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01900000-0000-7000-8000-000000000002", "team": "Gannet", "title": "Gannet",
    "summary": "A berth list that works offline.", "repository": "gannet-crew/berthlist", "demo_url": "",
    "video_url": "", "technologies": "rust", "tracks": ["harbors"], "outcome": "winner"
}))]
pub(in super::super) struct HackathonProject {
    /// The ID.
    id: Uuid,
    /// The name of the team, or the login of a person without a team.
    team: Option<String>,
    /// The name.
    title: String,
    /// The description, as Markdown.
    summary: String,
    /// The repository as `owner/name`, with its host before it unless it is on GitHub.
    repository: String,
    /// The address of a demo. Empty without one.
    demo_url: String,
    /// The address of a video. Empty without one.
    video_url: String,
    /// The technologies, separated by commas.
    technologies: String,
    /// The slugs of the tracks that it takes part in.
    tracks: Vec<String>,
    /// `finalist` or `winner`. Null for the others.
    outcome: Option<&'static str>,
}

impl From<SubmissionView> for HackathonProject {
    fn from(submission: SubmissionView) -> Self {
        let outcome = submission.facts().outcome;
        Self {
            tracks: (submission.tracks().into_iter().map(str::to_owned)).collect(),
            id: submission.id,
            team: submission.team,
            title: submission.title,
            summary: submission.summary,
            repository: submission.repository,
            demo_url: submission.demo_url,
            video_url: submission.video_url,
            technologies: submission.technologies,
            outcome: outcome.map(JuryOutcome::as_str),
        }
    }
}

/// A part of the projects.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in super::super) struct ProjectQuery {
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
    /// The code of the invitation link, which shows a private hackathon to people who have not applied.
    #[param(value_type = String, required = false, example = "K7WM4RXT")]
    invitation: Option<String>,
}

/// Lists the projects of a hackathon, in the order in which teams began. There are none before its results are published.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/projects",
    operation_id = "list_projects_of_hackathon",
    tag = "Hackathons",
    params(ProjectQuery),
    responses((status = 200, description = "A page of projects", body = List<HackathonProject>))
)]
pub(in super::super) async fn list(
    State(context): State<Context>,
    seen: SeenHackathon,
    Query(query): Query<ProjectQuery>,
) -> Result<Paged<List<HackathonProject>>, WebError> {
    let hackathon = &seen.hackathon;
    let page = platform::web::ListQuery { cursor: query.cursor.clone(), limit: query.limit };
    let limit = page.limit()?;
    let after = query.cursor.as_deref().map(place).transpose()?;
    let (db, part) = (&context.db, SubmissionPart::Judged);
    let found = match hackathon.steps().results_published_at {
        Some(_) => reads::submissions(db, hackathon.key(), part, after, limit + 1).await?,
        None => Vec::new(),
    };
    let found = List::cut(found, limit, |submission| submission.id.to_string());
    Ok(Paged(found.map(Into::into)))
}
