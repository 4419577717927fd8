//! The API's description as pages: an index, a page for each resource, and the problem codes.

mod operation;
mod problems;
mod schema;
mod text;

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{Extension, Router, middleware::from_fn_with_state, routing::get};
use kernel::Problem;
use platform::{
    Context,
    flags::{self, Flag, FlagKind, Start},
    web::PROBLEMS_PAGE,
};
use serde_json::Value;
use ui::{Address, PageResult, SideList, show, side::SideEntry};

use self::{
    operation::Operation,
    schema::Schema,
    text::{prose, text},
};
use crate::api::document::Description;

#[derive(Template)]
#[template(path = "docs_api.html")]
struct DocsIndex<'a> {
    introduction: &'a str,
    parts: &'a [TagPage],
    side: SideList,
    problems: &'static str,
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
) -> PageResult {
    let pages = pages.of(&description);
    show(&DocsIndex {
        introduction: &pages.introduction,
        parts: &pages.parts,
        side: side(pages.parts.first().map_or(&[][..], |part| &part.tags), ""),
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

/// Returns the side list of the API's pages, on the one of a tag.
fn side(tags: &[(String, String)], current: &str) -> SideList {
    let mut list = SideList { name: "API".to_owned(), ..SideList::default() };
    let mut add = |label: &str, address: String, is_current| {
        list.add("", SideEntry { label: label.to_owned(), address, is_current, count: 0 });
    };
    for (id, name) in tags {
        add(name, format!("/docs/api/{id}"), id == current);
    }
    add("Problem codes", PROBLEMS_PAGE.to_owned(), false);
    list
}

impl TagPage {
    /// Returns the side list of the API's pages.
    fn side(&self) -> SideList {
        side(&self.tags, &self.id)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_and_schema_is_on_a_page() {
        let description = Description::of(crate::MODULES);
        let document = description.value();
        let pages = DocsPages::of(document);
        let shown: usize = pages.parts.iter().map(|part| part.operations.len()).sum();
        let paths = document["paths"].as_object().expect("paths").values();
        let described = paths.map(|methods| methods.as_object().map_or(0, serde_json::Map::len));
        assert_eq!(shown, described.sum::<usize>());
        let mut html = String::new();
        for part in &pages.parts {
            assert!(!part.operations.is_empty(), "{}", part.name);
            html += &part.render().expect("a page");
        }
        let schemas = document["components"]["schemas"].as_object();
        for name in schemas.expect("schemas").keys() {
            let is_shown = html.contains(&format!("id=\"schema-{name}\""));
            assert!(is_shown || name == schema::PROBLEM, "{name}");
        }
        assert!(html.contains("curl &#34;$GUILDHALL") || html.contains("curl &quot;$GUILDHALL"));
    }

    #[test]
    fn links_to_schemas_lead_to_the_same_page() {
        let description = Description::of(crate::MODULES);
        let pages = DocsPages::of(description.value());
        let mut count = 0;
        for part in &pages.parts {
            let html = part.render().expect("a page");
            let links = html.split("href=\"#schema-").skip(1);
            for name in links.filter_map(|rest| rest.split('"').next()) {
                let is_there = html.contains(&format!("id=\"schema-{name}\""));
                assert!(is_there, "{}: {name}", part.name);
                count += 1;
            }
        }
        assert!(count > 20, "{count}");
    }
}
