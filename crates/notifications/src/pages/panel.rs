//! The latest unread notifications on a person's home page. They are no work: nothing waits for an answer.

use std::collections::HashMap;

use askama::Template;
use identity::model::Viewer;
use platform::{
    Context,
    module::{Modules, Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
    work::KeptWork,
};
use ui::{format::Instant, html};
use uuid::Uuid;

use super::subjects::subjects;
use crate::{
    model::{NewsKinds, Notification},
    reads,
};

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[Panel {
    place: PanelPlace::Home,
    order: 5,
    render: |context, request| Box::pin(unread(context, request)),
}];

/// The number of notifications that the panel shows.
const ROWS: usize = 5;

/// The number that is read, because some are said by tasks.
const READ: i64 = 20;

#[derive(Template)]
#[template(path = "panel_unread.html")]
struct UnreadPanel {
    rows: Vec<Row>,
    has_more: bool,
    now: Instant,
}

struct Row {
    id: Uuid,
    title: String,
    /// The name of what it is about, if its title lacks it.
    subject: Option<String>,
    /// The name of its kind; empty for one that no longer exists.
    about: &'static str,
    created: Instant,
}

async fn unread(context: &Context, request: &PanelRequest) -> Result<Option<PanelView>, WebError> {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let mut found = reads::inbox(&context.db, person.id.into(), true, None, READ).await?;
    // A task says it already, with its deadline.
    let work = request.extensions.get::<KeptWork>();
    found.retain(|news| !work.is_some_and(|work| work.says(&news.kind, &news.link)));
    let has_more = found.len() > ROWS;
    found.truncate(ROWS);
    let modules: Modules = request.extensions.get().copied().unwrap_or_default();
    let named = match request.extensions.get::<Viewer>() {
        Some(viewer) => subjects(context, modules, viewer, &found).await?,
        None => HashMap::new(),
    };
    let kinds = NewsKinds(modules);
    let row = |news: Notification| Row {
        id: news.id,
        subject: named.get(&news.object_id).cloned(),
        about: kinds.find(&news.kind).map_or("", |kind| kind.title),
        title: news.title,
        created: Instant(news.created_at),
    };
    let rows: Vec<Row> = found.into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let panel = UnreadPanel { rows, has_more, now: Instant(context.now()) };
    Ok(Some(PanelView { html: html(&panel)?, is_aside: true, ..PanelView::default() }))
}
