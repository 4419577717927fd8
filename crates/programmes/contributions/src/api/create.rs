use axum::extract::State;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, WebError},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ProjectDetail, detail};
use crate::{
    access::ProjectCreator,
    actions::{NewProject, create_project},
};

/// A project to create.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Lantern Works", "slug": "lantern", "tags": ["rust"] }))]
pub(super) struct NewProjectInput {
    /// The display name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The slug, used in URLs and never changed. Derived from the name if absent or empty.
    #[schema(max_length = 100)]
    slug: Option<String>,
    /// A short description.
    #[schema(max_length = 1000)]
    description: Option<String>,
    /// The topics. Each has at most 50 characters.
    #[schema(max_items = 20)]
    tags: Option<Vec<String>>,
    /// How hard it is to start contributing.
    #[schema(max_length = 50)]
    difficulty: Option<String>,
    /// The login (case-insensitive) of the person who owns the project, and is its first maintainer. You, if absent or
    /// empty. Only admins name someone.
    owner: Option<String>,
}

/// Creates a project with the default rules. Its owner is notified. People without a role may create one that they own while
/// the flag `maintainers_create_projects` is on, if they have a linked GitHub account; for that, a token needs the scope `write`.
#[utoipa::path(
    post,
    path = "/api/v1/projects",
    operation_id = "create_project",
    tag = "Projects",
    params(IdempotencyKey),
    request_body = NewProjectInput,
    responses(
        (status = 201, description = "The project", body = ProjectDetail),
        (status = 403, description = "You are not an admin and have no linked GitHub account, name another owner, or only admins create projects here"),
        (status = 404, description = "No one has the login of `owner`"),
        (status = 409, description = "The slug is taken, or several accounts have the login of `owner`"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn create(
    State(context): State<Context>,
    creator: ProjectCreator,
    Body(input): Body<NewProjectInput>,
) -> Result<Created<ProjectDetail>, WebError> {
    let new = NewProject {
        name: input.name,
        slug: input.slug,
        description: input.description.unwrap_or_default(),
        tags: input.tags.unwrap_or_default(),
        difficulty: input.difficulty,
        owner: creator.owner(input.owner)?,
    };
    let project = create_project(&context, creator.viewer.actor(), new).await?;
    Ok(Created {
        location: format!("/api/v1/projects/{}", project.slug),
        body: detail(&context, &project.slug).await?,
    })
}
