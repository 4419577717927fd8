//! Check-in on site, for organizers.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, format::Instant, redirect, show,
};

use super::{HackathonCard, LocalNow};
use crate::{
    access::Organizer,
    actions::{self, WalkIn},
    reads::{self, CheckInCounts, CheckInView, HackathonView},
    rules::check_in::may_check_in,
};

/// The maximum number of people on the page.
const ROWS: usize = 100;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/check-in", get(page).post(check_in))
        .route("/hackathons/{slug}/check-in/{login}/undo", post(undo))
        .route("/hackathons/{slug}/walk-ins", post(walk_in))
}

/// The people that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CheckInQuery {
    q: String,
}

#[derive(Template)]
#[template(path = "hackathon_check_in.html")]
struct CheckInPage {
    card: HackathonCard,
    /// The reason why no one can be checked in now.
    closed: Option<String>,
    counts: CheckInCounts,
    rows: Vec<CheckInView>,
    q: String,
    conduct_version: i64,
    form: Form,
    now: LocalNow,
}

impl CheckInPage {
    /// Returns whether the list is cut.
    fn is_cut(&self) -> bool {
        self.rows.len() == ROWS
    }

    /// Returns the logins that the form offers: people of the list who are not checked in.
    fn logins(&self) -> Vec<&str> {
        let waiting = self.rows.iter().filter(|row| row.checked_in_at.is_none());
        waiting.map(|row| row.login.as_str()).collect()
    }

    /// Returns whether the refused form is that of walk-ins.
    fn is_of_walk_in(&self) -> bool {
        self.form.fields().iter().any(|(name, _)| name == "login")
    }

    /// Returns whether a box of the form was checked.
    fn is_checked(&self, name: &str) -> bool {
        self.form.value(name) == "yes"
    }
}

/// `GET /hackathons/{slug}/check-in`.
async fn page(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    QueryString(query): QueryString<CheckInQuery>,
) -> PageResult {
    render(&context, &hackathon, query.q, Form::default()).await
}

async fn render(context: &Context, hackathon: &HackathonView, q: String, form: Form) -> PageResult {
    let (db, key, now) = (&context.db, hackathon.key(), context.now());
    let admitted = may_check_in(&hackathon.title, hackathon.phase(now), &hackathon.timeline(), now);
    show(&CheckInPage {
        card: HackathonCard::of(hackathon, now),
        closed: admitted.err().map(|problem| problem.detail),
        counts: reads::check_in_counts(db, key).await?,
        rows: reads::check_ins(db, key, &q, ROWS).await?,
        q,
        conduct_version: hackathon.conduct_version,
        form,
        now: LocalNow(now, hackathon.zone()),
    })
}

fn address(hackathon: &HackathonView) -> String {
    format!("{}/check-in", hackathon.address())
}

/// The field of the form that checks a person in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct WhoFields {
    who: String,
}

/// `POST /hackathons/{slug}/check-in`: checks a person in by their code or login.
async fn check_in(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<WhoFields>,
) -> Result<Response, PageError> {
    match actions::check_in(&context, viewer.actor(), &hackathon.slug, &fields.who).await {
        Ok(checked) => {
            let said = format!("{} is checked in", checked.login);
            Ok(redirect(&address(&hackathon), &said))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, String::new(), form);
            form.refused(error, again).await
        }
    }
}

/// `POST /hackathons/{slug}/check-in/{login}/undo`.
async fn undo(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((slug, login)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let undone = actions::undo_check_in(&context, viewer.actor(), &slug, &login).await;
    let login = undone.map_err(WebError::from)?;
    let said = format!("{login} is not checked in");
    Ok(redirect(&address(&hackathon), &said))
}

/// The fields of the form for a walk-in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct WalkInFields {
    login: String,
    accepts_conduct: String,
    exceeds_capacity: String,
}

/// `POST /hackathons/{slug}/walk-ins`: gives a place to a person who comes without one, and checks them in.
async fn walk_in(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<WalkInFields>,
) -> Result<Response, PageError> {
    let new = WalkIn {
        login: fields.login,
        accepts_conduct: fields.accepts_conduct == "yes",
        exceeds_capacity: fields.exceeds_capacity == "yes",
    };
    match actions::walk_in(&context, viewer.actor(), &hackathon.slug, &new).await {
        Ok(checked) => {
            let said = format!("{} has a place and is checked in", checked.login);
            Ok(redirect(&address(&hackathon), &said))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, String::new(), form);
            form.refused(error, again).await
        }
    }
}
