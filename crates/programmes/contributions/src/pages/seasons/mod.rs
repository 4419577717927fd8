//! Pages of seasons.

mod edit;
mod new_season;
mod organizers;
mod participants;
mod projects;
mod register;
mod report;
mod results;
mod season;
mod steps;
mod versions;

use axum::{
    Router,
    routing::{get, post},
};
use kernel::Timestamp;
use platform::Context;
use ui::{SideList, side::SidePart};

use crate::{
    reads::SeasonView,
    rules::seasons::{RegistrationDays, SeasonDays, SeasonState},
};

/// The pages on which organizers manage a season: the last part of the path, and the label.
const MANAGED: [SidePart; 4] = [
    ("", "/edit", "Edit"),
    ("", "/projects", "Projects"),
    ("People", "/participants", "Participants"),
    ("People", "/organizers", "Organizers"),
];

/// The text that participants agree to if the organizers wrote none.
const USUAL_CONSENT: &str = "Everyone sees your username, your points and your rank in this season, with your name and picture if you have them.";

pub(super) fn routes() -> Router<Context> {
    public().merge(managed())
}

fn public() -> Router<Context> {
    Router::new()
        .route("/seasons", get(season::list))
        .route("/seasons/{slug}", get(season::page))
        .route("/seasons/{slug}/register", get(register::form).post(register::save))
        .route("/seasons/{slug}/withdraw", get(register::ask_to_withdraw).post(register::withdraw))
        .route("/seasons/{slug}/report", get(report::page))
        .route("/seasons/{slug}/report.csv", get(report::csv))
        .route("/seasons/{slug}/results", get(results::page))
        .route("/seasons/{slug}/results.csv", get(results::csv))
        .route("/seasons/{slug}/prizes.csv", get(results::prizes))
}

fn managed() -> Router<Context> {
    Router::new()
        .route("/seasons/new", get(new_season::blank).post(new_season::create))
        .route("/seasons/{slug}/edit", get(edit::edit).post(edit::save))
        .route("/seasons/{slug}/publish", get(steps::ask_to_publish).post(steps::publish))
        .route("/seasons/{slug}/cancel", get(steps::ask_to_cancel).post(steps::cancel))
        .route("/seasons/{slug}/sign-off", get(steps::ask_to_sign_off).post(steps::sign_off))
        .route("/seasons/{slug}/projects", get(projects::list).post(projects::add))
        .route("/seasons/{slug}/projects/{project}/remove", post(projects::remove))
        .route(
            "/seasons/{slug}/publish-rules",
            get(projects::ask_to_publish_rules).post(projects::publish_rules),
        )
        .route("/seasons/{slug}/organizers", get(organizers::list).post(organizers::add))
        .route("/seasons/{slug}/organizers/{login}/remove", post(organizers::remove))
        .route("/seasons/{slug}/participants", get(participants::list))
        .route(
            "/seasons/{slug}/participants/{login}",
            get(participants::participant).post(participants::sanction),
        )
        .route("/seasons/{slug}/sanctions/{id}/lift", post(participants::lift))
}

/// A season, as all its pages show it.
struct SeasonCard {
    slug: String,
    name: String,
    description: String,
    state: SeasonState,
    days: SeasonDays,
    registration: RegistrationDays,
    goal: i64,
    is_registered_only: bool,
    takes_registrations: bool,
}

impl SeasonCard {
    fn of(season: &SeasonView, now: Timestamp) -> Self {
        Self {
            slug: season.slug.clone(),
            name: season.name.clone(),
            description: season.description.clone(),
            state: season.state(now),
            days: season.days(),
            registration: season.registration(),
            goal: season.goal,
            is_registered_only: season.is_registered_only,
            takes_registrations: season.takes_registrations(now),
        }
    }

    /// Returns the path of its page, or of the form that changes it while it is not public.
    fn address(&self) -> String {
        if self.state.is_public() {
            format!("/seasons/{}", self.slug)
        } else {
            format!("/seasons/{}/edit", self.slug)
        }
    }

    /// Returns the side list of its organizers, on the page at an end of its address.
    fn side(&self, part: &str) -> SideList {
        let address = format!("/seasons/{}", self.slug);
        let list = SideList::of(&self.name, &address, &MANAGED, &format!("/{part}"));
        if self.state.is_public() { list.seen_at(&address, "See the season") } else { list }
    }

    fn is_draft(&self) -> bool {
        self.state == SeasonState::Draft
    }

    fn is_signed_off(&self) -> bool {
        self.state == SeasonState::SignedOff
    }

    fn is_over(&self) -> bool {
        matches!(self.state, SeasonState::Ended | SeasonState::SignedOff)
    }

    /// Returns whether organizers can still change it.
    fn is_changeable(&self) -> bool {
        !matches!(self.state, SeasonState::Canceled | SeasonState::SignedOff)
    }

    /// Returns the goal in words; `None` if there is none.
    fn goal(&self) -> Option<String> {
        let words = kernel::counted(self.goal, "merged pull request", "merged pull requests");
        (self.goal > 0).then_some(words)
    }
}
