//! Databases in Notion, version 2022-06-28 of its API: the connection that a person types, Notion's answers, and the properties of a page.

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use github::rules::payload::{self, Unexpected};
use kernel::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    board_exports::{Card, Connection, ConnectionInput, ShownTask, not_an_id, secret},
    invalid,
    tasks::TASK_TITLE,
};
use crate::model::TaskState;

/// The maximum number of characters of a text that Notion takes in one piece.
const LONGEST_TEXT: usize = 2_000;
/// The maximum number of characters of a message of Notion that is shown.
const LONGEST_MESSAGE: usize = 300;

// Titles are sent in one piece. A character can count twice there.
const _: () = assert!(TASK_TITLE * 2 <= LONGEST_TEXT);

/// The properties that hold a task besides its title, with their types.
const PROPERTIES: [(&str, &str); 4] =
    [("Status", "select"), ("Assignee", "rich_text"), ("Due", "date"), ("Task", "url")];

/// Returns the connection that an input describes. Its credentials are the token.
///
/// # Errors
/// When a field is missing or not valid. The problem names the field.
pub fn connection(input: &ConnectionInput) -> Result<Connection, Problem> {
    if !input.key.trim().is_empty() {
        let detail = "Leave out the key. A connection with Notion only has a token.";
        return Err(invalid("key", detail.to_owned()));
    }
    Ok(Connection {
        credentials: secret("token", "token", "Notion", &input.token)?.to_owned(),
        board: database(&input.board)?,
    })
}

/// Reads the ID of a database with or without dashes, or takes it from the end of the path of its address, such as
/// `https://www.notion.so/harbor/Tasks-0123456789abcdef0123456789abcdef?v=1`. Returns it with dashes.
fn database(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    let path = typed.strip_prefix("https://").and_then(|rest| {
        let (host, path) = rest.split_once('/')?;
        let mut own = ["notion.so", "notion.com", "notion.site"].iter();
        own.any(|own| host.strip_suffix(own).is_some_and(is_subdomain)).then_some(path)
    });
    let id = match path {
        Some(path) => {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let last = path.rsplit('/').next().unwrap_or_default();
            let start = last.len().saturating_sub(32);
            last.get(start..).unwrap_or_default()
        }
        None => typed,
    };
    match Uuid::try_parse(id) {
        Ok(read) if matches!(id.len(), 32 | 36) => Ok(read.to_string()),
        _ => {
            let detail = "Enter the ID of a database, or its address, such as \
                          https://www.notion.so/harbor/Tasks-0123456789abcdef0123456789abcdef.";
            Err(invalid("board", detail.to_owned()))
        }
    }
}

fn is_subdomain(start: &str) -> bool {
    start.is_empty() || start.ends_with('.')
}

/// The properties of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The name of the title property.
    pub title: String,
    /// The properties that it lacks, as Notion takes them; `None` if it has all.
    pub missing: Option<Value>,
    /// The first property that has another type, with this type and the one that it must have.
    pub other: Option<(&'static str, String, &'static str)>,
}

