//! A simulated Notion with the part of its API, version 2022-06-28, that boards of teams are exported by: a database and its pages. Faults can
//! be simulated: see [`Switches`].

mod answer;
#[cfg(test)]
mod tests;
mod values;

use std::{collections::BTreeMap, io};

use axum::{
    Json,
    http::{Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::fake_board::{BoardRequest, Fake, Service, World, serve as serve_board};

pub use crate::fake_board::Switches;

/// The token that the fake accepts.
pub const TOKEN: &str = "ntn_faketoken";
/// The ID of the database that exists from the beginning.
pub const DATABASE: &str = "4a7b0c1d-2e3f-4a5b-8c6d-7e8f90a1b2c3";
/// The name of its title property.
pub const TITLE: &str = "Name";
/// The version of the API.
pub const VERSION: &str = "2022-06-28";

/// How to use the fake, for the command line.
pub const HELP: &str = "Example:\n  guildhall fake notion\n  GUILDHALL_NOTION_API_URL=http://127.0.0.1:8094 guildhall serve\n\nThe token is ntn_faketoken, and the database 4a7b0c1d-2e3f-4a5b-8c6d-7e8f90a1b2c3. GET /_pages shows the pages. GET /_switches shows the simulated faults, and POST /_switches changes them: {\"limited\": 3} refuses the next three requests with 429.";

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page {
    pub id: String,
    pub archived: bool,
    /// The values of its properties by name, as the API states them.
    pub properties: BTreeMap<String, Value>,
}

impl Page {
    /// Returns the value of a property as text; empty if it has none.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        let value = self.properties.get(name).unwrap_or(&Value::Null);
        values::text(value)
    }
}

#[derive(Debug)]
pub struct Notion {
    /// The properties by name, as the API states them.
    properties: BTreeMap<String, Value>,
    pages: Vec<Page>,
}

impl Default for Notion {
    fn default() -> Self {
        let title = values::property(TITLE, "title", &json!({}));
        Self { properties: BTreeMap::from([(TITLE.to_owned(), title)]), pages: Vec::new() }
    }
}

impl Service for Notion {
    const CARDS: &'static str = "/_pages";
    const AUTHORIZATION: &'static str = "Bearer ntn_faketoken";

    fn introduction(at: &str) -> String {
        format!(
            "Fake Notion listening\n  GUILDHALL_NOTION_API_URL={at}\n  Token {TOKEN}, database {DATABASE}"
        )
    }

    fn cards(&self) -> Value {
        json!(self.pages)
    }

    fn changes(asked: &BoardRequest) -> bool {
        asked.method != Method::GET && !asked.uri.path().ends_with("/query")
    }

    fn error(status: StatusCode) -> Response {
        let (code, message) = match status {
            StatusCode::UNAUTHORIZED => ("unauthorized", "API token is invalid."),
            StatusCode::FORBIDDEN => {
                ("restricted_resource", "Insufficient permissions for this endpoint.")
            }
            StatusCode::NOT_FOUND => (
                "object_not_found",
                "Could not find it. Make sure the relevant pages and databases are shared with your integration.",
            ),
            StatusCode::TOO_MANY_REQUESTS => ("rate_limited", "You have been rate limited."),
            StatusCode::SERVICE_UNAVAILABLE => {
                ("service_unavailable", "Notion is unavailable. Try later.")
            }
            _ => ("internal_server_error", "Unexpected error occurred."),
        };
        failed(status, code, message)
    }

    fn answer(world: &mut World<Self>, asked: &BoardRequest) -> Response {
        answer::answer(world, asked).unwrap_or_else(Into::into)
    }
}

/// Returns an error as the API states it.
fn failed(status: StatusCode, code: &str, message: &str) -> Response {
    let body =
        json!({ "object": "error", "status": status.as_u16(), "code": code, "message": message });
    (status, Json(body)).into_response()
}

/// A running fake for tests.
pub type FakeNotion = Fake<Notion>;

impl FakeNotion {
    /// Returns the types of the properties of the database by name.
    #[must_use]
    pub fn types(&self) -> BTreeMap<String, String> {
        let kind = |value: &Value| value["type"].as_str().unwrap_or_default().to_owned();
        let of = |(name, value): (&String, &Value)| (name.clone(), kind(value));
        self.with(|notion| notion.properties.iter().map(of).collect())
    }

    /// Gives the database a property, as a person in Notion would.
    pub fn add_property(&self, name: &str, kind: &str) {
        let property = values::property(name, kind, &json!({}));
        self.with(|notion| notion.properties.insert(name.to_owned(), property));
    }

    /// Returns the pages of the database, also those that are archived.
    #[must_use]
    pub fn pages(&self) -> Vec<Page> {
        self.with(|notion| notion.pages.clone())
    }

    /// Changes the pages, as a person in Notion would.
    pub fn edit(&self, change: impl FnMut(&mut Page)) {
        self.with(|notion| notion.pages.iter_mut().for_each(change));
    }
}

/// Serves a fake with faults until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, switches: Switches) -> io::Result<()> {
    serve_board::<Notion>(listener, switches).await
}
