use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Page, Paged, Path, Query, WebError, cursor_after},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{actions, model, reads};

/// A filter of notifications.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// If true, only unread notifications.
    #[serde(default)]
    #[param(value_type = bool, required = false, example = true)]
    unread: bool,
}

/// Your notifications, latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "unread_count": 1,
    "items": [{
        "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "created_at": "2026-11-01T08:00:00Z",
        "kind": "role_changed", "title": "You are now a moderator", "link": "/", "read_at": null
    }],
    "next_cursor": null
}))]
pub(super) struct NotificationList {
    /// The number of unread notifications.
    unread_count: i64,
    items: Vec<Notification>,
    /// Pass it as `cursor` to get the next page. Null on the last page.
    next_cursor: Option<String>,
}

impl Page for NotificationList {
    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// A notification among your notices.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Notification {
    /// The notification's ID.
    id: Uuid,
    /// When the notification was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The kind of notification.
    kind: String,
    /// The notification's title.
    title: String,
    /// The path of the page to open.
    link: String,
    /// When you read the notification. Null if it is unread.
    #[schema(value_type = Option<String>, format = DateTime)]
    read_at: Option<Timestamp>,
}

impl From<model::Notification> for Notification {
    fn from(news: model::Notification) -> Self {
        Self {
            id: news.id,
            created_at: news.created_at,
            kind: news.kind,
            title: news.title,
            link: news.link,
            read_at: news.read_at,
        }
    }
}

/// The result of marking notifications as read.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "marked": 2 }))]
pub(super) struct MarkedNotifications {
    /// The number of notifications that were marked as read.
    marked: u64,
}

/// Lists your notifications, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/notifications",
    operation_id = "list_notifications",
    tag = "Your account",
    params(ListQuery, Which),
    responses(
        (status = 200, description = "A page of notifications", body = NotificationList),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn notifications(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Query(list): Query<ListQuery>,
    Query(which): Query<Which>,
) -> Result<Paged<NotificationList>, WebError> {
    let (db, person, limit) = (&context.db, viewer.user_id, list.limit()?);
    let found = reads::inbox(db, person, which.unread, list.place()?, limit + 1).await?;
    let found = List::cut(found, limit, |news| cursor_after((news.created_at, news.id)));
    Ok(Paged(NotificationList {
        unread_count: reads::unread(db, person).await?,
        items: found.items.into_iter().map(Into::into).collect(),
        next_cursor: found.next_cursor,
    }))
}

/// Marks all your notifications as read.
#[utoipa::path(
    post,
    path = "/api/v1/me/notifications/read",
    operation_id = "mark_all_notifications_read",
    tag = "Your account",
    responses(
        (status = 200, description = "All notifications are marked as read", body = MarkedNotifications),
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn read_all(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<MarkedNotifications>, WebError> {
    let marked = actions::read_all(&context, &viewer).await?;
    Ok(Json(MarkedNotifications { marked }))
}

/// Marks one of your notifications as read.
#[utoipa::path(
    post,
    path = "/api/v1/me/notifications/{id}/read",
    operation_id = "mark_notification_read",
    tag = "Your account",
    responses((status = 204, description = "The notification is marked as read")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn read(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // An ID that is not a UUID is unknown.
    let found = match Uuid::try_parse(&id) {
        Ok(id) => actions::read(&context, &viewer, id).await?,
        Err(_) => false,
    };
    if found {
        Ok(StatusCode::NO_CONTENT)
    } else {
        let detail = "This notification is not among your notices. List your notifications with GET /api/v1/me/notifications.";
        Err(Problem::not_found(detail).into())
    }
}
