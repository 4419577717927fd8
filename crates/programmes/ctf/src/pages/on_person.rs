//! The part of CTF teams on the page of a person for admins.

use platform::{
    Context,
    module::{Panel, PanelNow, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::frame;

use crate::{
    FLAG,
    model::RosterRole,
    reads::{self, RosterOfPerson},
};

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[Panel {
    place: PanelPlace::AdminPerson,
    order: 40,
    render: |context, request| Box::pin(panel(context, request)),
}];

/// Shows admins which rosters a person coaches, and whether they are a student.
async fn panel(context: &Context, request: &PanelRequest) -> Result<Option<PanelView>, WebError> {
    let is_shown = frame::shows(FLAG) && frame::is_admin();
    let Some(person) = request.person.as_ref().filter(|_| is_shown) else {
        return Ok(None);
    };
    let found = reads::rosters_of_person(&context.db, person.id.into()).await?;
    let held = |own: RosterOfPerson| {
        let (says, name) = match own.role {
            Some(RosterRole::Coach) => ("Coaches", own.name),
            Some(RosterRole::Assistant) => ("Assists", own.name),
            None => ("Student", "of a CTF team".to_owned()),
        };
        PanelNow { says, name, address: "/admin/ctf".to_owned() }
    };
    let now = found.into_iter().map(held).collect();
    Ok(Some(PanelView { now, ..PanelView::default() }))
}
