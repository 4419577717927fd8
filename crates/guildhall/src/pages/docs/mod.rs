//! The API's description as a page.

mod operation;
mod schema;
mod text;

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{Extension, Router, middleware::from_fn_with_state, routing::get};
use platform::{
    Context,
    flags::{self, Flag, FlagKind},
};
use serde_json::Value;
use ui::{PageResult, show};

use self::{
    operation::Operation,
    schema::Schema,
    text::{prose, text},
};
use crate::api::document::Description;

#[derive(Template)]
#[template(path = "docs_api.html")]
struct ApiPage {
    introduction: String,
    parts: Vec<Part>,
    schemas: Vec<Schema>,
}

/// Operations of one tag.
struct Part {
    id: String,
    name: String,
    description: String,
    operations: Vec<Operation>,
}

/// The flag of this page.
pub(crate) const FLAG: &Flag = &Flag {
    name: "api_docs",
    kind: FlagKind::Feature,
    variable: "ENABLE_API_DOCS",
    description: "The API documentation page and the links to it.",
};

/// The page, built once: the description never changes while the program runs.
type CachedPage = Arc<OnceLock<ApiPage>>;

/// Returns the route of the page.
pub(super) fn routes() -> Router<Context> {
    let page = get(api).layer(Extension(CachedPage::default()));
    let route = Router::new().route("/docs/api", page);
    route.layer(from_fn_with_state(FLAG, flags::hide))
}

/// `GET /docs/api`.
async fn api(
    Extension(description): Extension<Arc<Description>>,
    Extension(page): Extension<CachedPage>,
) -> PageResult {
    show(page.get_or_init(|| ApiPage::of(description.value())))
}

impl ApiPage {
    fn of(document: &Value) -> Self {
        let operations = operation::all(document);
        let tags = document["tags"].as_array().into_iter().flatten();
        Self {
            introduction: prose(&document["info"]["description"]),
            parts: tags.map(|tag| Part::of(tag, &operations)).collect(),
            schemas: schema::all(document),
        }
    }
}

impl Part {
    fn of(tag: &Value, operations: &[(String, Operation)]) -> Self {
        let name = text(&tag["name"]);
        let own = operations.iter().filter(|(tag, _)| *tag == name);
        Self {
            id: name.to_lowercase().replace(' ', "-"),
            description: prose(&tag["description"]),
            operations: own.map(|(_, operation)| operation.clone()).collect(),
            name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_and_schema_is_on_the_page() {
        let description = Description::of(crate::MODULES);
        let document = description.value();
        let page = ApiPage::of(document);
        let shown: usize = page.parts.iter().map(|part| part.operations.len()).sum();
        let paths = document["paths"].as_object().expect("paths").values();
        let described = paths.map(|methods| methods.as_object().map_or(0, serde_json::Map::len));
        assert_eq!(shown, described.sum::<usize>());
        for part in &page.parts {
            assert!(!part.operations.is_empty(), "{}", part.name);
        }
        let html = page.render().expect("a page");
        for name in document["components"]["schemas"]
            .as_object()
            .expect("schemas")
            .keys()
        {
            assert!(html.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        assert!(html.contains("curl &#34;$GUILDHALL") || html.contains("curl &quot;$GUILDHALL"));
    }
}
