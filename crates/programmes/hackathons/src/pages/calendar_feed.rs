//! The personal calendar of a person.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use identity::access::SignedIn;
use platform::{Context, crypto, outbox::Post};
use ui::{PageError, PageResult, format::Instant, redirect, show};

use super::calendar::{Presence, entries_of};
use crate::{
    access::OwnedFeed,
    actions,
    model::Phase,
    reads::{self, HackathonView},
    rules::{
        calendar::Calendar,
        calendar_token::feed_path,
        personal_calendar::{CalendarListing, sequence},
    },
};

/// The page of the personal calendar.
const PATH: &str = "/hackathon-calendar";

#[derive(Template)]
#[template(path = "hackathon_calendar.html")]
struct FeedPage {
    /// The URL, and since when it has been that.
    feed: Option<(String, Instant)>,
    now: Instant,
}

/// `GET /hackathon-calendar`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Extension(post): Extension<Post>,
) -> PageResult {
    let site = ui::frame::community().site.clone();
    let feed = reads::calendar_feed(&context.db, viewer.user_id).await?;
    let feed = feed.map(|feed| {
        let path = feed_path(post.ring.keys().emails(), feed.id);
        (format!("{site}{path}"), Instant(feed.created_at))
    });
    let now = Instant(context.now());
    show(&FeedPage { feed, now })
}

/// `POST /hackathon-calendar`: creates the calendar, or gives it another address.
pub(super) async fn renew(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    actions::renew_calendar_feed(&context, viewer.user_id).await?;
    Ok(redirect(PATH, "Your calendar has a new address"))
}

/// `POST /hackathon-calendar/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    actions::remove_calendar_feed(&context, viewer.user_id).await?;
    Ok(redirect(PATH, "The address of your calendar no longer works"))
}

/// `GET /hackathon-calendars/own/{token}`: the calendar itself, for calendars that a person subscribed to, which have no session.
pub(super) async fn file(
    State(context): State<Context>,
    OwnedFeed(feed): OwnedFeed,
    Extension(post): Extension<Post>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let now = context.now();
    let found = reads::calendar_hackathons(&context.db, feed.user_id.into(), now).await?;
    let community = ui::frame::community();
    let entries = found.iter().flat_map(|(hackathon, shown)| {
        let is_canceled = shown.is_left || hackathon.phase(now) == Phase::Canceled;
        let presence = presence(hackathon, feed.user_id, *shown, is_canceled);
        entries_of(hackathon, &community.site, &presence)
    });
    let text = Calendar {
        name: format!("Hackathons of {}", community.name),
        url: format!("{}/hackathons", community.site),
        entries: entries.collect(),
    }
    .text();
    let key = post.ring.keys().emails().derived("versions of calendars");
    let tag = format!("\"{}\"", crypto::to_text(&crypto::tag(&key, text.as_bytes())));
    Ok(answer(&headers, tag, text))
}

/// Returns how the calendar of a person shows a hackathon. Its identifiers contain the person, because the sequence differs from that
/// of the calendar of the hackathon.
fn presence(
    hackathon: &HackathonView,
    person: uuid::Uuid,
    shown: CalendarListing,
    is_canceled: bool,
) -> Presence {
    Presence {
        key: format!("{}-{person}", hackathon.id),
        sequence: sequence(hackathon.sequence, shown),
        changed_at: hackathon.updated_at.max(shown.since),
        is_canceled,
    }
}

/// Returns the file, or 304 if the client has this version.
fn answer(headers: &HeaderMap, tag: String, text: String) -> Response {
    let known = headers.get(header::IF_NONE_MATCH);
    let known = known.and_then(|known| known.to_str().ok());
    let is_known = known.is_some_and(|known| known.contains(&tag));
    let private = HeaderValue::from_static("private, no-cache");
    let kept = [
        (header::CACHE_CONTROL, private),
        (header::ETAG, HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static(""))),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
    (kept, [(header::CONTENT_TYPE, kind)], text).into_response()
}
