//! The panel of the latest unread notifications on a person's home page.

use askama::Template;
use platform::{
    Context,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{format::Instant, html};

use crate::{model::Notification, reads};

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[Panel {
    place: PanelPlace::Home,
    order: 15,
    render: |context, request| Box::pin(unread(context, request)),
}];

/// The number of notifications that the panel shows.
const ROWS: usize = 5;

#[derive(Template)]
#[template(path = "panel_unread.html")]
struct UnreadPanel {
    rows: Vec<Row>,
    has_more: bool,
}

struct Row {
    title: String,
    link: String,
    created: Instant,
}

async fn unread(context: &Context, request: &PanelRequest) -> Result<Option<PanelView>, WebError> {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let most = ROWS as i64 + 1;
    let found = reads::inbox(&context.db, person.id.into(), true, None, most).await?;
    let has_more = found.len() > ROWS;
    let row = |news: Notification| Row {
        title: news.title,
        link: news.link,
        created: Instant(news.created_at),
    };
    let rows = found.into_iter().take(ROWS).map(row).collect();
    Ok(Some(PanelView {
        html: html(&UnreadPanel { rows, has_more })?,
        is_aside: true,
        ..PanelView::default()
    }))
}
