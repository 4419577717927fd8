//! Exports of the boards of teams, as every service has them: connections that people type, cards of tasks, and the changes to make.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use github::rules::payload::Unexpected;
use kernel::Problem;
use serde_json::Value;
use uuid::Uuid;

use super::invalid;
use crate::model::TaskState;

/// The maximum number of characters of a key and of a token.
pub const KEY: usize = 300;
/// The maximum number of characters of the ID or address of a board.
pub const BOARD: usize = 300;

/// A connection as it was typed.
#[derive(Clone, Default)]
pub struct ConnectionInput {
    /// The API key; empty for services that have none.
    pub key: String,
    /// The token of a person or an integration.
    pub token: String,
    /// The ID of a board, or its address.
    pub board: String,
}

impl std::fmt::Debug for ConnectionInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionInput").finish_non_exhaustive()
    }
}

#[derive(Clone)]
pub struct Connection {
    /// The credentials as they are encrypted.
    pub credentials: String,
    /// The ID of the board.
    pub board: String,
}

/// Reads a key or token of a service as it was typed.
///
/// # Errors
/// When it is empty, too long, or has a character that no key has. The problem names the field.
pub(super) fn secret<'a>(
    field: &'static str,
    name: &str,
    service: &str,
    typed: &'a str,
) -> Result<&'a str, Problem> {
    let typed = typed.trim();
    let is_valid = !typed.is_empty()
        && typed.len() <= KEY
        && typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_valid {
        Ok(typed)
    } else {
        let detail =
            format!("Enter the {name} as {service} shows it, with at most {KEY} characters.");
        Err(invalid(field, detail))
    }
}

/// Returns the error for an ID that could change the path of a request.
pub(super) fn not_an_id() -> Unexpected {
    Unexpected { field: "id".to_owned(), reason: "not an ID of the service".to_owned() }
}

/// A task of a team with the names that its card shows.
#[derive(Clone, Debug)]
pub struct ShownTask<'a> {
    pub title: &'a str,
    /// The login of the assignee.
    pub assignee: Option<&'a str>,
    /// The day on which it is due.
    pub due_on: Option<&'a str>,
    pub state: TaskState,
    /// The link to the task, which ends with [`mark`].
    pub link: String,
}

/// Returns the end of the link to a task, by which its card is found again.
#[must_use]
pub fn mark(team: Uuid, task: Uuid) -> String {
    format!("/{task}?team={team}")
}

/// Returns the task of a team that a text links to.
pub(super) fn marked(text: &str, team: Uuid) -> Option<Uuid> {
    let end = format!("?team={team}");
    let (start, _) = text.rsplit_once(&end)?;
    let (_, task) = start.rsplit_once('/')?;
    Uuid::try_parse(task).ok().filter(|_| task.len() == 36)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub id: String,
    /// The text that contains the link to the task.
    pub text: String,
    /// The fields, in the form in which the service takes them.
    pub fields: Value,
    /// True if it is archived.
    pub is_archived: bool,
}

/// A task as the service shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedCard {
    pub task: Uuid,
    /// The fields of its card, in the form in which the service takes them.
    pub fields: Value,
}

/// A change at the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardChange {
    /// A card is created for a task.
    Create(WantedCard),
    /// A card is given the fields of its task.
    Update(String, Value),
    /// A card is archived, as its task was removed.
    Archive(String),
}

/// The changes of an export, and the cards of tasks that were not recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportPlan {
    pub changes: Vec<CardChange>,
    /// The tasks whose card is not recorded, with it.
    pub found: Vec<(Uuid, String)>,
}

/// Plans an export. `recorded` are the cards of tasks by earlier exports; cards that were created without a record are found by the link in
/// their text.
#[must_use]
pub fn plan(
    team: Uuid,
    wanted: Vec<WantedCard>,
    cards: &[Card],
    recorded: &BTreeMap<Uuid, String>,
) -> ExportPlan {
    let by_id: BTreeMap<&str, &Card> = cards.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut by_mark: BTreeMap<Uuid, &Card> = BTreeMap::new();
    for card in cards {
        if let Some(task) = marked(&card.text, team) {
            by_mark.entry(task).or_insert(card);
        }
    }
    let card_of = |task: Uuid| {
        let own = recorded.get(&task).and_then(|id| by_id.get(id.as_str()));
        own.or_else(|| by_mark.get(&task)).copied()
    };
    let mut plan = ExportPlan::default();
    let mut used = BTreeSet::new();
    for wanted in wanted {
        let Some(card) = card_of(wanted.task) else {
            plan.changes.push(CardChange::Create(wanted));
            continue;
        };
        used.insert(card.id.as_str());
        if recorded.get(&wanted.task) != Some(&card.id) {
            plan.found.push((wanted.task, card.id.clone()));
        }
        if card.is_archived || card.fields != wanted.fields {
            let change = CardChange::Update(card.id.clone(), wanted.fields);
            plan.changes.push(change);
        }
    }
    let known: BTreeSet<&str> = recorded.values().map(String::as_str).collect();
    for card in cards {
        let is_own = known.contains(card.id.as_str()) || marked(&card.text, team).is_some();
        if is_own && !card.is_archived && !used.contains(card.id.as_str()) {
            plan.changes.push(CardChange::Archive(card.id.clone()));
        }
    }
    plan
}
