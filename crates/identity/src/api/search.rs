use axum::{Extension, Json, extract::State, http::Extensions};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    module::{Hit, Modules},
    web::{All, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::reads::found::{LONGEST, SHORTEST, kind_named, search as find, searched};

/// The search.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// The text that names contain, of 2 to 100 characters.
    #[param(required = true, min_length = 2, max_length = 100, example = "lantern")]
    q: String,
    /// The kind of things, such as `people` or `projects`. All kinds by default.
    #[param(required = false, example = "projects")]
    kind: String,
}

/// A thing that a search found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "projects", "title": "Lantern", "address": "/projects/lantern",
    "line": "A storage engine.", "is_similar": false
}))]
pub(super) struct SearchHit {
    /// The kind: `people`, `projects`, `seasons`, `hackathons`, `submissions`, `pull-requests`, `issues`, `repositories` or
    /// `guides`.
    kind: &'static str,
    /// The name.
    title: String,
    /// The path of the page.
    address: String,
    /// A line about it. May be empty.
    line: String,
    /// True if the name does not contain the text, and is only similar.
    is_similar: bool,
}

impl SearchHit {
    fn of(kind: &'static str, hit: Hit) -> Self {
        let Hit { title, address, line, is_similar, .. } = hit;
        Self { kind, title, address, line, is_similar }
    }
}

/// Finds things with pages that everyone may see, by kind, at most 50 of each, best first.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    operation_id = "list_search_results",
    tag = "Search",
    params(SearchQuery),
    responses(
        (status = 200, description = "What was found, by kind", body = All<SearchHit>),
        (status = 400, description = "The text or the kind is invalid")
    )
)]
pub(super) async fn search(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    Query(query): Query<SearchQuery>,
    extensions: Extensions,
) -> Result<Json<All<SearchHit>>, WebError> {
    let text = searched(&query.q);
    let length = query.q.trim().chars().count();
    if length > LONGEST || text.chars().count() < SHORTEST {
        let detail = format!("q must have {SHORTEST} to {LONGEST} characters.");
        return Err(Problem::new(ProblemKind::Malformed, "BAD_SEARCH", detail).into());
    }
    let only = match query.kind.as_str() {
        "" => None,
        code => Some(kind_named(&context, modules, code)?),
    };
    let found = find(&context, modules, &extensions, (&text, only)).await?;
    let hits = found.into_iter().flat_map(|kind| {
        let code = kind.code;
        kind.hits.into_iter().map(move |hit| SearchHit::of(code, hit))
    });
    Ok(Json(All { items: hits.collect() }))
}
