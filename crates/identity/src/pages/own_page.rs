//! The slot of a cached profile for the actions of its owner.

use askama::Template;
use platform::{
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{format::segment, html};

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[Panel {
    place: PanelPlace::OwnPart,
    order: 5,
    render: |_, request| Box::pin(async move { own_page(request) }),
}];

#[derive(Template)]
#[template(path = "own_page.html")]
struct OwnPage;

/// Leads a person from their page to its settings. Others see nothing.
fn own_page(request: &PanelRequest) -> Result<Option<PanelView>, WebError> {
    let own = request.person.as_ref().map(|person| format!("/people/{}", segment(&person.login)));
    if own.is_none_or(|own| own != request.path) {
        return Ok(None);
    }
    Ok(Some(PanelView { html: html(&OwnPage)?, ..PanelView::default() }))
}
