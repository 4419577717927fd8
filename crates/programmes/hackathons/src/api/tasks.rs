//! The tasks on the board of a team.

use axum::{Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{All, Body, Created, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::nullable;
use crate::{
    access::{Insider, ReadBoard, no_team},
    actions,
    model::TeamId,
    reads::{self, TaskView},
    rules::tasks::TaskInput,
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(own, add))
        .routes(routes!(change, remove))
        .routes(routes!(list))
}

/// A task of a team.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-00000000000a", "title": "Draw the berths", "assignee": "ada-lovelace",
    "due_on": "2026-11-20", "state": "doing", "created_at": "2026-11-15T10:12:00Z", "updated_at": "2026-11-15T10:14:00Z"
}))]
struct Task {
    /// The ID.
    id: Uuid,
    /// The title.
    title: String,
    /// The login of the assignee. Null if there is none.
    assignee: Option<String>,
    /// The day on which it is due. Null if there is none.
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<String>,
    /// `open`, `doing` or `done`.
    state: &'static str,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<TaskView> for Task {
    fn from(task: TaskView) -> Self {
        Self {
            id: task.id,
            state: task.state.as_str(),
            title: task.title,
            assignee: task.assignee,
            due_on: task.due_on,
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}

async fn listed(context: &Context, team: TeamId) -> Result<Json<All<Task>>, WebError> {
    let found = reads::tasks(&context.db, team).await?;
    Ok(Json(All::of(found)))
}

/// Lists the tasks of your team, those that are due first before those without a date. A team has at most 200.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/team/tasks",
    operation_id = "list_own_team_tasks",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The tasks", body = All<Task>),
        (status = 409, description = "You have no team")
    ),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
async fn own(
    State(context): State<Context>,
    Insider { viewer, hackathon, .. }: Insider,
) -> Result<Json<All<Task>>, WebError> {
    let own = reads::team_of(&context.db, hackathon.key(), viewer.user_id).await?;
    let (team, _) = own.ok_or_else(no_team)?;
    listed(&context, team.key()).await
}

/// Lists the tasks of a team, those that are due first before those without a date, for its members and organizers of
/// the hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/teams/{team}/tasks",
    operation_id = "list_team_tasks",
    tag = "Hackathons",
    responses((status = 200, description = "The tasks", body = All<Task>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
async fn list(
    State(context): State<Context>,
    ReadBoard { team, .. }: ReadBoard,
) -> Result<Json<All<Task>>, WebError> {
    listed(&context, team.key()).await
}

/// A task to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "Draw the berths", "assignee": "ada-lovelace", "due_on": "2026-11-20" }))]
struct NewTask {
    /// The title.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// The login of the assignee, a member of the team. No one if absent.
    #[schema(max_length = 64)]
    assignee: Option<String>,
    /// The day on which it is due. None if absent.
    #[schema(max_length = 20)]
    due_on: Option<String>,
    /// `open`, `doing` or `done`. `open` if absent.
    #[schema(max_length = 20)]
    state: Option<String>,
}

/// Adds a task to the board of your team, until the hackathon is over.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/team/tasks",
    operation_id = "add_team_task",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = NewTask,
    responses(
        (status = 201, description = "The task", body = Task),
        (status = 409, description = "You have no team, it has 200 tasks, or the hackathon is over"),
        (status = 422, description = "A field is not valid, or the assignee is not in the team")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
async fn add(
    State(context): State<Context>,
    insider: Insider,
    Body(body): Body<NewTask>,
) -> Result<Created<Task>, WebError> {
    let input = TaskInput {
        title: Some(body.title),
        assignee: body.assignee,
        due_on: body.due_on,
        state: body.state,
    };
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    let task = actions::add_task(&context, person, slug, &input).await?;
    Ok(Created {
        location: format!("/api/v1/me/hackathons/{slug}/team/tasks/{}", task.id),
        body: task.into(),
    })
}

/// Changes to a task. Absent fields stay as they are.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "state": "done", "assignee": null }))]
struct TaskPatch {
    /// The title.
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// The login of the assignee, a member of the team. Null for no one.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(max_length = 64)]
    assignee: Option<String>,
    /// The day on which it is due. Null for none.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(max_length = 20)]
    due_on: Option<String>,
    /// `open`, `doing` or `done`.
    #[schema(max_length = 20)]
    state: Option<String>,
}

/// Changes a task of your team, or moves it to another list, until the hackathon is over.
#[utoipa::path(
    patch,
    path = "/api/v1/me/hackathons/{slug}/team/tasks/{id}",
    operation_id = "change_team_task",
    tag = "Hackathons",
    request_body = TaskPatch,
    responses(
        (status = 200, description = "The task", body = Task),
        (status = 409, description = "You have no team, or the hackathon is over"),
        (status = 422, description = "A field is not valid, or the assignee is not in the team")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
async fn change(
    State(context): State<Context>,
    insider: Insider,
    Path((slug, id)): Path<(String, Uuid)>,
    Body(body): Body<TaskPatch>,
) -> Result<Json<Task>, WebError> {
    let input = TaskInput {
        title: body.title,
        assignee: body.assignee,
        due_on: body.due_on,
        state: body.state,
    };
    let person = insider.viewer.user_id;
    let task = actions::change_task(&context, person, slug.as_str(), id.into(), &input).await?;
    Ok(Json(task.into()))
}

/// Removes a task of your team, until the hackathon is over.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/team/tasks/{id}",
    operation_id = "remove_team_task",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The task is removed"),
        (status = 409, description = "You have no team, or the hackathon is over")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
async fn remove(
    State(context): State<Context>,
    insider: Insider,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<StatusCode, WebError> {
    let person = insider.viewer.user_id;
    actions::remove_task(&context, person, slug.as_str(), id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
