//! The networks of the place of a hackathon, for organizers and admins.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    exempt::{self, ExemptNetwork},
    web::WebError,
};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, redirect, show};

use super::HackathonCard;
use crate::{
    access::{Organizer, unknown_hackathon},
    actions::{approve_venue_networks, set_venue_networks},
    reads::{self, HackathonView},
    rules::venue::MOST_NETWORKS,
};

#[derive(Template)]
#[template(path = "venue_networks.html")]
struct VenuePage {
    card: HackathonCard,
    networks: Vec<String>,
    /// True if an admin approved all of them.
    is_approved: bool,
    /// True if the approval ends before judging does.
    ends_early: bool,
    /// The instants between which the approved ones are exempt.
    window: (Timestamp, Timestamp),
    form: Form,
}

impl VenuePage {
    /// Returns the instants between which the networks are exempt, in words.
    fn window(&self) -> String {
        let (from, until) = self.window;
        format!("{} to {}", self.card.at(&from), self.card.at(&until))
    }
}

/// `GET /hackathons/{slug}/venue-networks`.
pub(super) async fn form(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    render(&context, &hackathon, Form::default()).await
}

async fn render(context: &Context, hackathon: &HackathonView, form: Form) -> PageResult {
    let networks = hackathon.venue_networks();
    show(&VenuePage {
        card: HackathonCard::of(hackathon, context.now()),
        is_approved: networks.iter().all(|it| hackathon.is_exempt(it)),
        ends_early: hackathon.approval_ends_early(),
        window: hackathon.exempt_window(),
        networks,
        form,
    })
}

/// The field of the form, with one network a line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VenueFields {
    networks: String,
    /// The revision of the hackathon that an admin saw.
    based_on: String,
}

impl VenueFields {
    fn lines(&self) -> Vec<String> {
        self.networks.lines().map(str::to_owned).collect()
    }
}

/// `POST /hackathons/{slug}/venue-networks`.
pub(super) async fn save(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<VenueFields>,
) -> Result<Response, PageError> {
    let (actor, slug) = (viewer.actor(), &hackathon.slug);
    match set_venue_networks(&context, actor, slug, &fields.lines()).await {
        Ok(_) => {
            let back = format!("{}/venue-networks", hackathon.address());
            Ok(redirect(&back, "The networks are saved"))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, form);
            form.refused(error, again).await
        }
    }
}

#[derive(Template)]
#[template(path = "approve_venue_networks.html")]
struct ApprovalPage {
    card: HackathonCard,
    /// The networks of the hackathon, and whether each is approved.
    networks: Vec<(String, bool)>,
    revision: i64,
    /// The networks of all hackathons that are exempt now.
    in_effect: Vec<ExemptNetwork>,
    form: Form,
}

impl ApprovalPage {
    fn stated(&self) -> String {
        let networks = self.networks.iter().map(|(network, _)| network.as_str());
        networks.collect::<Vec<_>>().join("\n")
    }

    fn is_approved(&self) -> bool {
        self.networks.iter().all(|(_, is_approved)| *is_approved)
    }
}

/// `GET /admin/hackathons/{slug}/venue-networks`.
pub(super) async fn approval(
    State(context): State<Context>,
    _: Admin,
    Address(slug): Address<String>,
) -> PageResult {
    render_approval(&context, &slug, Form::default()).await
}

async fn render_approval(context: &Context, slug: &str, form: Form) -> PageResult {
    let (db, now) = (&context.db, context.now());
    let found = reads::hackathon(db, slug).await?;
    let hackathon = found.ok_or_else(|| WebError::from(unknown_hackathon(slug)))?;
    let holds = !hackathon.approval_ends_early();
    let row = |network: String| (network.clone(), holds && hackathon.is_exempt(&network));
    show(&ApprovalPage {
        card: HackathonCard::of(&hackathon, now),
        networks: hackathon.venue_networks().into_iter().map(row).collect(),
        revision: hackathon.sequence,
        in_effect: exempt::in_effect(db, now).await?,
        form,
    })
}

/// `POST /admin/hackathons/{slug}/venue-networks`.
pub(super) async fn approve(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    Filled(fields, form): Filled<VenueFields>,
) -> Result<Response, PageError> {
    let approved = fields.lines();
    match approve_venue_networks(
        &context,
        viewer.actor(),
        &slug,
        approved.as_slice(),
        fields.based_on.parse().ok(),
    )
    .await
    {
        Ok(_) => Ok(redirect("/admin/hackathons", "The networks are approved")),
        Err(error) => {
            let again = async |form| render_approval(&context, &slug, form).await;
            form.refused(error, again).await
        }
    }
}
