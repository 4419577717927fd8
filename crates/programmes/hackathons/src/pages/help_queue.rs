//! The help queue, for mentors and organizers.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::Context;
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, format::Instant, redirect, show,
};
use uuid::Uuid;

use super::{HackathonCard, LocalNow};
use crate::{
    access::Mentor,
    actions,
    model::HelpState,
    reads::{self, HelpPart, HelpRequestView, HelpedTeam},
    rules::{
        help::{ANSWER, HelpStep},
        invalid,
    },
};

/// The number of teams on a page.
const ROWS: usize = 50;
/// The number of open requests on the page.
const OPEN: i64 = 200;
/// The number of answered requests on the page.
const ANSWERED: i64 = 20;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/help-queue", get(page))
        .route("/hackathons/{slug}/help-queue/{id}", post(step))
}

/// The part of the teams that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct QueueQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "hackathon_help_queue.html")]
struct QueuePage {
    card: HackathonCard,
    viewer: Uuid,
    organizes: bool,
    /// The open requests, in the order in which teams asked.
    queue: Vec<HelpRequestView>,
    /// The last answered ones.
    answered: Vec<HelpRequestView>,
    teams: Vec<HelpedTeam>,
    next: Option<String>,
    is_first: bool,
    form: Form,
    /// The request whose form was refused.
    refused: Option<Uuid>,
    now: LocalNow,
}

impl QueuePage {
    fn is_own(&self, request: &HelpRequestView) -> bool {
        request.mentor_id == Some(self.viewer)
    }

    /// Returns whether the viewer can hand a request back or close it.
    fn may_close(&self, request: &HelpRequestView) -> bool {
        let is_taken = request.state == HelpState::Taken;
        self.card.is_changeable() && is_taken && (self.organizes || self.is_own(request))
    }

    fn is_refused(&self, request: &HelpRequestView) -> bool {
        self.refused == Some(request.id)
    }

    /// Returns the ID of the field of a request. The field that was refused has its own name, to which the message links.
    fn field(&self, request: &HelpRequestView) -> String {
        if self.is_refused(request) {
            "answer".to_owned()
        } else {
            format!("answer-{}", request.id)
        }
    }

    /// Returns the text of the field of a request.
    fn answer(&self, request: &HelpRequestView) -> &str {
        if self.is_refused(request) { self.form.value("answer") } else { "" }
    }
}

/// `GET /hackathons/{slug}/help-queue`.
async fn page(
    State(context): State<Context>,
    mentor: Mentor,
    QueryString(query): QueryString<QueueQuery>,
) -> PageResult {
    render(&context, &mentor, &query, None, Form::default()).await
}

async fn render(
    context: &Context,
    mentor: &Mentor,
    query: &QueueQuery,
    refused: Option<Uuid>,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, mentor.hackathon.key());
    let is_first = query.cursor.is_empty();
    let after = (!is_first).then_some(query.cursor.as_str());
    let mut teams = reads::helped_teams(db, id, after, ROWS as i64 + 1).await?;
    let more = teams.len() > ROWS;
    teams.truncate(ROWS);
    show(&QueuePage {
        card: HackathonCard::of(&mentor.hackathon, context.now()),
        viewer: mentor.viewer.user_id.0,
        organizes: mentor.organizes,
        queue: reads::help_requests(db, HelpPart::Queue(id), None, OPEN).await?,
        answered: reads::help_requests(db, HelpPart::Answered(id), None, ANSWERED).await?,
        next: teams.last().filter(|_| more).map(|last| last.slug.clone()),
        teams,
        is_first,
        form,
        refused,
        now: LocalNow(context.now(), mentor.hackathon.zone()),
    })
}

/// The fields of the forms of a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct HelpStepFields {
    state: String,
    answer: String,
}

/// `POST /hackathons/{slug}/help-queue/{id}`: takes a request, hands it back, or closes it with an answer.
async fn step(
    State(context): State<Context>,
    mentor: Mentor,
    Address((slug, id)): Address<(String, Uuid)>,
    Filled(fields, form): Filled<HelpStepFields>,
) -> Result<Response, PageError> {
    let stepped = match HelpStep::to(&fields.state) {
        Ok(HelpStep::HandBack) if !fields.answer.trim().is_empty() => {
            let detail = "Hand the request back without an answer, or close it with the answer.";
            Err(invalid("answer", detail.to_owned()).into())
        }
        Ok(step) => {
            let stepped = actions::step_help(
                &context,
                mentor.viewer.user_id,
                mentor.organizes,
                &slug,
                id.into(),
                step,
                &fields.answer,
            )
            .await;
            stepped.map(|request| (step, request))
        }
        Err(problem) => Err(problem.into()),
    };
    match stepped {
        Ok((step, request)) => {
            let back = format!("{}/help-queue", mentor.hackathon.address());
            Ok(redirect(&back, &said(step, &request)))
        }
        Err(error) => {
            let query = QueueQuery::default();
            let again = |form| render(&context, &mentor, &query, Some(id), form);
            form.refused(error, again).await
        }
    }
}

/// Returns the message after a step.
fn said(step: HelpStep, request: &HelpRequestView) -> String {
    let team = ui::format::tame(&request.team);
    match step {
        HelpStep::Take => format!("{team} knows that you come"),
        HelpStep::HandBack => format!("The request of {team} waits again"),
        HelpStep::Close => format!("The request of {team} is answered"),
    }
}
