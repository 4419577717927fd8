use askama::Template;
use axum::{extract::State, response::Response};
use identity::{access::EvenBanned, model::Viewer};
use kernel::{Problem, ProblemKind};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString,
    format::{Instant, tame},
    redirect, show,
};

use super::days_left;
use crate::{
    access::may_contest,
    actions::{NewDispute, open_dispute},
    model::DisputeKind,
    reads,
    rules::disputes::{DisputeTarget, LONGEST_TEXT, window_ends},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContestedDecision {
    kind: String,
    target: String,
}

#[derive(Template)]
#[template(path = "dispute_new.html")]
struct NewPage {
    kind: &'static str,
    target: String,
    /// The decision in words.
    subject: String,
    until: Instant,
    left: String,
    is_over: bool,
    most: usize,
    form: Form,
}

#[derive(Template)]
#[template(path = "dispute_none.html")]
struct NonePage;

/// `GET /disputes/new`.
pub(super) async fn form(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    QueryString(contested): QueryString<ContestedDecision>,
) -> PageResult {
    if contested.kind.is_empty() {
        return show(&NonePage);
    }
    render(&context, &viewer, &contested, Form::default()).await
}

async fn render(
    context: &Context,
    viewer: &Viewer,
    contested: &ContestedDecision,
    form: Form,
) -> PageResult {
    let kind = kind(&contested.kind)?;
    may_contest(viewer, kind)?;
    let (target, now) = (contested.target.trim(), context.now());
    let read = DisputeTarget::read(kind, target)?;
    let found = reads::contestable(&context.db, viewer.user_id, &read, now).await?;
    let found = found.ok_or_else(|| {
        let detail = "You have nothing of this kind to contest. See /me/standing.";
        Problem::not_found(detail)
    })?;
    let until = window_ends(found.since);
    show(&NewPage {
        kind: kind.as_str(),
        subject: match kind {
            DisputeKind::Score => format!("the points of {}", tame(target)),
            DisputeKind::Flag => format!("flag {}", tame(target)),
            DisputeKind::Sanction => "a sanction in a season".to_owned(),
            DisputeKind::Ban => "your ban".to_owned(),
        },
        target: target.to_owned(),
        until: Instant(until),
        left: days_left(until, now),
        is_over: now > until,
        most: LONGEST_TEXT,
        form,
    })
}

fn kind(text: &str) -> Result<DisputeKind, Problem> {
    DisputeKind::named(text).ok_or_else(|| {
        let detail = format!("kind is '{text}'. Use score, flag, sanction or ban.");
        Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DisputeFields {
    kind: String,
    target: String,
    text: String,
}

/// `POST /disputes`.
pub(super) async fn open(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    Filled(fields, form): Filled<DisputeFields>,
) -> Result<Response, PageError> {
    let kind = kind(&fields.kind)?;
    may_contest(&viewer, kind)?;
    let new = NewDispute { kind, target: fields.target.clone(), text: fields.text };
    match open_dispute(&context, viewer.user_id, &new).await {
        Ok(number) => {
            let said = format!("Dispute D-{number} is open");
            Ok(redirect(&format!("/disputes/D-{number}"), &said))
        }
        Err(error) => {
            let contested = ContestedDecision { kind: fields.kind, target: fields.target };
            let again = |form| render(&context, &viewer, &contested, form);
            form.refused(WebError::from(error), again).await
        }
    }
}
