use axum::{Extension, Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::Timestamp;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    outbox::Post,
    web::{Created, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::{remove_calendar_feed, renew_calendar_feed},
    reads::{self, FeedView},
    rules::calendar_token::feed_path,
};

/// The path of the resource.
const PATH: &str = "/api/v1/me/hackathon-calendar";

/// Your personal calendar of the hackathons that you take part in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "url": "https://guild.example/hackathon-calendars/own/0193...", "renewed_at": "2026-10-01T08:00:00Z"
}))]
pub(super) struct HackathonCalendar {
    /// The URL to which calendars subscribe without signing in; whoever knows it reads the calendar. Null without one.
    url: Option<String>,
    /// When it got its URL. Null without one.
    #[schema(value_type = Option<String>, format = DateTime)]
    renewed_at: Option<Timestamp>,
}

impl HackathonCalendar {
    fn of(feed: Option<FeedView>, post: &Post) -> Self {
        let site = ui::frame::community().site.clone();
        let path = |feed: &FeedView| feed_path(post.ring.keys().emails(), feed.id);
        Self {
            url: feed.as_ref().map(|feed| format!("{site}{}", path(feed))),
            renewed_at: feed.map(|feed| feed.created_at),
        }
    }
}

/// Returns the URL of your personal calendar of hackathons.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathon-calendar",
    operation_id = "get_hackathon_calendar",
    tag = "Hackathons",
    responses((status = 200, description = "The calendar", body = HackathonCalendar)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Extension(post): Extension<Post>,
) -> Result<Json<HackathonCalendar>, WebError> {
    let feed = reads::calendar_feed(&context.db, viewer.user_id).await?;
    Ok(Json(HackathonCalendar::of(feed, &post)))
}

/// Creates your personal calendar of hackathons, or gives it another URL: the former one no longer works.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathon-calendar",
    operation_id = "renew_hackathon_calendar",
    tag = "Hackathons",
    params(IdempotencyKey),
    responses((status = 201, description = "The calendar", body = HackathonCalendar)),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn renew(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Extension(post): Extension<Post>,
) -> Result<Created<HackathonCalendar>, WebError> {
    let feed = renew_calendar_feed(&context, viewer.user_id).await?;
    Ok(Created { location: PATH.to_owned(), body: HackathonCalendar::of(Some(feed), &post) })
}

/// Removes your personal calendar of hackathons: its URL no longer works.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathon-calendar",
    operation_id = "remove_hackathon_calendar",
    tag = "Hackathons",
    responses((status = 204, description = "You have no personal calendar")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<StatusCode, WebError> {
    remove_calendar_feed(&context, viewer.user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
