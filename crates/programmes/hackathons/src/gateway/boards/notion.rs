//! Notion, by its REST API (developers.notion.com/reference). Integrations may send about three requests a second; an export that
//! reaches the limit continues when Notion permits.

use reqwest::{Method, StatusCode, header::HeaderName};
use serde_json::{Value, json};

use super::{BoardAnswer, BoardError, OpenBoard, link::Link};
use crate::rules::{
    board_exports::{Card, ShownTask},
    notion::{fields, read_created, read_database, read_message, read_pages},
};

const VERSION: &str = "2022-06-28";
/// The number of pages of a part, and the most parts that are read.
const PART: usize = 100;
const MOST_PARTS: usize = 100;

/// A database in Notion with a property for each field of a task.
#[derive(Debug)]
pub(super) struct NotionBoard<'a> {
    link: Link<'a>,
    database: &'a str,
    /// The name of the title property.
    title: String,
}

impl<'a> NotionBoard<'a> {
    /// Opens a database. Properties that it lacks are created.
    pub(super) async fn open(
        link: Link<'a>,
        token: &str,
        database: &'a str,
    ) -> Result<Self, BoardError> {
        let link = link
            .with(HeaderName::from_static("notion-version"), VERSION)
            .authorized(&format!("Bearer {token}"), refusal)?;
        let path = format!("/v1/databases/{database}");
        let found = link.send(Method::GET, &path, None).await?;
        let layout = link.read(read_database(&found))?;
        if let Some((name, is, wanted)) = layout.other {
            return Err(BoardError::Refused(format!(
                "The property {name} of the database in Notion has the type {is}. Rename it, or change its type to {wanted}, and \
                 export again."
            )));
        }
        if let Some(missing) = &layout.missing {
            link.send(Method::PATCH, &path, Some(missing)).await?;
        }
        Ok(Self { link, database, title: layout.title })
    }

    async fn change(&self, page: &str, body: &Value) -> Result<(), BoardError> {
        let path = format!("/v1/pages/{page}");
        self.link.change(Method::PATCH, &path, body).await
    }
}

impl OpenBoard for NotionBoard<'_> {
    fn fields(&self, shown: &ShownTask<'_>) -> Value {
        fields(shown, &self.title)
    }

    fn cards(&self) -> BoardAnswer<'_, Vec<Card>> {
        Box::pin(async move {
            let path = format!("/v1/databases/{}/query", self.database);
            let (mut cards, mut body) = (Vec::new(), json!({ "page_size": PART }));
            for _ in 0..MOST_PARTS {
                let answer = self.link.send(Method::POST, &path, Some(&body)).await?;
                let part = self.link.read(read_pages(&answer, &self.title))?;
                cards.extend(part.cards);
                let Some(next) = part.next else {
                    return Ok(cards);
                };
                body["start_cursor"] = next.into();
            }
            let most = PART * MOST_PARTS;
            Err(BoardError::Refused(format!(
                "The database in Notion has more than {most} pages. Connect again with a database for your team."
            )))
        })
    }

    fn create<'a>(&'a self, fields: &'a Value) -> BoardAnswer<'a, String> {
        Box::pin(async move {
            let body = json!({ "parent": { "database_id": self.database }, "properties": fields });
            let created = self.link.send(Method::POST, "/v1/pages", Some(&body));
            self.link.read(read_created(&created.await?))
        })
    }

    fn update<'a>(&'a self, card: &'a str, fields: &'a Value) -> BoardAnswer<'a, ()> {
        Box::pin(async move { self.change(card, &json!({ "properties": fields })).await })
    }

    fn archive<'a>(&'a self, card: &'a str) -> BoardAnswer<'a, ()> {
        Box::pin(async move { self.change(card, &json!({ "archived": true })).await })
    }
}

fn refusal(status: StatusCode, body: &str) -> Option<String> {
    let said = match status {
        StatusCode::UNAUTHORIZED => {
            "Notion rejected the token. Connect again with the token of an integration."
        }
        StatusCode::FORBIDDEN => {
            "Notion does not let the integration change the database. Give it the capabilities to read, insert and update content."
        }
        StatusCode::NOT_FOUND => {
            "Notion knows no such database, or it is not shared with the integration. Add the integration under Connections in the \
             menu of the database, and export again."
        }
        StatusCode::BAD_REQUEST => {
            let message = read_message(body);
            return Some(format!("Notion refused the export: {message}"));
        }
        _ => return None,
    };
    Some(said.to_owned())
}
