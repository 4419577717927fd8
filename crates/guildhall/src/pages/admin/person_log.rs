//! The latest entries of the audit log about a person, on their page for admins.

use askama::Template;
use platform::{
    Context,
    audit::Filter,
    module::{Modules, Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use recognition::Programmes;
use ui::{format::Instant, frame, html};
use uuid::Uuid;

use crate::audit::{self, ShownEntry};

/// Entries on the page.
const ROWS: i64 = 8;

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[Panel {
    place: PanelPlace::AdminPerson,
    order: 50,
    render: |context, request| Box::pin(panel(context, request)),
}];

struct Row {
    says: String,
    /// The name of who acted; absent for the person themselves.
    by: Option<String>,
    change: String,
    reason: String,
    at: Instant,
}

impl Row {
    fn of(shown: ShownEntry, person: Uuid) -> Self {
        let is_own = shown.entry.actor_id == Some(person);
        Self {
            says: shown.says,
            by: Some(shown.actor).filter(|_| !is_own),
            change: shown.change,
            reason: shown.entry.reason.unwrap_or_default(),
            at: Instant(shown.entry.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "panel_person_log.html")]
struct PersonLog {
    person: Uuid,
    rows: Vec<Row>,
    now: Instant,
}

async fn panel(context: &Context, request: &PanelRequest) -> Result<Option<PanelView>, WebError> {
    let Some(person) = request.person.as_ref().filter(|_| frame::is_admin()) else {
        return Ok(None);
    };
    let modules: Modules = request.extensions.get().copied().unwrap_or_default();
    let programmes: Programmes = request.extensions.get().copied().unwrap_or_default();
    let filter = Filter { target_id: Some(person.id), ..Filter::default() };
    let found = audit::shown(context, modules, programmes, &filter, ROWS).await?;
    let log = PersonLog {
        person: person.id,
        rows: found.into_iter().map(|shown| Row::of(shown, person.id)).collect(),
        now: Instant(context.now()),
    };
    Ok(Some(PanelView { html: html(&log)?, ..PanelView::default() }))
}
