use axum::{Extension, extract::State, response::Response};
use platform::{
    Context,
    web::{Query, WebError},
};
use ui::Community;

use super::InvitationQuery;
use crate::{access::SeenById, pages};

/// Returns the dates of a hackathon as a calendar: the end of applications, submissions and their end, and judging.
///
/// Drafts are for their staff, and private hackathons for people who applied or have the invitation. A canceled hackathon
/// keeps its entries, marked as canceled.
#[utoipa::path(
    get,
    path = "/api/hackathons/{id}/calendar.ics",
    operation_id = "get_hackathon_dates",
    tag = "Hackathons",
    params(InvitationQuery),
    responses(
        (status = 200, description = "The calendar (RFC 5545)", body = String, content_type = "text/calendar"),
    )
)]
pub(super) async fn calendar(
    State(context): State<Context>,
    Extension(community): Extension<Community>,
    Query(_): Query<InvitationQuery>,
    SeenById(seen): SeenById,
) -> Result<Response, WebError> {
    Ok(pages::calendar_file(&context, &community.site, &seen.hackathon))
}
