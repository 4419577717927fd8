//! The calendar of a hackathon.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use chrono::TimeDelta;
use kernel::Timestamp;
use platform::Context;

use crate::{
    access::{SeenHackathon, SubscribedHackathon},
    model::Phase,
    reads::HackathonView,
    rules::calendar::{Calendar, CalendarEntry},
};

/// `GET /hackathons/{slug}/calendar.ics`.
pub(super) async fn file(
    State(context): State<Context>,
    SeenHackathon { hackathon, .. }: SeenHackathon,
) -> Response {
    answer(&context, &ui::frame::community().site, &hackathon)
}

/// `GET /hackathon-calendars/{token}`: the same for calendars that a person subscribed to, which have no session.
pub(super) async fn subscribed(
    State(context): State<Context>,
    SubscribedHackathon(hackathon): SubscribedHackathon,
) -> Response {
    answer(&context, &ui::frame::community().site, &hackathon)
}

/// Returns the calendar of a hackathon on the server with the URL `site` as a file (`text/calendar`).
pub(crate) fn answer(context: &Context, site: &str, hackathon: &HackathonView) -> Response {
    let is_canceled = hackathon.phase(context.now()) == Phase::Canceled;
    let presence = Presence {
        key: hackathon.id.to_string(),
        sequence: hackathon.sequence,
        changed_at: hackathon.updated_at,
        is_canceled,
    };
    let text = Calendar {
        name: hackathon.title.clone(),
        url: format!("{site}{}", hackathon.address()),
        entries: entries_of(hackathon, site, &presence),
    }
    .text();
    let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// How a calendar shows a hackathon.
pub(super) struct Presence {
    /// The part of the identifiers that all entries share.
    pub(super) key: String,
    /// The number of changes.
    pub(super) sequence: i64,
    /// When it was last changed.
    pub(super) changed_at: Timestamp,
    /// True if it does not take place, or the person left it.
    pub(super) is_canceled: bool,
}

/// Returns the entries of a hackathon: one for each span of dates.
pub(super) fn entries_of(
    hackathon: &HackathonView,
    site: &str,
    presence: &Presence,
) -> Vec<CalendarEntry> {
    let dates = hackathon.timeline();
    let url = format!("{site}{}", hackathon.address());
    let entry = |part: &str, title: &str, starts_at, ends_at, alarms: &[TimeDelta]| CalendarEntry {
        uid: format!("{}-{part}@guildhall", presence.key),
        sequence: presence.sequence,
        changed_at: presence.changed_at,
        title: format!("{}: {title}", hackathon.title),
        description: hackathon.summary.clone(),
        url: url.clone(),
        starts_at,
        ends_at,
        is_canceled: presence.is_canceled,
        alarms: alarms.to_vec(),
    };
    let day = [TimeDelta::days(1)];
    let mut entries = vec![
        entry("applications", "applications close", dates.application_closes_at, None, &day),
        entry(
            "submission",
            "submissions",
            dates.submission_opens_at,
            Some(dates.submission_closes_at),
            &[TimeDelta::hours(1)],
        ),
        entry(
            "deadline",
            "submissions close",
            dates.submission_closes_at,
            None,
            &[TimeDelta::days(1), TimeDelta::hours(1)],
        ),
    ];
    if dates.has_judging() {
        entries.push(entry(
            "judging",
            "judging",
            dates.judging_opens_at,
            Some(dates.judging_closes_at),
            &[],
        ));
    }
    entries
}
