//! The part of the home page about issues that fit the person.

use askama::Template;
use platform::{
    Context,
    module::{PanelRequest, PanelView},
    web::WebError,
};
use ui::html;

use super::for_you::FittingCard;
use crate::{
    access::matches::proposed,
    reads,
    search::{Pool, PoolFilter},
};

/// The number of issues.
const SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "panel_for_you.html")]
struct ForYouPanel {
    cards: Vec<FittingCard>,
}

/// Renders the three issues that fit a person; nothing before a repository is followed.
pub(super) async fn render(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let pool = request.extensions.get::<Pool>();
    let (Some(person), Some(pool)) = (&request.person, pool) else {
        return Ok(None);
    };
    if pool.is_empty().await? {
        return Ok(None);
    }
    let id = person.id.into();
    let profiled = reads::profiled(&context.db, id).await?;
    let found = proposed(context, pool, id, &profiled.person, PoolFilter::default(), SHOWN).await?;
    if found.is_empty() {
        return Ok(None);
    }
    // The panel shows no descriptions.
    let cards = found.iter().map(|own| FittingCard::of(own, ""));
    let panel = ForYouPanel { cards: cards.collect() };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}