/// Reads the properties of a database.
///
/// # Errors
/// When a field has an unexpected type, or there is no title.
pub fn read_database(body: &[u8]) -> Result<Layout, Unexpected> {
    #[derive(Deserialize)]
    struct Property {
        r#type: String,
    }
    #[derive(Deserialize)]
    struct Database {
        properties: BTreeMap<String, Property>,
    }
    let Database { properties } = payload::read(body)?;
    let mut all = properties.iter();
    let title = all.find(|(_, property)| property.r#type == "title");
    let (title, _) = title.ok_or_else(|| Unexpected {
        field: "properties".to_owned(),
        reason: "no title".to_owned(),
    })?;
    let (mut missing, mut other) = (BTreeMap::new(), None);
    for (name, wanted) in PROPERTIES {
        match properties.get(name) {
            None => {
                missing.insert(name, json!({ wanted: settings(wanted) }));
            }
            Some(found) if found.r#type != wanted => {
                other.get_or_insert((name, found.r#type.clone(), wanted));
            }
            Some(_) => {}
        }
    }
    Ok(Layout {
        title: title.clone(),
        missing: (!missing.is_empty()).then(|| json!({ "properties": missing })),
        other,
    })
}

/// Returns the settings of a new property. Notion adds an option that a select lacks when a page gets it.
fn settings(kind: &str) -> Value {
    let states = TaskState::ALL.iter();
    match kind {
        "select" => {
            let options = states.map(|state| json!({ "name": state.heading() }));
            json!({ "options": options.collect::<Vec<_>>() })
        }
        _ => json!({}),
    }
}

/// A part of the pages of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardBatch {
    /// The pages.
    pub cards: Vec<Card>,
    /// The start of the next part; `None` for the last.
    pub next: Option<String>,
}

/// Reads a part of the pages of a database, whose title property has a name.
///
/// # Errors
/// When a field has an unexpected type, or an ID is not valid.
pub fn read_pages(body: &[u8], title: &str) -> Result<CardBatch, Unexpected> {
    #[derive(Deserialize)]
    struct Page {
        id: String,
        #[serde(default)]
        archived: bool,
        properties: Value,
    }
    #[derive(Deserialize)]
    struct Pages {
        results: Vec<Page>,
        has_more: bool,
        next_cursor: Option<String>,
    }
    let pages: Pages = payload::read(body)?;
    let card = |page: Page| {
        let of = |name: &str, kind: &str| &page.properties[name][kind];
        let (link, due) = (of("Task", "url").as_str(), of("Due", "date"));
        let due = due["start"].as_str().map(|start| match due["end"].as_str() {
            Some(end) => format!("{start}/{end}"),
            None => start.to_owned(),
        });
        let assignee = Some(text(of("Assignee", "rich_text"))).filter(|it| !it.is_empty());
        let properties = Properties {
            title: &text(of(title, "title")),
            assignee: assignee.as_deref(),
            due: due.as_deref(),
            status: of("Status", "select")["name"].as_str(),
            link,
        };
        Ok(Card {
            text: link.unwrap_or_default().to_owned(),
            fields: properties.of_page(title),
            id: checked(&page.id)?,
            is_archived: false,
        })
    };
    // An archived page cannot be changed, so that its task gets another one.
    let results = pages.results.into_iter().filter(|page| !page.archived);
    Ok(CardBatch {
        cards: results.map(card).collect::<Result<_, Unexpected>>()?,
        next: pages.next_cursor.filter(|_| pages.has_more),
    })
}

/// Joins the pieces of a text.
fn text(pieces: &Value) -> String {
    let pieces = pieces.as_array().into_iter().flatten();
    pieces.filter_map(|piece| piece["plain_text"].as_str()).collect()
}

/// Reads the ID of a page that was created.
///
/// # Errors
/// As [`read_pages`].
pub fn read_created(body: &[u8]) -> Result<String, Unexpected> {
    #[derive(Deserialize)]
    struct Created {
        id: String,
    }
    let created: Created = payload::read(body)?;
    checked(&created.id)
}

/// Refuses an ID that could change the path of a request. Returns it with dashes.
fn checked(id: &str) -> Result<String, Unexpected> {
    let id = Uuid::try_parse(id).map_err(|_| not_an_id())?;
    Ok(id.to_string())
}

/// Reads the message of an error.
#[must_use]
pub fn read_message(body: &str) -> String {
    #[derive(Deserialize)]
    struct Error {
        message: String,
    }
    let none = || "it gave no reason".to_owned();
    let message = serde_json::from_str(body).map_or_else(|_| none(), |error: Error| error.message);
    let shown = message.chars().filter(|character| !character.is_control());
    shown.take(LONGEST_MESSAGE).collect()
}

/// Returns the properties of the page of a task.
#[must_use]
pub fn fields(shown: &ShownTask<'_>, title: &str) -> Value {
    let properties = Properties {
        title: shown.title,
        assignee: shown.assignee,
        due: shown.due_on,
        status: Some(shown.state.heading()),
        link: Some(&shown.link),
    };
    properties.of_page(title)
}

/// The values of the properties of a page.
struct Properties<'a> {
    title: &'a str,
    assignee: Option<&'a str>,
    due: Option<&'a str>,
    status: Option<&'a str>,
    link: Option<&'a str>,
}

impl Properties<'_> {
    /// Returns the properties as Notion takes them. `title` is the name of the title property.
    fn of_page(&self, title: &str) -> Value {
        let piece = |text: &str| json!({ "text": { "content": text } });
        let assignee: Vec<Value> = self.assignee.map(piece).into_iter().collect();
        json!({
            "Status": { "select": self.status.map(|name| json!({ "name": name })) },
            "Assignee": { "rich_text": assignee },
            "Due": { "date": self.due.map(|day| json!({ "start": day })) },
            "Task": { "url": self.link },
            title: { "title": [piece(self.title)] },
        })
    }
}
