//! The slot of a cached profile for the actions of its owner.

use askama::Template;
use platform::{
    Context,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{format::segment, html};

use crate::reads;

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[Panel {
    place: PanelPlace::OwnPart,
    order: 5,
    render: |context, request| Box::pin(own_page(context, request)),
}];

#[derive(Template)]
#[template(path = "own_page.html")]
struct OwnPage {
    /// How others reach the person; absent if the page shows no way.
    reach: Option<String>,
}

/// Leads a person from their page to its settings, and says how others reach them. Others see nothing.
async fn own_page(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let own = request.person.as_ref().filter(|person| {
        let path = format!("/people/{}", segment(&person.login));
        path == request.path
    });
    let Some(person) = own else {
        return Ok(None);
    };
    let known = reads::profile(&context.db, person.id.into()).await?;
    let reach = Some(known.profile.as_seen().contact).filter(|contact| !contact.is_empty());
    Ok(Some(PanelView { html: html(&OwnPage { reach })?, ..PanelView::default() }))
}
