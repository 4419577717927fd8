//! Steps of a hackathon, each with the page that asks before it.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{Confirmation, Filled, Form, PageError, PageResult, format::tame, redirect, show};

use super::HackathonCard;
use crate::{
    access::Organizer,
    actions,
    reads::HackathonView,
    rules::instants::{shown, shown_with_zone},
};

fn ask(hackathon: &HackathonView, step: &str, button: &str, consequence: &str) -> PageResult {
    let zone = hackathon.zone();
    let spans = hackathon.timeline().spans().into_iter().map(|(name, from, until)| {
        (name, format!("{} to {}", shown(from, zone), shown_with_zone(until, zone)))
    });
    show(&Confirmation {
        question: format!("{button} {}?", tame(&hackathon.title)),
        consequence: consequence.to_owned(),
        facts: spans
            .chain([
                ("Open to", hackathon.visibility.heading().to_owned()),
                (
                    "Places",
                    hackathon.capacity.map_or_else(|| "no limit".to_owned(), |it| it.to_string()),
                ),
            ])
            .collect(),
        action: format!("{}/{step}", hackathon.address()),
        fields: Vec::new(),
        button: button.to_owned(),
        is_ending: step == "archive",
        back: format!("{}/edit", hackathon.address()),
    })
}

pub(super) fn taken(
    stepped: Result<HackathonView, ActionError>,
    said: &str,
) -> Result<Response, PageError> {
    let hackathon = stepped.map_err(WebError::from)?;
    let said = format!("{} {said}", hackathon.title);
    Ok(redirect(&hackathon.address(), &said))
}

/// `GET /hackathons/{slug}/publish`: asks before a draft is published.
pub(super) async fn ask_to_publish(Organizer { hackathon, .. }: Organizer) -> PageResult {
    let consequence =
        "People see the hackathon from now on, and can apply in its dates. This cannot be undone.";
    ask(&hackathon, "publish", "Publish", consequence)
}

/// `POST /hackathons/{slug}/publish`.
pub(super) async fn publish(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Response, PageError> {
    let stepped = actions::publish(&context, viewer.actor(), &hackathon.slug).await;
    taken(stepped, "is published")
}

/// `GET /hackathons/{slug}/archive`: asks before a hackathon is archived.
pub(super) async fn ask_to_archive(Organizer { hackathon, .. }: Organizer) -> PageResult {
    let consequence = "Its pages and results stay. It is no longer listed among the hackathons of the people who took part.";
    ask(&hackathon, "archive", "Archive", consequence)
}

/// `POST /hackathons/{slug}/archive`.
pub(super) async fn archive(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Response, PageError> {
    let stepped = actions::archive(&context, viewer.actor(), &hackathon.slug).await;
    taken(stepped, "is archived")
}

#[derive(Template)]
#[template(path = "cancel_hackathon.html")]
struct CancelPage {
    card: HackathonCard,
    form: Form,
}

/// The field of the form that cancels a hackathon.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CancelFields {
    reason: String,
}

/// `GET /hackathons/{slug}/cancel`: asks for the reason.
pub(super) async fn ask_to_cancel(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    show(&CancelPage { card: HackathonCard::of(&hackathon, context.now()), form: Form::default() })
}

/// `POST /hackathons/{slug}/cancel`.
pub(super) async fn cancel(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<CancelFields>,
) -> Result<Response, PageError> {
    let slug = &hackathon.slug;
    match actions::cancel(&context, viewer.actor(), slug, &fields.reason).await {
        Ok(hackathon) => taken(Ok(hackathon), "is canceled"),
        Err(error) => {
            let card = HackathonCard::of(&hackathon, context.now());
            let again = async |form| show(&CancelPage { card, form });
            form.refused(error, again).await
        }
    }
}
