use axum::{Json, extract::State};
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Project;
use crate::{
    access::{Maintainer, archive_bar, may_archive},
    actions::{ProjectChange, change_project},
};

/// Changes to a project. Absent fields stay as they are.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "description": "A build tool.", "tags": ["rust", "cli"] }))]
pub(super) struct ProjectPatch {
    /// The project's display name.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// The project's description.
    #[schema(max_length = 1000)]
    description: Option<String>,
    /// All of the project's topics. Each has at most 50 characters.
    #[schema(max_items = 20)]
    tags: Option<Vec<String>>,
    /// How hard it is to start contributing. An empty text removes it.
    #[schema(max_length = 50)]
    difficulty: Option<String>,
    /// The number of days without activity after which a pull request is stale.
    #[schema(minimum = 1, maximum = 730)]
    stale_days: Option<i64>,
    /// The number of days without activity after which a pull request is abandoned and leaves the queue of reviews. Greater
    /// than `stale_days`.
    #[schema(minimum = 1, maximum = 730)]
    abandoned_days: Option<i64>,
    /// True to have abandoned pull requests closed on GitHub with a comment, by the server's GitHub App.
    closes_abandoned: Option<bool>,
    /// True to archive the project, false to end that. Only its owner and admins may set it. Pull requests that are opened
    /// while the project is archived earn no points.
    archived: Option<bool>,
}

/// Changes a project's texts and when its pull requests are idle, archives it or ends that.
#[utoipa::path(
    patch,
    path = "/api/v1/projects/{slug}",
    operation_id = "change_project",
    tag = "Projects",
    request_body = ProjectPatch,
    responses(
        (status = 200, description = "The changed project", body = Project),
        (status = 422, description = "A text is too long, empty or has an invisible character, or a number of days is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Body(patch): Body<ProjectPatch>,
) -> Result<Json<Project>, WebError> {
    if patch.archived.is_some() && !may_archive(&context, &viewer, &project).await? {
        return Err(archive_bar(&project.name).into());
    }
    let change = ProjectChange {
        name: patch.name,
        description: patch.description,
        tags: patch.tags,
        difficulty: patch.difficulty,
        stale_days: patch.stale_days,
        abandoned_days: patch.abandoned_days,
        closes_abandoned: patch.closes_abandoned,
        archived: patch.archived,
        unread: None,
    };
    let changed = change_project(&context, viewer.actor(), &project.slug, change).await?;
    Ok(Json(changed.project.into()))
}
