//! The part of the home page about issues that fit the person.

use askama::Template;
use platform::{
    Context,
    module::{PanelRequest, PanelView},
    web::WebError,
};
use ui::html;

use super::for_you::{FittingCard, cards};
use crate::{
    access::matches::{Asked, matches},
    reads,
    search::{Catalog, Pool},
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
    let catalog = request.extensions.get::<Catalog>();
    let pool = request.extensions.get::<Pool>();
    let (Some(person), Some(catalog), Some(pool)) = (&request.person, catalog, pool) else {
        return Ok(None);
    };
    if pool.is_empty().await? {
        return Ok(None);
    }
    let id = person.id.into();
    let profiled = reads::profiled(&context.db, id).await?;
    let asked = Asked {
        limit: SHOWN,
        ..Asked::default()
    };
    let of = (id, &profiled.person);
    let found = matches(context, (catalog, pool), of, &asked).await?;
    if found.items.is_empty() {
        return Ok(None);
    }
    let panel = ForYouPanel {
        cards: cards(context, &found.items).await?,
    };
    Ok(Some(PanelView {
        html: html(&panel)?,
        ..PanelView::default()
    }))
}
