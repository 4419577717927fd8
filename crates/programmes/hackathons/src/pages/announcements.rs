//! Announcements, for organizers.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{
    ActionError, Context,
    web::{WebError, bad_cursor},
};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString, format::Instant, markdown, redirect, show,
};
use uuid::Uuid;

use super::{HackathonCard, LocalNow};
use crate::{
    access::Organizer,
    actions,
    model::{AnnouncementId, Phase, Segment},
    reads::{self, AnnouncementView, HackathonView},
    rules::announcements::{Announcement, AnnouncementInput, BODY, MOST, SUBJECT, no_recipients},
};

/// The number of announcements on a page.
const ROWS: usize = 50;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/announcements", get(list).post(send))
        .route("/hackathons/{slug}/announcements/preview", post(preview))
}

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AnnouncementsQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "hackathon_announcements.html")]
struct AnnouncementsPage {
    card: HackathonCard,
    rows: Vec<AnnouncementView>,
    next: Option<Uuid>,
    is_first: bool,
    form: Form,
    now: LocalNow,
}

impl AnnouncementsPage {
    fn is_archived(&self) -> bool {
        self.card.phase == Phase::Archived
    }
}

/// `GET /hackathons/{slug}/announcements`.
async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    QueryString(query): QueryString<AnnouncementsQuery>,
) -> PageResult {
    render(&context, &hackathon, &query, Form::default()).await
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    query: &AnnouncementsQuery,
    form: Form,
) -> PageResult {
    let before = match query.cursor.as_str() {
        "" => None,
        cursor => Some(Uuid::try_parse(cursor).map_err(|_| WebError::from(bad_cursor()))?),
    };
    let before = before.map(AnnouncementId::new);
    let mut found =
        reads::announcements(&context.db, hackathon.key(), None, before, ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    show(&AnnouncementsPage {
        card: HackathonCard::of(hackathon, context.now()),
        next: found.last().filter(|_| more).map(|last| last.id),
        rows: found,
        is_first: before.is_none(),
        form,
        now: LocalNow(context.now(), hackathon.zone()),
    })
}

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct AnnouncementFields {
    segment: String,
    subject: String,
    body: String,
    /// `edit` returns from the preview to the form.
    step: String,
}

impl AnnouncementFields {
    fn input(&self) -> AnnouncementInput {
        AnnouncementInput {
            segment: self.segment.clone(),
            subject: self.subject.clone(),
            body: self.body.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "announcement_preview.html")]
struct PreviewPage {
    card: HackathonCard,
    new: Announcement,
    html: String,
    recipients: usize,
}

/// `POST /hackathons/{slug}/announcements/preview`: shows an announcement before it is sent, with the number of people.
async fn preview(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Filled(fields, form): Filled<AnnouncementFields>,
) -> Result<Response, PageError> {
    match prepared(&context, &hackathon, &fields).await {
        Ok((new, recipients)) => show(&PreviewPage {
            card: HackathonCard::of(&hackathon, context.now()),
            html: markdown::typed(&new.body),
            new,
            recipients,
        })
        .map(axum::response::IntoResponse::into_response),
        Err(error) => refused(&context, &hackathon, form, error).await,
    }
}

/// Reads an announcement and counts the people who would get it.
async fn prepared(
    context: &Context,
    hackathon: &HackathonView,
    fields: &AnnouncementFields,
) -> Result<(Announcement, usize), ActionError> {
    let new = Announcement::read(&fields.input())?;
    let people = reads::announced_to(context, &context.db, hackathon.key(), new.segment).await?;
    match people.len() {
        0 => Err(no_recipients(new.segment).into()),
        count => Ok((new, count)),
    }
}

async fn refused(
    context: &Context,
    hackathon: &HackathonView,
    form: Form,
    error: ActionError,
) -> Result<Response, PageError> {
    let query = AnnouncementsQuery::default();
    let again = |form| render(context, hackathon, &query, form);
    form.refused(error, again).await
}

/// `POST /hackathons/{slug}/announcements`: sends an announcement, or returns to the form.
async fn send(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<AnnouncementFields>,
) -> Result<Response, PageError> {
    if fields.step == "edit" {
        let query = AnnouncementsQuery::default();
        let page = render(&context, &hackathon, &query, form).await;
        return page.map(axum::response::IntoResponse::into_response);
    }
    let input = fields.input();
    match actions::announce(&context, viewer.actor(), &hackathon.slug, &input).await {
        Ok(sent) => {
            let people = kernel::counted(sent.recipients, "person", "people");
            let said = format!("{} is sent to {people}", sent.subject);
            let back = format!("{}/announcements", hackathon.address());
            Ok(redirect(&back, &said))
        }
        Err(error) => refused(&context, &hackathon, form, error).await,
    }
}
