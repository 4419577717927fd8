//! Feedback about the server: the form, and the lists for admins.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use identity::{
    access::{Admin, SignedIn},
    model::UserId,
    reads::who,
};
use platform::Context;
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, Who, format::Instant, redirect, show,
};
use uuid::Uuid;

use crate::{
    actions::{NewFeedback, answer_feedback, send_feedback},
    model::{Feedback, FeedbackKind},
    reads,
    rules::LONGEST,
};

#[derive(Template)]
#[template(path = "feedback.html")]
struct FeedbackPage {
    form: Form,
    sent: Vec<Row>,
    now: Instant,
}

#[derive(Template)]
#[template(path = "admin_feedback.html")]
struct FeedbackList {
    is_answered: bool,
    rows: Vec<Row>,
    form: Form,
    /// The feedback whose answer was refused.
    refused: Option<Uuid>,
    now: Instant,
}

/// Feedback in a list.
struct Row {
    id: Uuid,
    kind: &'static str,
    words: String,
    page: Option<String>,
    sent: Instant,
    /// The sender; absent in a person's own list.
    by: Option<Who>,
    answer: Option<Answer>,
}

struct Answer {
    words: String,
    at: Instant,
}

impl Row {
    fn of(feedback: Feedback, people: &HashMap<UserId, Who>) -> Self {
        let answer = feedback.answer.zip(feedback.answered_at);
        Self {
            id: feedback.id,
            kind: feedback.kind.heading(),
            words: feedback.words,
            page: feedback.page,
            sent: Instant(feedback.created_at),
            by: people.get(&UserId::from(feedback.user_id)).cloned(),
            answer: answer.map(|(words, at)| Answer { words, at: Instant(at) }),
        }
    }
}

impl FeedbackList {
    /// Returns true for the feedback whose answer was refused.
    fn is_refused(&self, row: &Row) -> bool {
        self.refused == Some(row.id)
    }
}

impl FeedbackPage {
    fn longest() -> usize {
        LONGEST
    }
}

/// The fields of the form. The page may be in the address, too.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FeedbackInput {
    kind: String,
    words: String,
    page: String,
}

async fn render(context: &Context, person: UserId, form: Form) -> PageResult {
    let sent = reads::own_feedback(&context.db, person).await?;
    let no_one = HashMap::new();
    let sent = sent.into_iter().map(|feedback| Row::of(feedback, &no_one)).collect();
    show(&FeedbackPage { form, sent, now: Instant(context.now()) })
}

/// `GET /feedback`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(input): QueryString<FeedbackInput>,
) -> PageResult {
    render(&context, viewer.user_id, Form::default().with("page", input.page)).await
}

/// `POST /feedback`.
pub(super) async fn send(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(input, form): Filled<FeedbackInput>,
) -> Result<Response, PageError> {
    let new = NewFeedback { kind: &input.kind, words: &input.words, page: &input.page };
    match send_feedback(&context, viewer.user_id, new).await {
        Ok(_) => Ok(redirect("/feedback", "Feedback sent. The answer will be in your notices.")),
        Err(error) => {
            form.refused(error, async |form| render(&context, viewer.user_id, form).await).await
        }
    }
}

/// Which feedback is listed: `answered`, or that without an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StateQuery {
    state: String,
}

async fn render_list(
    context: &Context,
    is_answered: bool,
    refused: Option<Uuid>,
    form: Form,
) -> PageResult {
    let found = reads::feedback(&context.db, is_answered).await?;
    let people = found.iter().map(|feedback| UserId::from(feedback.user_id));
    let people = who(&context.db, people).await?;
    let rows = found.into_iter().map(|feedback| Row::of(feedback, &people)).collect();
    show(&FeedbackList { is_answered, rows, form, refused, now: Instant(context.now()) })
}

/// `GET /admin/feedback`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    QueryString(query): QueryString<StateQuery>,
) -> PageResult {
    render_list(&context, query.state == "answered", None, Form::default()).await
}

/// The fields of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerInput {
    answer: String,
}

/// `POST /admin/feedback/{id}/answer`.
pub(super) async fn answer(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(id): Address<Uuid>,
    Filled(input, form): Filled<AnswerInput>,
) -> Result<Response, PageError> {
    match answer_feedback(&context, viewer.actor(), id, &input.answer).await {
        Ok(()) => Ok(redirect("/admin/feedback", "Feedback answered")),
        Err(error) => {
            let again = async |form| render_list(&context, false, Some(id), form).await;
            form.refused(error, again).await
        }
    }
}
