//! The API's description as pages: an index, a page for each resource, and the problem codes.

mod operation;
mod problems;
mod requests;
mod samples;
mod schema;
mod side;
mod text;

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{Extension, Router, middleware::from_fn_with_state, routing::get};
use kernel::Problem;
use platform::{
    Context,
    flags::{self, Flag, FlagKind, Start},
    module::Description,
    web::PROBLEMS_PAGE,
};
use serde::Deserialize;
use serde_json::Value;
use ui::{Address, PageResult, QueryString, SideList, format::Number, show};

use self::{
    operation::Operation,
    schema::Schema,
    side::side,
    text::{prose, text},
};

#[derive(Template)]
#[template(path = "docs_api.html")]
struct DocsIndex<'a> {
    introduction: &'a str,
    /// The tags with the operations that are listed, at least one each.
    sections: Vec<(&'a TagPage, Vec<&'a Operation>)>,
    /// The words that operations are searched for; empty for all.
    q: &'a str,
    side: SideList,
    problems: &'static str,
}

impl DocsIndex<'_> {
    /// Returns the number of operations that are listed.
    fn count(&self) -> String {
        let count: usize = self.sections.iter().map(|(_, operations)| operations.len()).sum();
        Number(i64::try_from(count).unwrap_or(i64::MAX)).of("operation", "operations")
    }
}

/// A search for operations.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OperationSearch {
    q: String,
}

/// The operations of one tag, and the schemas that they use.
#[derive(Template)]
#[template(path = "docs_api_part.html")]
struct TagPage {
    /// The names in URLs and the names of all tags.
    tags: Arc<[(String, String)]>,
    /// The tag in URLs.
    id: String,
    name: String,
    description: String,
    operations: Vec<Operation>,
    schemas: Vec<Schema>,
}

/// The flag of these pages.
pub(crate) const FLAG: &Flag = &Flag {
    name: "api_docs",
    kind: FlagKind::Feature,
    variable: "ENABLE_API_DOCS",
    start: Start::On,
    description: "The API documentation pages and the links to them.",
};

/// The pages, built once: the description never changes while the program runs.
#[derive(Clone, Default)]
struct CachedPages(Arc<OnceLock<DocsPages>>);

struct DocsPages {
    introduction: String,
    parts: Vec<TagPage>,
}

/// Returns the routes of the pages. Problem documents refer to the page of problem codes, so no flag hides it.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/docs/api", get(index))
        .route("/docs/api/{tag}", get(part))
        .layer(Extension(CachedPages::default()))
        .layer(from_fn_with_state(FLAG, flags::hide))
        .route(PROBLEMS_PAGE, get(problems::problems))
}

/// `GET /docs/api`.
async fn index(
    Extension(description): Extension<Arc<Description>>,
    Extension(pages): Extension<CachedPages>,
    QueryString(search): QueryString<OperationSearch>,
) -> PageResult {
    let pages = pages.of(&description);
    let q = search.q.trim();
    let sections = pages.parts.iter().map(|part| (part, part.matching(q)));
    show(&DocsIndex {
        introduction: &pages.introduction,
        sections: sections.filter(|(_, operations)| !operations.is_empty()).collect(),
        q,
        side: side(pages.parts.first().map_or(&[][..], |part| &part.tags), "", &[]),
        problems: PROBLEMS_PAGE,
    })
}

/// `GET /docs/api/{tag}`.
async fn part(
    Extension(description): Extension<Arc<Description>>,
    Extension(pages): Extension<CachedPages>,
    Address(tag): Address<String>,
) -> PageResult {
    let mut parts = pages.of(&description).parts.iter();
    let unknown = || Problem::not_found("The API has no such section. Choose one at /docs/api.");
    show(parts.find(|part| part.id == tag).ok_or_else(unknown)?)
}

impl CachedPages {
    fn of(&self, description: &Description) -> &DocsPages {
        self.0.get_or_init(|| DocsPages::of(description.value()))
    }
}

impl DocsPages {
    fn of(document: &Value) -> Self {
        let tags = || document["tags"].as_array().into_iter().flatten();
        let names = tags().map(|tag| text(&tag["name"]));
        let all: Arc<[_]> = names.map(|name| (id(&name), name)).collect();
        Self {
            introduction: prose(&document["info"]["description"]),
            parts: tags().map(|tag| TagPage::of(tag, document, Arc::clone(&all))).collect(),
        }
    }
}

/// Returns the name of a tag in URLs.
fn id(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

impl TagPage {
    /// Returns the operations that a search finds.
    fn matching(&self, search: &str) -> Vec<&Operation> {
        self.operations.iter().filter(|operation| operation.matches(search)).collect()
    }

    /// Returns the side list of the API's pages.
    fn side(&self) -> SideList {
        side(&self.tags, &self.id, &self.operations)
    }

    fn of(tag: &Value, document: &Value, tags: Arc<[(String, String)]>) -> Self {
        let name = text(&tag["name"]);
        let own = operation::of_tag(document, &name);
        Self {
            id: id(&name),
            tags,
            description: prose(&tag["description"]),
            schemas: schema::used(own.iter().map(|(.., operation)| *operation), document),
            operations: own
                .iter()
                .map(|(method, path, operation)| Operation::of(method, path, operation, document))
                .collect(),
            name,
        }
    }
}
