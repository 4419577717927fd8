//! The audit log: each act with its actor, target and reason. Append-only: rows hold ids and codes. Words
//! about people, and the networks they came from, are in rows beside them that can be erased.

mod origin;
mod own;
mod search;
mod store;
mod tables;

use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use crate::{
    Context,
    db::{DbError, Tx},
};

pub use origin::Origin;
pub use own::{erase, export};
pub use search::{Entry, Filter, search};
pub use store::{Recorded, acts};
pub(crate) use tables::migrations;

/// The actor of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, by their account.
    Person(Uuid),
    /// Someone at the server's shell.
    Operator,
}

/// One act of a person.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// The actor.
    pub actor: Actor,
    /// The kind of act: `project.create`.
    pub action: &'static str,
    /// The kind of thing it was done to: `project`.
    pub target_kind: &'static str,
    /// The thing it was done to.
    pub target_id: Uuid,
    /// The state before, as JSON.
    pub before: Option<serde_json::Value>,
    /// The state after, as JSON.
    pub after: Option<serde_json::Value>,
    /// The reason, in the person's words.
    pub reason: Option<&'a str>,
}

/// Checks the reason of an act; gives it without the blanks around it.
///
/// # Errors
/// When the reason is blank.
pub fn reason(said: &str) -> Result<&str, Problem> {
    let said = said.trim();
    if said.is_empty() {
        let detail = "Enter a reason. The audit log records it.";
        let problem = Problem::new(ProblemKind::Invalid, "REASON_REQUIRED", detail);
        return Err(problem.at("reason"));
    }
    Ok(said)
}

/// Writes the act into the log, in the caller's transaction, with the request it came by.
pub async fn record(tx: &Tx, context: &Context, act: Act<'_>) -> Result<(), DbError> {
    let at = (context.ids.next(), context.now());
    store::insert(tx, at, act, Origin::of_this()).await
}
