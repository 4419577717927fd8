use axum::{Json, extract::State};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use ui::markdown;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Insider, Organizer},
    actions,
    model::AnnouncementId,
    reads::{self, AnnouncementView},
    rules::announcements::{Announcement as Read, AnnouncementInput},
};

/// An announcement of the organizers of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000005", "segment": "accepted", "subject": "Dinner is at eight",
    "body": "Meet us at the **harbor**.", "recipients": 42, "sent_at": "2026-11-20T10:12:00Z"
}))]
pub(super) struct Announcement {
    /// The ID.
    id: Uuid,
    /// The people whom it addressed: `accepted`, `waitlisted`, `without_submission`, `submitters`, `finalists`, `judges` or `mentors`.
    segment: &'static str,
    /// The subject.
    subject: String,
    /// The text, as Markdown.
    body: String,
    /// The number of people who got it. Null for everyone but organizers.
    recipients: Option<i64>,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
}

impl Announcement {
    fn of(announced: AnnouncementView, organizes: bool) -> Self {
        Self {
            id: announced.id,
            segment: announced.segment.as_str(),
            recipients: organizes.then_some(announced.recipients),
            sent_at: announced.created_at,
            subject: announced.subject,
            body: announced.body,
        }
    }
}

/// Reads the cursor of a list of announcements.
fn place(cursor: &str) -> Result<AnnouncementId, Problem> {
    let id = Uuid::try_parse(cursor).map_err(|_| bad_cursor())?;
    Ok(id.into())
}

fn listed(found: List<AnnouncementView>, organizes: bool) -> Paged<List<Announcement>> {
    Paged(found.map(|it| Announcement::of(it, organizes)))
}

/// Lists the announcements of a hackathon, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/announcements",
    operation_id = "list_announcements",
    tag = "Hackathons",
    params(ListQuery),
    responses((status = 200, description = "A page of announcements", body = List<Announcement>)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Announcement>>, WebError> {
    let limit = query.limit()?;
    let before = query.cursor.as_deref().map(place).transpose()?;
    let found = reads::announcements(&context.db, hackathon.key(), None, before, limit + 1).await?;
    let found = List::cut(found, limit, |it| it.id.to_string());
    Ok(listed(found, true))
}

/// Lists the announcements of a hackathon that you got, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/announcements",
    operation_id = "list_own_announcements",
    tag = "Hackathons",
    params(ListQuery),
    responses((status = 200, description = "A page of announcements", body = List<Announcement>)),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(super) async fn own(
    State(context): State<Context>,
    insider: Insider,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Announcement>>, WebError> {
    let limit = query.limit()?;
    let before = query.cursor.as_deref().map(place).transpose()?;
    let found = reads::announcements(
        &context.db,
        insider.hackathon.key(),
        Some(insider.viewer.user_id),
        before,
        limit + 1,
    )
    .await?;
    let found = List::cut(found, limit, |it| it.id.to_string());
    Ok(listed(found, false))
}

/// An announcement to send.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "segment": "accepted", "subject": "Dinner is at eight", "body": "Meet us at the **harbor**."
}))]
pub(super) struct AnnouncementBody {
    /// The people whom it addresses: `accepted`, `waitlisted`, `without_submission`, `submitters`, `finalists`, `judges` or `mentors`.
    #[schema(max_length = 20)]
    segment: String,
    /// The subject.
    #[schema(min_length = 1, max_length = 150)]
    subject: String,
    /// The text, as Markdown.
    #[schema(min_length = 1, max_length = 10_000)]
    body: String,
}

impl From<AnnouncementBody> for AnnouncementInput {
    fn from(body: AnnouncementBody) -> Self {
        Self { segment: body.segment, subject: body.subject, body: body.body }
    }
}

/// The preview of an announcement, with the number of people who would get it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "recipients": 42, "html": "<p>Meet us at the <strong>harbor</strong>.</p>\n" }))]
pub(super) struct AnnouncementPreview {
    /// The number of people.
    recipients: usize,
    /// The text as HTML.
    html: String,
}

/// Previews an announcement, with the number of people who would get it. Nothing is sent.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/announcements/preview",
    operation_id = "preview_announcement",
    tag = "Hackathons",
    request_body = AnnouncementBody,
    responses(
        (status = 200, description = "The preview", body = AnnouncementPreview),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn preview(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Path(_): Path<String>,
    Body(body): Body<AnnouncementBody>,
) -> Result<Json<AnnouncementPreview>, WebError> {
    let new = Read::read(&body.into())?;
    let people = reads::announced_to(&context, &context.db, hackathon.key(), new.segment).await?;
    Ok(Json(AnnouncementPreview { recipients: people.len(), html: markdown::typed(&new.body) }))
}

/// Sends an announcement to each person of a segment, once. A hackathon can send ten in an hour.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/announcements",
    operation_id = "send_announcement",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = AnnouncementBody,
    responses(
        (status = 201, description = "The announcement", body = Announcement),
        (status = 409, description = "The segment is empty, or the hackathon is archived"),
        (status = 422, description = "A field is not valid"),
        (status = 429, description = "Ten announcements were sent within an hour")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn send(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<AnnouncementBody>,
) -> Result<Created<Announcement>, WebError> {
    let input = body.into();
    let sent = actions::announce(&context, viewer.actor(), &hackathon.slug, &input).await?;
    Ok(Created {
        location: format!("/api/v1/hackathons/{}/announcements", hackathon.slug),
        body: Announcement::of(sent, true),
    })
}
