//! Help by mentors, for the team of the viewer.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, format::Instant, redirect, show};

use super::{HackathonCard, LocalNow};
use crate::{
    access::Insider,
    actions,
    model::{Phase, StaffRole},
    reads::{self, HelpPart, HelpRequestView, TeamView},
    rules::help::{HelpInput, PLACE, TOPIC},
};

/// The number of former requests on the page.
const ROWS: i64 = 50;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/help", get(page).post(ask))
        .route("/hackathons/{slug}/help/withdraw", post(withdraw))
}

#[derive(Template)]
#[template(path = "hackathon_help_page.html")]
struct HelpPage {
    card: HackathonCard,
    team: Option<TeamView>,
    /// True if the viewer has a place.
    has_place: bool,
    /// True if the viewer helps teams.
    serves: bool,
    /// The open request of the team, and its place among those that wait.
    open: Option<HelpRequestView>,
    place: Option<i64>,
    /// The closed requests of the team, latest first.
    closed: Vec<HelpRequestView>,
    form: Form,
    now: LocalNow,
}

impl HelpPage {
    /// Returns whether the viewer can ask now.
    fn may_ask(&self) -> bool {
        self.card.phase == Phase::Submission
            && self.has_place
            && self.team.is_some()
            && self.open.is_none()
    }

    /// Returns the sentence about the open request.
    fn status(&self, open: &HelpRequestView) -> String {
        match (&open.who, self.place) {
            (Some(mentor), _) => format!("{} comes to you.", mentor.called()),
            (None, Some(1) | None) => "Your request is the next.".to_owned(),
            (None, Some(place)) => {
                let ahead = kernel::counted(place - 1, "request is", "requests are");
                format!("{ahead} ahead of yours.")
            }
        }
    }
}

/// `GET /hackathons/{slug}/help`.
async fn page(State(context): State<Context>, insider: Insider) -> PageResult {
    render(&context, &insider, Form::default()).await
}

async fn render(context: &Context, insider: &Insider, form: Form) -> PageResult {
    let (db, id) = (&context.db, insider.hackathon.key());
    let person = insider.viewer.user_id;
    let team = reads::team_of(db, id, person).await?.map(|(team, _)| team);
    let requests = match &team {
        Some(team) => reads::help_requests(db, HelpPart::OfTeam(team.key()), None, ROWS).await?,
        None => Vec::new(),
    };
    let (open, closed): (Vec<_>, Vec<_>) = requests.into_iter().partition(|it| it.state.is_open());
    let open = open.into_iter().next();
    let place = match &open {
        Some(open) => reads::place_in_queue(db, open).await?,
        None => None,
    };
    let own = insider.application.as_ref();
    let role = reads::role_in(db, id, person).await?;
    show(&HelpPage {
        card: HackathonCard::of(&insider.hackathon, context.now()),
        team,
        has_place: own.is_some_and(|own| own.status.holds_place()),
        serves: role.is_some_and(|role| role != StaffRole::Judge),
        open,
        place,
        closed,
        form,
        now: LocalNow(context.now(), insider.hackathon.zone()),
    })
}

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct HelpFields {
    topic: String,
    place: String,
}

/// `POST /hackathons/{slug}/help`: asks for help.
async fn ask(
    State(context): State<Context>,
    insider: Insider,
    Filled(fields, form): Filled<HelpFields>,
) -> Result<Response, PageError> {
    let input = HelpInput { topic: fields.topic, place: fields.place };
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    match actions::ask_for_help(&context, person, &hackathon.slug, &input).await {
        Ok(_) => {
            let back = format!("{}/help", hackathon.address());
            Ok(redirect(&back, "Mentors see your request"))
        }
        Err(error) => {
            let again = |form| render(&context, &insider, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /hackathons/{slug}/help/withdraw`: withdraws the open request.
async fn withdraw(State(context): State<Context>, insider: Insider) -> Result<Response, PageError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    let withdrawn = actions::withdraw_help(&context, person, &hackathon.slug).await;
    withdrawn.map_err(WebError::from)?;
    let back = format!("{}/help", hackathon.address());
    Ok(redirect(&back, "The request is withdrawn"))
}
