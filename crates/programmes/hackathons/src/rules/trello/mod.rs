//! Boards on Trello: the connection that a person types, Trello's answers, and the fields of a card.

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use github::rules::payload::{self, Unexpected};
use kernel::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    board_exports::{Card, Connection, ConnectionInput, ShownTask, not_an_id, secret},
    invalid,
};
use crate::model::TaskState;

/// The longest ID that Trello may state.
const LONGEST_ID: usize = 64;

/// The IDs of the lists of a board by state.
pub type BoardLists = BTreeMap<TaskState, String>;

/// Returns the connection that an input describes. Its credentials are the API key and the token, joined by a line break.
///
/// # Errors
/// When a field is missing or not valid. The problem names the field.
pub fn connection(input: &ConnectionInput) -> Result<Connection, Problem> {
    let key = secret("key", "API key", "Trello", &input.key)?;
    let token = secret("token", "token", "Trello", &input.token)?;
    Ok(Connection { credentials: format!("{key}\n{token}"), board: board(&input.board)? })
}

/// Reads the ID of a board, or takes it from its address, such as `https://trello.com/b/nC8QJJoZ/harbor`.
fn board(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    let id = match typed.split_once("trello.com/b/") {
        Some(("https://" | "https://www.", rest)) => {
            rest.split(['/', '?', '#']).next().unwrap_or_default()
        }
        _ => typed,
    };
    if is_id(id) && id.len() >= 8 {
        Ok(id.to_owned())
    } else {
        let detail = "Enter the ID of a board, or its address, such as https://trello.com/b/nC8QJJoZ/harbor.";
        Err(invalid("board", detail.to_owned()))
    }
}

fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct List {
    pub id: String,
    pub name: String,
}

/// Reads the lists of a board.
///
/// # Errors
/// When a field has an unexpected type, or an ID is not valid.
pub fn read_lists(body: &[u8]) -> Result<Vec<List>, Unexpected> {
    let lists: Vec<List> = payload::read(body)?;
    lists.iter().try_for_each(|list| checked(&list.id))?;
    Ok(lists)
}

/// Reads a page of the cards of a board.
///
/// # Errors
/// As [`read_lists`].
pub fn read_cards(body: &[u8]) -> Result<Vec<Card>, Unexpected> {
    #[derive(Deserialize)]
    struct StatedCard {
        id: String,
        name: String,
        desc: String,
        due: Option<String>,
        closed: bool,
        #[serde(rename = "idList")]
        list: String,
    }
    let cards: Vec<StatedCard> = payload::read(body)?;
    cards.iter().try_for_each(|card| checked(&card.id))?;
    let card = |card: StatedCard| {
        let due = card.due.as_deref();
        Card {
            fields: of_card(&card.name, &card.desc, due, Some(&card.list)),
            id: card.id,
            text: card.desc,
            is_archived: card.closed,
        }
    };
    Ok(cards.into_iter().map(card).collect())
}

/// Reads the ID of a list or card that was created.
///
/// # Errors
/// As [`read_lists`].
pub fn read_created(body: &[u8]) -> Result<String, Unexpected> {
    #[derive(Deserialize)]
    struct Created {
        id: String,
    }
    let created: Created = payload::read(body)?;
    checked(&created.id)?;
    Ok(created.id)
}

/// Refuses an ID that could change the path of a request.
fn checked(id: &str) -> Result<(), Unexpected> {
    if is_id(id) { Ok(()) } else { Err(not_an_id()) }
}

/// Returns the fields of the card of a task. Its description ends with the link to it.
#[must_use]
pub fn fields(shown: &ShownTask<'_>, lists: &BoardLists) -> Value {
    let assignee = shown.assignee.unwrap_or("no one");
    let desc = format!("Assignee: {assignee}\n\n{}", shown.link);
    let due = shown.due_on.map(|day| format!("{day}T12:00:00.000Z"));
    let list = lists.get(&shown.state).map(String::as_str);
    of_card(shown.title, &desc, due.as_deref(), list)
}

fn of_card(name: &str, desc: &str, due: Option<&str>, list: Option<&str>) -> Value {
    json!({ "name": name, "desc": desc, "due": due, "idList": list })
}
