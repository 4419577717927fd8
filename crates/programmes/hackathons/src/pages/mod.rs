//! Pages of hackathons and friends.

mod announcements;
mod apply;
mod board;
mod board_export;
mod calendar;
mod calendar_feed;
mod check_in;
mod edit;
mod event;
mod events;
mod first_steps;
mod friends;
mod front;
mod help;
mod help_queue;
mod hosts;
mod invitations;
mod judging;
mod judging_results;
mod judging_rounds;
mod judging_setup;
mod new_hackathon;
mod own_projects;
mod own_survey;
mod people;
mod points;
mod prizes;
mod projects;
mod redemptions;
mod results;
mod reward_admin;
mod reward_queue;
mod rewards;
mod search;
mod staff;
mod staff_invitations;
mod steps;
mod submission;
mod submissions;
mod surveys;
mod team;
mod teams;
mod tracks;
mod venue;

pub(crate) use calendar::answer as calendar_file;
pub(crate) use own_projects::PANELS;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use chrono::{FixedOffset, Offset as _};
use chrono_tz::Tz;
use kernel::Timestamp;
use platform::{Context, flags};
use ui::{SideList, format::Present, side::SidePart};
use uuid::Uuid;

pub(crate) use events::EVENTS;

use crate::{
    FLAG, FRIENDS, REWARDS,
    model::Phase,
    reads::HackathonView,
    rules::{
        instants::{left, shown},
        retention::is_removed,
        timeline::{Steps, Timeline},
    },
};

pub(crate) use first_steps::FIRST_STEPS;
pub(crate) use front::front;
pub(crate) use search::SEARCH;

/// The pages on which organizers manage a hackathon: the last part of the path, and the label.
const MANAGED: [SidePart; 12] = [
    ("", "/edit", "Edit"),
    ("", "/tracks", "Tracks"),
    ("", "/announcements", "Announcements"),
    ("People", "/applications", "Applications"),
    ("People", "/staff", "Staff"),
    ("On the day", "/check-in", "Check-in"),
    ("On the day", "/help-queue", "Help queue"),
    ("Work", "/submissions", "Submissions"),
    ("Work", "/judging/setup", "Judging"),
    ("Work", "/prizes", "Prizes"),
    ("Work", "/results", "Results"),
    ("Afterwards", "/surveys/participants", "Surveys"),
];

/// The pages of a hackathon for people who take part: the end of the path, and the label.
pub(crate) const PARTS: [(&str, &str); 6] = [
    ("", "About"),
    ("/submission", "Your submission"),
    ("/team", "Your team"),
    ("/board", "Board"),
    ("/teams", "Teams and people"),
    ("/help", "Help"),
];

pub fn routes() -> Router<Context> {
    public()
        .merge(taking_part())
        .merge(managed())
        .merge(judged())
        .merge(prizes::routes())
        .merge(announcements::routes())
        .merge(check_in::routes())
        .merge(board::routes())
        .merge(board_export::routes())
        .merge(help::routes())
        .merge(help_queue::routes())
        .merge(surveys::routes())
        .layer(from_fn_with_state(FLAG, flags::hide))
        .merge(calendars())
        .merge(invitations())
        .merge(of_friends())
        .merge(reward_pages().layer(from_fn_with_state(REWARDS, flags::hide)))
}

fn reward_pages() -> Router<Context> {
    Router::new()
        .route("/rewards", get(rewards::list))
        .route("/rewards/{slug}", get(rewards::page).post(rewards::redeem))
        .route("/rewards/redemptions", get(redemptions::list))
        .route(
            "/rewards/redemptions/{id}/cancel",
            get(redemptions::ask_to_cancel).post(redemptions::cancel),
        )
        .route("/admin/rewards", get(reward_admin::list))
        .route("/admin/rewards/new", get(reward_admin::blank).post(reward_admin::create))
        .route("/admin/rewards/{slug}", get(reward_admin::edit).post(reward_admin::save))
        .route("/admin/rewards/{slug}/archive", post(reward_admin::archive))
        .route("/admin/rewards/{slug}/codes", post(reward_admin::codes))
        .route("/admin/rewards/redemptions", get(reward_queue::list))
        .route("/admin/rewards/redemptions.csv", get(reward_queue::csv))
        .route("/admin/rewards/redemptions/{id}", post(reward_queue::step))
}

/// Returns the calendars that are read without a session: the flag is that of the person of the address, whom the extractors know.
fn calendars() -> Router<Context> {
    Router::new()
        .route("/hackathon-calendars/{token}", get(calendar::subscribed))
        .route("/hackathon-calendars/own/{token}", get(calendar_feed::file))
}

/// Returns the pages of invitations by email, which people open before they sign in: the flag is asked for the person then.
fn invitations() -> Router<Context> {
    Router::new().route(
        "/hackathon-invitations/{token}",
        get(staff_invitations::page).post(staff_invitations::accept),
    )
}

