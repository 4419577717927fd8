//! The repositories and topics that people watch.

use axum::{extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{Body, Created, List, ListQuery, Paged, Path, Query, WebError, cursor_after},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    actions,
    model::WatchTarget,
    reads::{self, OwnWatch},
    rules::watches::{watched_repository, watched_topic},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(begin)).routes(routes!(list)).routes(routes!(end))
}

/// A repository or topic that you watch.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000023", "kind": "repository", "name": "octo-org/lantern",
    "repositories": 1, "is_found": true, "error": null, "created_at": "2026-11-20T10:12:00Z"
}))]
pub(super) struct Watch {
    /// The ID.
    id: Uuid,
    /// `repository` or `topic`.
    kind: &'static str,
    /// The repository, `owner/name`, or the topic.
    name: String,
    /// The number of repositories that are followed for it.
    repositories: i64,
    /// True if GitHub was asked for it, and answered.
    is_found: bool,
    /// Why GitHub did not answer. Null if it did, or was not asked yet.
    error: Option<String>,
    /// When you began to watch it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<OwnWatch> for Watch {
    fn from(own: OwnWatch) -> Self {
        Self {
            id: own.id,
            kind: own.kind.as_str(),
            repositories: own.repositories,
            is_found: own.is_found(),
            error: own.error().map(str::to_owned),
            created_at: own.created_at,
            name: own.name,
        }
    }
}

/// A repository or a topic to watch.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "repository": "octo-org/lantern" }))]
pub(super) struct WatchInput {
    /// A repository on GitHub: `owner/name`.
    #[serde(default)]
    #[schema(max_length = 300)]
    repository: Option<String>,
    /// A topic of repositories.
    #[serde(default)]
    #[schema(max_length = 50)]
    topic: Option<String>,
}

impl WatchInput {
    fn read(&self) -> Result<WatchTarget, Problem> {
        match (&self.repository, &self.topic) {
            (Some(name), None) => watched_repository(name),
            (None, Some(name)) => watched_topic(name),
            _ => {
                let detail = "Name either a repository or a topic.";
                Err(Problem::new(ProblemKind::Invalid, "BAD_WATCH", detail))
            }
        }
    }
}

/// Watches a repository or a topic: its open issues are found here from now on. You can watch 50.
#[utoipa::path(
    post,
    path = "/api/v1/repositories/watch",
    operation_id = "watch_repository",
    tag = "Discovery",
    request_body = WatchInput,
    responses(
        (status = 201, description = "The watch", body = Watch),
        (status = 409, description = "You watch it already, or reached the limit of watches"),
        (status = 422, description = "The repository or topic is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn begin(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Body(input): Body<WatchInput>,
) -> Result<Created<Watch>, WebError> {
    let begun = actions::watch(&context, viewer.user_id, &input.read()?).await?;
    Ok(Created { location: "/api/v1/me/watches".to_owned(), body: begun.into() })
}

/// Lists the repositories and topics that you watch, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/watches",
    operation_id = "list_own_watches",
    tag = "Discovery",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of watches", body = List<Watch>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Watch>>, WebError> {
    let (limit, after) = (query.limit()?, query.place()?);
    let found = reads::own_watches(&context.db, viewer.user_id, after, limit + 1).await?;
    let found = List::cut(found, limit, |own| cursor_after((own.created_at, own.id)));
    Ok(Paged(found.map(Watch::from)))
}

/// Ends a watch of yours.
#[utoipa::path(
    delete,
    path = "/api/v1/me/watches/{id}",
    operation_id = "end_watch",
    tag = "Discovery",
    responses((status = 204, description = "You no longer watch it")),
    security(("session" = []), ("bearer" = ["write"]))
)]
async fn end(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::unwatch(&context, viewer.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
