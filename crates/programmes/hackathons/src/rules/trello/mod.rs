//! The export of the board of a team to Trello: the connection that a person types, Trello's answers, and the changes to make.

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use github::rules::payload::{self, Unexpected};
use kernel::Problem;
use serde::Deserialize;
use uuid::Uuid;

use super::invalid;
use crate::model::TaskState;

/// The maximum number of characters of a key and of a token.
pub const KEY: usize = 300;
/// The maximum number of characters of the ID or address of a board.
pub const BOARD: usize = 300;
/// The longest ID that Trello may state.
const LONGEST_ID: usize = 64;

/// A connection as it was typed.
#[derive(Clone, Default)]
pub struct ConnectionInput {
    /// The API key.
    pub key: String,
    /// The token of a person for this key.
    pub token: String,
    /// The ID of a board, or its address.
    pub board: String,
}

impl std::fmt::Debug for ConnectionInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionInput").finish_non_exhaustive()
    }
}

/// A valid connection.
#[derive(Clone)]
pub struct Connection {
    /// The API key and the token, joined by a line break.
    pub credentials: String,
    /// The ID of the board.
    pub board: String,
}

impl Connection {
    /// Returns the connection that an input describes.
    ///
    /// # Errors
    /// When a field is missing or not valid. The problem names the field.
    pub fn read(input: &ConnectionInput) -> Result<Self, Problem> {
        let key = secret("key", "API key", &input.key)?;
        let token = secret("token", "token", &input.token)?;
        Ok(Self {
            credentials: format!("{key}\n{token}"),
            board: board(&input.board)?,
        })
    }
}

fn secret<'a>(field: &'static str, name: &str, typed: &'a str) -> Result<&'a str, Problem> {
    let typed = typed.trim();
    let is_valid = !typed.is_empty()
        && typed.len() <= KEY
        && typed
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    match is_valid {
        true => Ok(typed),
        false => {
            let detail =
                format!("Enter the {name} as Trello shows it, with at most {KEY} characters.");
            Err(invalid(field, detail))
        }
    }
}

/// Reads the ID of a board, or takes it from its address, such as `https://trello.com/b/nC8QJJoZ/harbor`.
///
/// # Errors
/// When it is neither.
pub fn board(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    let id = match typed.split_once("trello.com/b/") {
        Some(("https://" | "https://www.", rest)) => {
            rest.split(['/', '?', '#']).next().unwrap_or_default()
        }
        _ => typed,
    };
    match is_id(id) && id.len() >= 8 {
        true => Ok(id.to_owned()),
        false => {
            let detail = "Enter the ID of a board, or its address, such as https://trello.com/b/nC8QJJoZ/harbor.";
            Err(invalid("board", detail.to_owned()))
        }
    }
}

fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A list of a board.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct List {
    /// The ID.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A card of a board.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Card {
    /// The ID.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description.
    pub desc: String,
    /// When it is due.
    pub due: Option<String>,
    /// True if it is archived.
    pub closed: bool,
    /// The list.
    #[serde(rename = "idList")]
    pub list: String,
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
    let cards: Vec<Card> = payload::read(body)?;
    cards.iter().try_for_each(|card| checked(&card.id))?;
    Ok(cards)
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
    match is_id(id) {
        true => Ok(()),
        false => Err(Unexpected {
            field: "id".to_owned(),
            reason: "not an ID of Trello".to_owned(),
        }),
    }
}

/// A task as Trello shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The task.
    pub task: Uuid,
    /// The name of the card.
    pub name: String,
    /// The description of the card, which ends with [`mark`].
    pub desc: String,
    /// When it is due.
    pub due: Option<String>,
    /// The list.
    pub state: TaskState,
}

/// A task of a team with the names that its card shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The task.
    pub task: Uuid,
    /// The team.
    pub team: Uuid,
    /// The title.
    pub title: &'a str,
    /// The login of the assignee.
    pub assignee: Option<&'a str>,
    /// The day on which it is due.
    pub due_on: Option<&'a str>,
    /// The state.
    pub state: TaskState,
}

impl Wanted {
    /// Returns the card of a task. `board` is the address of the board in Guildhall.
    #[must_use]
    pub fn of(shown: Shown<'_>, board: &str) -> Self {
        let assignee = shown.assignee.unwrap_or("no one");
        let mark = mark(shown.team, shown.task);
        Self {
            task: shown.task,
            name: shown.title.to_owned(),
            desc: format!("Assignee: {assignee}\n\n{board}{mark}"),
            due: shown.due_on.map(|day| format!("{day}T12:00:00.000Z")),
            state: shown.state,
        }
    }
}

/// Returns the end of the link to a task, by which its card is found again.
#[must_use]
pub fn mark(team: Uuid, task: Uuid) -> String {
    format!("/{task}?team={team}")
}

/// Returns the task of a team that a description links to.
fn marked(desc: &str, team: Uuid) -> Option<Uuid> {
    let end = format!("?team={team}");
    let (start, _) = desc.rsplit_once(&end)?;
    let (_, task) = start.rsplit_once('/')?;
    Uuid::try_parse(task).ok().filter(|_| task.len() == 36)
}

/// A change at Trello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A card is created for a task.
    Create(Wanted),
    /// A card is given the fields of its task.
    Update(String, Wanted),
    /// A card is archived, as its task was removed.
    Archive(String),
}

/// The changes of an export, and the cards of tasks that were not recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes.
    pub changes: Vec<Change>,
    /// The tasks whose card is not recorded, with it.
    pub found: Vec<(Uuid, String)>,
}

/// Plans an export. `recorded` are the cards of tasks by earlier exports; cards that were created without a record are found by the link in
/// their description. `lists` are the IDs of the lists by state.
#[must_use]
pub fn plan(
    team: Uuid,
    wanted: Vec<Wanted>,
    cards: &[Card],
    recorded: &BTreeMap<Uuid, String>,
    lists: &BTreeMap<TaskState, String>,
) -> Plan {
    let by_id: BTreeMap<&str, &Card> = cards.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut by_mark: BTreeMap<Uuid, &Card> = BTreeMap::new();
    for card in cards {
        if let Some(task) = marked(&card.desc, team) {
            by_mark.entry(task).or_insert(card);
        }
    }
    let card_of = |task: Uuid| {
        let own = recorded.get(&task).and_then(|id| by_id.get(id.as_str()));
        own.or_else(|| by_mark.get(&task)).copied()
    };
    let mut plan = Plan::default();
    let mut used = BTreeSet::new();
    for wanted in wanted {
        let Some(card) = card_of(wanted.task) else {
            plan.changes.push(Change::Create(wanted));
            continue;
        };
        used.insert(card.id.as_str());
        if recorded.get(&wanted.task) != Some(&card.id) {
            plan.found.push((wanted.task, card.id.clone()));
        }
        if !is_same(card, &wanted, lists) {
            plan.changes.push(Change::Update(card.id.clone(), wanted));
        }
    }
    let known: BTreeSet<&str> = recorded.values().map(String::as_str).collect();
    for card in cards {
        let is_own = known.contains(card.id.as_str()) || marked(&card.desc, team).is_some();
        if is_own && !card.closed && !used.contains(card.id.as_str()) {
            plan.changes.push(Change::Archive(card.id.clone()));
        }
    }
    plan
}

fn is_same(card: &Card, wanted: &Wanted, lists: &BTreeMap<TaskState, String>) -> bool {
    !card.closed
        && card.name == wanted.name
        && card.desc == wanted.desc
        && card.due == wanted.due
        && lists.get(&wanted.state) == Some(&card.list)
}
