//! Search for people, projects and pull requests. Each module shows its own results.

use std::collections::HashMap;

use askama::Template;
use axum::{Extension, extract::State};
use platform::{
    Context,
    module::{Modules, PanelPlace, PanelRequest, PanelView},
};
use ui::{PageResult, QueryString, format::tame, show};

/// The minimum number of characters of a search.
const SHORTEST: usize = 2;
/// The maximum number of characters of a search.
const LONGEST: usize = 100;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    text: String,
    is_too_short: bool,
    panels: Vec<PanelView>,
}

/// `GET /search`.
pub(super) async fn search(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    QueryString(mut query): QueryString<HashMap<String, String>>,
) -> PageResult {
    let text = tame(query.get("q").map_or("", String::as_str).trim());
    let text: String = text.chars().take(LONGEST).collect();
    let is_too_short = text.chars().count() < SHORTEST;
    let mut panels = Vec::new();
    if !is_too_short {
        query.insert("q".to_owned(), text.clone());
        let request = PanelRequest { query, ..PanelRequest::default() };
        panels = modules.panels(&context, PanelPlace::Search, &request).await?;
    }
    show(&SearchPage { is_too_short: is_too_short && !text.is_empty(), text, panels })
}
