//! The latest unread notifications on a person's home page. They are no work: nothing waits for an answer.

use askama::Template;
use platform::{
    Context,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
    work::KeptWork,
};
use ui::{format::Instant, html};
use uuid::Uuid;

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
    let kinds = NewsKinds(request.extensions.get().copied().unwrap_or_default());
    let row = |news: Notification| Row {
        id: news.id,
        about: kinds.find(&news.kind).map_or("", |kind| kind.title),
        title: news.title,
        created: Instant(news.created_at),
    };
    let rows: Vec<Row> = found.into_iter().take(ROWS).map(row).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let panel = UnreadPanel { rows, has_more, now: Instant(context.now()) };
    Ok(Some(PanelView { html: html(&panel)?, is_aside: true, ..PanelView::default() }))
}
