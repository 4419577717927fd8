//! The part of the cached page of issues about what its viewer watches.

use askama::Template;
use identity::model::UserId;
use platform::{
    Context,
    module::{PanelRequest, PanelView},
    web::WebError,
};
use ui::html;

use super::tabs::SEARCH;
use crate::{
    model::WatchKind,
    reads::{self, OwnWatch},
};

/// The number of watches that are shown.
const SHOWN: i64 = 5;

#[derive(Template)]
#[template(path = "panel_followed.html")]
struct FollowedPanel {
    watches: Vec<OwnWatch>,
}

/// Renders the latest watches of the viewer; nothing on other pages.
pub(super) async fn own_part(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let Some(person) = request.person.as_ref().filter(|_| request.path == SEARCH) else {
        return Ok(None);
    };
    let person = UserId::from(person.id);
    let watches = reads::own_watches(&context.db, person, None, SHOWN).await?;
    let html = html(&FollowedPanel { watches })?;
    Ok(Some(PanelView { html, ..PanelView::default() }))
}