fn of_friends() -> Router<Context> {
    Router::new()
        .route("/friends", get(friends::page).post(friends::ask))
        .route("/friends/{login}/accept", post(friends::accept))
        .route("/friends/{login}/decline", post(friends::decline))
        .route("/friends/{login}/cancel", post(friends::cancel))
        .route("/friends/{login}/remove", post(friends::remove))
        .route("/friends/{login}/block", post(friends::block))
        .route("/friends/{login}/unblock", post(friends::unblock))
        .layer(from_fn_with_state(FRIENDS, flags::hide))
}

fn public() -> Router<Context> {
    Router::new()
        .route("/hackathons", get(event::list))
        .route("/hackathons/{slug}", get(event::page))
        .route("/hackathons/{slug}/calendar.ics", get(calendar::file))
        .route("/hackathons/{slug}/projects", get(projects::list))
        .route("/hackathons/{slug}/projects/{id}", get(projects::page))
        .route("/hackathon-calendar", get(calendar_feed::page).post(calendar_feed::renew))
        .route("/hackathon-calendar/remove", post(calendar_feed::remove))
}

fn taking_part() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/apply", get(apply::form).post(apply::save))
        .route("/hackathons/{slug}/withdraw", get(apply::ask_to_withdraw).post(apply::withdraw))
        .route("/hackathons/{slug}/looking", post(apply::look))
        .route("/hackathons/{slug}/confirm", post(apply::confirm))
        .route("/hackathons/{slug}/teams", get(teams::list))
        .route("/hackathons/{slug}/team", get(team::page).post(team::save))
        .route("/hackathons/{slug}/team/create", post(team::create))
        .route("/hackathons/{slug}/team/code", post(team::replace_code))
        .route("/hackathons/{slug}/team/leave", get(team::ask_to_leave).post(team::leave))
        .route("/hackathons/{slug}/team/members/{login}/role", post(team::set_role))
        .route("/hackathons/{slug}/team/members/{login}/remove", post(team::remove))
        .route("/hackathons/{slug}/submission", get(submission::page).post(submission::save))
        .route("/hackathons/{slug}/submission/edit", get(submission::form))
        .route("/hackathons/{slug}/submission/check", post(submission::check))
        .route(
            "/hackathons/{slug}/submission/withdraw",
            get(submission::ask_to_withdraw).post(submission::withdraw),
        )
        .route("/hackathons/{slug}/submission/appeal", post(submission::appeal))
        .route("/hackathons/{slug}/team/invitations", post(invitations::invite))
        .route("/hackathons/{slug}/team/invitations/{login}/cancel", post(invitations::cancel))
        .route("/hackathons/{slug}/invitations/{team}/accept", post(invitations::accept))
        .route("/hackathons/{slug}/invitations/{team}/decline", post(invitations::decline))
        .route("/hackathon-teams/join", get(team::join_form).post(team::join))
}

fn judged() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/judging", get(judging::page))
        .route("/hackathons/{slug}/judging/next", post(judging::next))
        .route(
            "/hackathons/{slug}/judging/setup",
            get(judging_setup::form).post(judging_setup::save),
        )
        .route("/hackathons/{slug}/judging/coverage", get(judging_setup::coverage))
        .route("/hackathons/{slug}/judging/results", get(judging_results::page))
        .route("/hackathons/{slug}/judging/results.csv", get(judging_results::csv))
        .route(
            "/hackathons/{slug}/judging/rounds",
            get(judging_rounds::page).post(judging_rounds::close),
        )
        .route("/hackathons/{slug}/judging/decisions", post(judging_results::settle))
        .route("/hackathons/{slug}/judging/{submission}/score", post(judging::score))
        .route("/hackathons/{slug}/judging/{submission}/status", post(judging::set_status))
        .route("/hackathons/{slug}/judging/{submission}/conflict", post(judging::declare))
        .route("/hackathons/{slug}/judging/{submission}/compare", post(judging::compare))
}

