//! The tracks of a hackathon, for organizers.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::Context;
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, redirect, show};

use super::HackathonCard;
use crate::{
    access::Organizer,
    actions,
    reads::{self, HackathonView},
    rules::tracks::{DESCRIPTION, MOST_TRACKS, NAME, Track, TrackInput},
};

#[derive(Template)]
#[template(path = "hackathon_tracks.html")]
struct TracksPage {
    card: HackathonCard,
    tracks: Vec<Track>,
    form: Form,
}

impl TracksPage {
    /// Returns the fields that the form shows, each a name and a description: those of the tracks and two more.
    fn rows(&self) -> Vec<(usize, String, String)> {
        let value = |number: usize| {
            let stored = self.tracks.get(number - 1);
            let (name, description) = stored.map_or(("", ""), |it| (&it.name, &it.description));
            let of = |field: &str, stored| {
                self.form.value_or(&format!("{field}_{number}"), stored).to_owned()
            };
            (number, of("name", name), of("description", description))
        };
        let all: Vec<_> = (1..=MOST_TRACKS).map(value).collect();
        let last = all.iter().rposition(|it| !it.1.is_empty() || !it.2.is_empty());
        let shown = last.map_or(2, |last| last + 3).min(MOST_TRACKS);
        all.into_iter().take(shown).collect()
    }
}

/// `GET /hackathons/{slug}/tracks`.
pub(super) async fn form(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    render(&context, &hackathon, Form::default()).await
}

async fn render(context: &Context, hackathon: &HackathonView, form: Form) -> PageResult {
    show(&TracksPage {
        card: HackathonCard::of(hackathon, context.now()),
        tracks: reads::tracks(&context.db, hackathon.key()).await?,
        form,
    })
}

/// A form of tracks, whose fields are read from the form itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TrackFields {}

/// `POST /hackathons/{slug}/tracks`.
pub(super) async fn save(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(_, form): Filled<TrackFields>,
) -> Result<Response, PageError> {
    let input = |number: usize| TrackInput {
        name: form.value(&format!("name_{number}")).to_owned(),
        description: form.value(&format!("description_{number}")).to_owned(),
    };
    let is_typed =
        |it: &TrackInput| !it.name.trim().is_empty() || !it.description.trim().is_empty();
    let typed: Vec<TrackInput> = (1..=MOST_TRACKS).map(input).filter(is_typed).collect();
    match actions::set_tracks(&context, viewer.actor(), &hackathon.slug, &typed).await {
        Ok(_) => {
            let address = format!("{}/tracks", hackathon.address());
            Ok(redirect(&address, "The tracks are saved"))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, form);
            form.refused(error, again).await
        }
    }
}
