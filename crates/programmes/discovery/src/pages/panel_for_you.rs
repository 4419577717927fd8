//! The part of the home page about issues that fit the person.

use std::fmt;

use askama::Template;
use identity::model::UserId;
use platform::{
    Context,
    kept::Kept,
    module::{PanelRequest, PanelView},
    web::WebError,
};
use ui::html;
use uuid::Uuid;

use super::for_you::FittingCard;
use crate::{
    access::matches::proposed,
    reads::{self, OfferStamp},
    search::{Pool, PoolFilter},
};

/// The number of issues.
const SHOWN: usize = 3;

/// The offers of people, kept for a minute while nothing of them changes, as a request extension.
#[derive(Clone, Default)]
pub(crate) struct KeptOffers(Kept<(Uuid, OfferStamp), Option<String>>);

impl fmt::Debug for KeptOffers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptOffers")
    }
}

#[derive(Template)]
#[template(path = "panel_for_you.html")]
struct ForYouPanel {
    cards: Vec<FittingCard>,
    /// True if nothing is known of the person, who is asked instead.
    is_unknown: bool,
}

/// Renders the three issues that fit a person; nothing before a repository is followed.
pub(super) async fn render(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let found = &request.extensions;
    let (Some(person), Some(pool)) = (&request.person, found.get::<Pool>()) else {
        return Ok(None);
    };
    let id = UserId::from(person.id);
    let stamp = reads::offer_stamp(&context.db, id).await?;
    let kept = found.get::<KeptOffers>().cloned().unwrap_or_default();
    let read = read(context, pool, id);
    let panel = kept.0.answer((person.id, stamp), |_| true, read).await?;
    let view = |html: &String| PanelView { html: html.clone(), ..PanelView::default() };
    Ok(Option::as_ref(&panel).map(view))
}

async fn read(context: &Context, pool: &Pool, id: UserId) -> Result<Option<String>, WebError> {
    if pool.is_empty().await? {
        return Ok(None);
    }
    let profiled = reads::profiled(&context.db, id).await?;
    let is_unknown = profiled.stated.is_none() && profiled.person.merged == 0;
    let mut cards = Vec::new();
    if !is_unknown {
        let usual = PoolFilter::default();
        let found = proposed(context, pool, id, &profiled.person, usual, SHOWN).await?;
        // The panel shows no descriptions.
        cards.extend(found.iter().map(|own| FittingCard::of(own, "")));
    }
    if cards.is_empty() && !is_unknown {
        return Ok(None);
    }
    Ok(Some(html(&ForYouPanel { cards, is_unknown })?))
}
