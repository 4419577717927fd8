use axum::{Extension, extract::State};
use kernel::Timestamp;
use platform::{
    Context,
    module::Modules,
    web::{List, ListQuery, Paged, Query, WebError, bad_cursor},
    work::{Task, tasks},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::SignedIn;

/// Something that waits for the person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "review", "title": "Round the heights at high water", "line": "octo-org/lantern #98",
    "action": "Review", "address": "/pull-requests/octo-org/lantern/98", "since": "2026-12-01T09:00:00Z",
    "due": "2026-12-15T09:00:00Z"
}))]
pub(crate) struct WorkItem {
    /// The code of its kind.
    kind: String,
    /// The task in a few words.
    title: String,
    /// Its place, in a few words.
    line: String,
    /// The label of its action.
    action: String,
    /// The path of the page where it is done.
    address: String,
    /// When it began to wait.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it is to be done. Null if nothing says so.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
}

impl From<&Task> for WorkItem {
    fn from(task: &Task) -> Self {
        Self {
            kind: task.kind.code.to_owned(),
            title: task.title.clone(),
            line: task.line.clone(),
            action: task.action.to_owned(),
            address: task.address.clone(),
            since: task.since,
            due: task.due,
        }
    }
}

/// The work that a request selects.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WorkSearch {
    /// Only work of this kind, such as `review`.
    #[param(value_type = String, required = false, example = "review")]
    kind: Option<String>,
}

/// Lists the work of the person, most urgent first: reviews, judging, flags, applications and all
/// other kinds. At most 500 items are listed.
#[utoipa::path(
    get,
    path = "/api/v1/work",
    operation_id = "list_work",
    tag = "People",
    params(WorkSearch, ListQuery),
    responses((status = 200, description = "A page of work", body = List<WorkItem>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn work(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Extension(modules): Extension<Modules>,
    Query(search): Query<WorkSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<WorkItem>>, WebError> {
    let limit = usize::try_from(query.limit()?).unwrap_or(usize::MAX);
    let start = start(query.cursor.as_deref())?;
    let mut kinds = modules.task_kinds();
    kinds.retain(|kind| search.kind.as_deref().is_none_or(|code| kind.code == code));
    let found = tasks(&context, &kinds, viewer.worker()).await?;
    let items: Vec<WorkItem> = found.iter().skip(start).take(limit).map(Into::into).collect();
    let end = start + items.len();
    let next_cursor = (end < found.len()).then(|| format!("after-{end}"));
    Ok(Paged(List { items, next_cursor }))
}

/// Reads a cursor: the number of items before the page.
fn start(cursor: Option<&str>) -> Result<usize, WebError> {
    match cursor {
        None => Ok(0),
        Some(cursor) => {
            let number = cursor.strip_prefix("after-").and_then(|number| number.parse().ok());
            number.ok_or_else(|| bad_cursor().into())
        }
    }
}