fn managed() -> Router<Context> {
    Router::new()
        .route("/hackathons/new", get(new_hackathon::blank).post(new_hackathon::create))
        .route("/hackathons/{slug}/edit", get(edit::edit).post(edit::save))
        .route("/hackathons/{slug}/invitation", post(edit::replace_invitation))
        .route("/hackathons/{slug}/publish", get(steps::ask_to_publish).post(steps::publish))
        .route("/hackathons/{slug}/cancel", get(steps::ask_to_cancel).post(steps::cancel))
        .route("/hackathons/{slug}/results", get(results::form).post(results::schedule))
        .route(
            "/hackathons/{slug}/results/now",
            get(results::ask_to_publish_now).post(results::publish_now),
        )
        .route("/hackathons/{slug}/results/undo", post(results::undo))
        .route("/hackathons/{slug}/archive", get(steps::ask_to_archive).post(steps::archive))
        .route("/hackathons/{slug}/applications", get(people::list).post(people::decide))
        .route("/hackathons/{slug}/applications.csv", get(people::csv))
        .route("/hackathons/{slug}/submissions", get(submissions::list).post(submissions::settings))
        .route("/hackathons/{slug}/submissions.csv", get(submissions::csv))
        .route("/hackathons/{slug}/submissions/check", post(submissions::check))
        .route("/hackathons/{slug}/submissions/deadline", post(submissions::extend))
        .route("/hackathons/{slug}/submissions/tables", post(submissions::number_tables))
        .route("/hackathons/{slug}/submissions/{id}/place", post(submissions::place))
        .route(
            "/hackathons/{slug}/submissions/{id}",
            get(submissions::page).post(submissions::rule),
        )
        .route("/hackathons/{slug}/tracks", get(tracks::form).post(tracks::save))
        .route("/hackathons/{slug}/staff", get(staff::list).post(staff::add))
        .route("/hackathons/{slug}/staff/{login}/tracks", get(staff::tracks).post(staff::limit))
        .route("/hackathons/{slug}/staff/{login}/remove", post(staff::remove))
        .route("/hackathons/{slug}/staff-invitations", post(staff::invite))
        .route("/hackathons/{slug}/staff-invitations/{id}/send", post(staff_invitations::send))
        .route(
            "/hackathons/{slug}/staff-invitations/{id}/withdraw",
            post(staff_invitations::withdraw),
        )
        .route("/hackathons/{slug}/venue-networks", get(venue::form).post(venue::save))
        .route("/admin/hackathons/{slug}/venue-networks", get(venue::approval).post(venue::approve))
        .route("/admin/hackathons/{slug}/points", get(points::form).post(points::approve))
        .route("/admin/hackathons", get(hosts::list).post(hosts::add))
        .route("/admin/hackathons/hosts/{login}/remove", post(hosts::remove))
}

/// A hackathon, as all its pages show it.
struct HackathonCard {
    id: Uuid,
    slug: String,
    /// The place where it is held, in words.
    place: Option<String>,
    /// The path and the description of its own picture; `None` if it is drawn.
    picture: Option<(String, String)>,
    title: String,
    summary: String,
    phase: Phase,
    timeline: Timeline,
    zone: Tz,
    now: Timestamp,
    has_results: bool,
    steps: Steps,
}

/// The present, for short forms of instants in the time zone of a hackathon: its pages show all times in it.
#[derive(Clone, Copy)]
struct LocalNow(Timestamp, Tz);

impl Present for LocalNow {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn offset(&self, at: Timestamp) -> FixedOffset {
        at.with_timezone(&self.1).offset().fix()
    }

    fn zone(&self) -> Option<&'static str> {
        Some(self.1.name())
    }
}

impl HackathonCard {
    fn of(hackathon: &HackathonView, now: Timestamp) -> Self {
        Self {
            id: hackathon.id,
            place: hackathon.place(),
            slug: hackathon.slug.clone(),
            picture: hackathon.picture(),
            title: hackathon.title.clone(),
            summary: hackathon.summary.clone(),
            phase: hackathon.phase(now),
            timeline: hackathon.timeline(),
            zone: hackathon.zone(),
            now,
            has_results: !hackathon.results.is_empty(),
            steps: hackathon.steps(),
        }
    }

    fn address(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns the path of its banner, its own or the drawn one.
    fn banner(&self) -> String {
        let own = self.picture.as_ref().map(|(path, _)| path.clone());
        own.unwrap_or_else(|| ui::drawn("hackathon", &self.slug))
    }

    /// Returns the side list of its organizers, on the page at an end of its address.
    fn side(&self, part: &str) -> SideList {
        let list = SideList::of(&self.title, &self.address(), &MANAGED, &format!("/{part}"));
        list.seen_at(&self.address(), "See it as a guest")
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

    /// Returns the days from the opening to the end of submissions.
    fn days(&self) -> String {
        let dates = self.timeline;
        let (opens, closes) = (dates.submission_opens_at, dates.submission_closes_at);
        let local = |at: Timestamp| at.with_timezone(&self.zone).date_naive();
        kernel::days(local(opens), local(closes))
    }

    /// Returns the sentence about the dates for lists: the next one, such as "Applications close on 3 Dec 2026, in 2 days", or when
    /// people could submit.
    fn when(&self) -> String {
        let next = self.timeline.next(self.now);
        match next.filter(|_| !self.phase.is_over()) {
            Some(next) => {
                let left = left(next.at - self.now);
                format!("{} on {}, in {left}", next.says, self.day(next.at))
            }
            None => format!("Submissions from {}", self.days()),
        }
    }

    fn day(&self, at: Timestamp) -> String {
        at.with_timezone(&self.zone).format("%-d %b %Y").to_string()
    }

    fn has_judging(&self) -> bool {
        self.timeline.has_judging()
    }

    fn is_draft(&self) -> bool {
        self.phase == Phase::Draft
    }

    fn is_changeable(&self) -> bool {
        !self.phase.is_over()
    }

    /// Returns whether submissions can still be disqualified, and teams can appeal: also after the results, for a time.
    fn is_contestable(&self) -> bool {
        self.phase != Phase::Canceled && !is_removed(&self.steps, self.now)
    }
}
