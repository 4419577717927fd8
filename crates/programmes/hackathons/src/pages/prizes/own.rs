//! The prizes that the submission of the viewer won.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, format::Instant, redirect, show};
use uuid::Uuid;

use crate::{
    access::{Insider, unknown_award},
    actions::{claim_prize, opened},
    model::PrizeState,
    pages::HackathonCard,
    reads::{self, PrizeAwardView},
    rules::{prizes::CLAIM, retention::is_removed},
};

/// A prize with what the viewer can do.
struct OwnRow {
    award: PrizeAwardView,
    state: PrizeState,
    /// True if the viewer can claim it, or change their claim.
    can_claim: bool,
    /// The text of the form: the claim that was refused, or the stored one.
    claim: String,
}

#[derive(Template)]
#[template(path = "own_prizes.html")]
struct OwnPage {
    card: HackathonCard,
    rows: Vec<OwnRow>,
    form: Form,
    /// The award whose form was refused.
    refused: Option<Uuid>,
    now: Instant,
}

impl OwnPage {
    fn is_refused(&self, row: &OwnRow) -> bool {
        self.refused == Some(row.award.id)
    }

    /// Returns the ID of the field of a prize. The field that was refused has its own name, to which the message links.
    fn field(&self, row: &OwnRow) -> String {
        if self.is_refused(row) { "claim".to_owned() } else { format!("claim-{}", row.award.id) }
    }
}

/// `GET /hackathons/{slug}/own-prizes`.
pub(super) async fn list(State(context): State<Context>, insider: Insider) -> PageResult {
    render(&context, &insider, None, Form::default()).await
}

async fn render(
    context: &Context,
    insider: &Insider,
    refused: Option<Uuid>,
    form: Form,
) -> PageResult {
    let (hackathon, person) = (&insider.hackathon, insider.viewer.user_id);
    let found = reads::prizes_of(&context.db, hackathon.key(), person).await?;
    let is_over = is_removed(&hackathon.steps(), context.now());
    let row = |award: PrizeAwardView| {
        let is_own = award.claimant() == Some(person);
        let sealed = award.claim_secret.as_ref().filter(|_| is_own);
        let claim = if refused == Some(award.id) {
            form.value("claim").to_owned()
        } else {
            opened(context, sealed)?.unwrap_or_default()
        };
        let is_free = is_own || award.claim_secret.is_none();
        Ok(OwnRow {
            state: award.state,
            can_claim: award.state.waits() && is_free && award.counts() && !is_over,
            claim,
            award,
        })
    };
    let rows = found.into_iter().map(row);
    let rows: Result<Vec<OwnRow>, ActionError> = rows.collect();
    show(&OwnPage {
        card: HackathonCard::of(hackathon, context.now()),
        rows: rows.map_err(WebError::from)?,
        refused,
        form,
        now: Instant(context.now()),
    })
}

/// The field of the form that claims a prize.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClaimFields {
    claim: String,
}

/// `POST /hackathons/{slug}/own-prizes/{id}`: claims a prize.
pub(super) async fn claim(
    State(context): State<Context>,
    insider: Insider,
    Address((_, id)): Address<(String, Uuid)>,
    Filled(fields, form): Filled<ClaimFields>,
) -> Result<Response, PageError> {
    let (hackathon, person) = (&insider.hackathon, insider.viewer.user_id);
    let own = reads::prizes_of(&context.db, hackathon.key(), person).await?;
    if !own.iter().any(|award| award.id == id) {
        return Err(WebError::from(unknown_award()).into());
    }
    match claim_prize(&context, person, hackathon.slug.as_str(), id.into(), &fields.claim).await {
        Ok(award) => {
            let back = format!("{}/own-prizes", hackathon.address());
            Ok(redirect(&back, &format!("You claimed {}", award.name)))
        }
        Err(error) => {
            let again = |form| render(&context, &insider, Some(id), form);
            form.refused(error, again).await
        }
    }
}
