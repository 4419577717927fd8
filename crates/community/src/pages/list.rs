use askama::Template;
use axum::extract::State;
use identity::access::Admin;
use platform::Context;
use ui::{PageResult, format::Instant, show};

use super::authors;
use crate::{model::TextName, reads};

#[derive(Template)]
#[template(path = "admin_texts.html")]
struct TextsPage {
    rows: Vec<Row>,
    now: Instant,
}

/// A text in the list.
struct Row {
    name: TextName,
    saved: Option<Saved>,
}

/// The newest version of a text.
struct Saved {
    version: i64,
    at: Instant,
    by: Option<String>,
}

/// `GET /admin/texts`.
pub(super) async fn page(State(context): State<Context>, _: Admin) -> PageResult {
    let newest = reads::newest(&context.db).await?;
    let by = authors(&context, newest.iter().map(|saved| saved.author_id)).await?;
    let mut rows = TextName::ALL.map(|name| Row { name, saved: None });
    for (saved, by) in newest.iter().zip(by) {
        let saved_row = rows.iter_mut().find(|row| row.name == saved.name);
        if let Some(row) = saved_row {
            let at = Instant(saved.created_at);
            row.saved = Some(Saved { version: saved.version, at, by });
        }
    }
    show(&TextsPage { rows: rows.into(), now: Instant(context.now()) })
}
