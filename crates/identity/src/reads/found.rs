//! Searches through the kinds of things of all modules, for the page and the API.

use axum::http::Extensions;
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    module::{Hit, Modules, SearchRequest},
    web::WebError,
};
use ui::format::tame;

/// The minimum number of characters of a search.
pub(crate) const SHORTEST: usize = 2;
/// The maximum number of characters of a search.
pub(crate) const LONGEST: usize = 100;
/// The maximum number of hits of a kind. More are counted as "50+".
pub(crate) const MOST: usize = 50;

/// The hits of a kind.
pub(crate) struct Found {
    pub(crate) code: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hits: Vec<Hit>,
    /// True if there are more than the hits.
    pub(crate) has_more: bool,
}

impl Found {
    /// Returns the number of hits, such as "7" or "50+".
    pub(crate) fn count(&self) -> String {
        let more = if self.has_more { "+" } else { "" };
        format!("{}{more}", self.hits.len())
    }
}

/// Returns the text of a search without what does not count.
pub(crate) fn searched(text: &str) -> String {
    tame(text.trim()).chars().take(LONGEST).collect()
}

/// Searches through all kinds that everyone sees, in order, or one. Kinds without hits are absent.
///
/// # Errors
/// When a module cannot search.
pub(crate) async fn search(
    context: &Context,
    modules: Modules,
    extensions: &Extensions,
    (text, only): (&str, Option<&str>),
) -> Result<Vec<Found>, WebError> {
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let request = SearchRequest { text: text.to_owned(), limit, extensions: extensions.clone() };
    let mut all = Vec::new();
    for kind in modules.search(context) {
        if only.is_some_and(|only| only != kind.code) {
            continue;
        }
        let mut hits = (kind.find)(context, &request).await?;
        let has_more = hits.len() > MOST;
        hits.truncate(MOST);
        if !hits.is_empty() {
            all.push(Found { code: kind.code, label: kind.label, hits, has_more });
        }
    }
    Ok(all)
}

/// Returns the kind with a code.
///
/// # Errors
/// When no kind that everyone sees has the code.
pub(crate) fn kind_named(
    context: &Context,
    modules: Modules,
    code: &str,
) -> Result<&'static str, Problem> {
    let kinds = modules.search(context);
    if let Some(kind) = kinds.iter().find(|kind| kind.code == code) {
        return Ok(kind.code);
    }
    let codes: Vec<&str> = kinds.iter().map(|kind| kind.code).collect();
    let detail = format!("The kind must be one of {}.", codes.join(", "));
    Err(Problem::new(ProblemKind::Malformed, "BAD_KIND", detail))
}
