//! Pages of hackathons.

mod apply;
mod calendar;
mod edit;
mod event;
mod hosts;
mod people;
mod staff;
mod steps;
mod team;
mod teams;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use chrono_tz::Tz;
use kernel::Timestamp;
use platform::{Context, flags};

use crate::{
    FLAG,
    model::Phase,
    reads::HackathonView,
    rules::{instants::shown, timeline::Timeline},
};

/// The pages on which organizers manage a hackathon: the last part of the path, and the label.
pub(crate) const MANAGED: [(&str, &str); 4] = [
    ("edit", "Edit"),
    ("applications", "Applications"),
    ("staff", "Staff"),
    ("results", "Results"),
];

/// Returns the routes of the pages.
pub fn routes() -> Router<Context> {
    public()
        .merge(taking_part())
        .merge(managed())
        .layer(from_fn_with_state(FLAG, flags::hide))
}

fn public() -> Router<Context> {
    Router::new()
        .route("/hackathons", get(event::list))
        .route("/hackathons/{slug}", get(event::page))
        .route("/hackathons/{slug}/calendar.ics", get(calendar::file))
}

fn taking_part() -> Router<Context> {
    Router::new()
        .route(
            "/hackathons/{slug}/apply",
            get(apply::form).post(apply::save),
        )
        .route(
            "/hackathons/{slug}/withdraw",
            get(apply::ask_to_withdraw).post(apply::withdraw),
        )
        .route("/hackathons/{slug}/looking", post(apply::look))
        .route("/hackathons/{slug}/teams", get(teams::list))
        .route("/hackathons/{slug}/team", get(team::page).post(team::save))
        .route("/hackathons/{slug}/team/create", post(team::create))
        .route("/hackathons/{slug}/team/code", post(team::replace_code))
        .route(
            "/hackathons/{slug}/team/leave",
            get(team::ask_to_leave).post(team::leave),
        )
        .route(
            "/hackathons/{slug}/team/members/{login}/role",
            post(team::set_role),
        )
        .route(
            "/hackathons/{slug}/team/members/{login}/remove",
            post(team::remove),
        )
        .route(
            "/hackathon-teams/join",
            get(team::join_form).post(team::join),
        )
}

fn managed() -> Router<Context> {
    Router::new()
        .route("/hackathons/new", get(edit::blank).post(edit::create))
        .route("/hackathons/{slug}/edit", get(edit::edit).post(edit::save))
        .route(
            "/hackathons/{slug}/invitation",
            post(edit::replace_invitation),
        )
        .route(
            "/hackathons/{slug}/publish",
            get(steps::ask_to_publish).post(steps::publish),
        )
        .route(
            "/hackathons/{slug}/cancel",
            get(steps::ask_to_cancel).post(steps::cancel),
        )
        .route(
            "/hackathons/{slug}/results",
            get(steps::results).post(steps::publish_results),
        )
        .route(
            "/hackathons/{slug}/archive",
            get(steps::ask_to_archive).post(steps::archive),
        )
        .route(
            "/hackathons/{slug}/applications",
            get(people::list).post(people::decide),
        )
        .route("/hackathons/{slug}/applications.csv", get(people::csv))
        .route(
            "/hackathons/{slug}/staff",
            get(staff::list).post(staff::add),
        )
        .route(
            "/hackathons/{slug}/staff/{login}/remove",
            post(staff::remove),
        )
        .route("/admin/hackathons", get(hosts::list).post(hosts::add))
        .route(
            "/admin/hackathons/hosts/{login}/remove",
            post(hosts::remove),
        )
}

/// A hackathon, as all its pages show it.
struct HackathonCard {
    slug: String,
    title: String,
    summary: String,
    phase: Phase,
    timeline: Timeline,
    zone: Tz,
    now: Timestamp,
    has_results: bool,
}

impl HackathonCard {
    fn of(hackathon: &HackathonView, now: Timestamp) -> Self {
        Self {
            slug: hackathon.slug.clone(),
            title: hackathon.title.clone(),
            summary: hackathon.summary.clone(),
            phase: hackathon.phase(now),
            timeline: hackathon.timeline(),
            zone: hackathon.zone(),
            now,
            has_results: !hackathon.results.is_empty(),
        }
    }

    fn address(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns an instant in the hackathon's time zone.
    fn at(&self, at: &Timestamp) -> String {
        shown(*at, self.zone)
    }

    /// Returns the sentence about the next date, such as "Applications close in 2 days".
    fn next(&self) -> Option<String> {
        if self.phase.is_over() || self.phase == Phase::Draft {
            return None;
        }
        let next = self.timeline.next(self.now)?;
        Some(format!("{} in {}", next.says, left(next.at - self.now)))
    }

    /// Returns the dates for lists, from the opening to the end of submissions.
    fn days(&self) -> String {
        let day = |at: Timestamp| at.with_timezone(&self.zone).format("%-d %b %Y").to_string();
        let dates = self.timeline;
        format!(
            "{} to {}",
            day(dates.submission_opens_at),
            day(dates.submission_closes_at)
        )
    }

    fn is_draft(&self) -> bool {
        self.phase == Phase::Draft
    }

    fn is_changeable(&self) -> bool {
        !self.phase.is_over()
    }
}

/// Returns a length of time in its two largest units.
fn left(length: chrono::TimeDelta) -> String {
    let counted = kernel::counted;
    let (days, hours, minutes) = (
        length.num_days(),
        length.num_hours() % 24,
        length.num_minutes() % 60,
    );
    match (days, hours) {
        (0, 0) => counted(minutes.max(1), "minute", "minutes"),
        (0, hours) => format!(
            "{} {}",
            counted(hours, "hour", "hours"),
            counted(minutes, "minute", "minutes")
        ),
        (days, 0) => counted(days, "day", "days"),
        (days, hours) => format!(
            "{} {}",
            counted(days, "day", "days"),
            counted(hours, "hour", "hours")
        ),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::left;

    #[test]
    fn lengths_have_two_units() {
        for (minutes, says) in [
            (0, "1 minute"),
            (59, "59 minutes"),
            (61, "1 hour 1 minute"),
            (1_440, "1 day"),
            (3_300, "2 days 7 hours"),
        ] {
            assert_eq!(left(TimeDelta::minutes(minutes)), says);
        }
    }
}
