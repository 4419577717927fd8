//! The audit log: each action with its actor, target and reason. The log is append-only and holds only ids and
//! codes; the reasons and client networks are in a separate table, where they can be erased.

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
    telemetry::request,
};

pub use origin::Origin;
pub use own::{erase, erase_reasons, export};
pub use search::{Entry, Filter, search};
pub use store::{RecordedAct, acts, count_by};
pub(crate) use tables::migrations;

/// The name of commands that are run on the server, among actors.
pub const OPERATOR: &str = "operator";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The person with this account.
    Person(Uuid),
    /// Someone at the server's shell.
    Operator,
    /// Someone without an account, who has a link that was sent to them.
    Visitor,
}

impl Actor {
    /// Returns the account of the person; `None` for an operator and for a visitor.
    #[must_use]
    pub fn person(self) -> Option<Uuid> {
        match self {
            Self::Person(person) => Some(person),
            Self::Operator | Self::Visitor => None,
        }
    }
}

/// An action to record.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    pub actor: Actor,
    /// The action, such as `project.create`.
    pub action: &'static str,
    /// The kind of the target, such as `project`.
    pub target_kind: &'static str,
    pub target_id: Uuid,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
    /// The reason, in the person's words.
    pub reason: Option<&'a str>,
}

/// The maximum number of characters in a reason.
const LONGEST_REASON: usize = 2_000;

/// Validates the reason of an action, and trims it.
///
/// # Errors
/// When the reason is blank, or longer than 2,000 characters.
pub fn reason(said: &str) -> Result<&str, Problem> {
    let said = said.trim();
    if said.is_empty() {
        let detail = "Enter a reason. The audit log records it.";
        let problem = Problem::new(ProblemKind::Invalid, "REASON_REQUIRED", detail);
        return Err(problem.at("reason"));
    }
    let length = said.chars().count();
    if length > LONGEST_REASON {
        let detail = format!("The reason has {length} characters. Use at most {LONGEST_REASON}.");
        let problem = Problem::new(ProblemKind::Invalid, "REASON_TOO_LONG", detail);
        return Err(problem.at("reason"));
    }
    Ok(said)
}

/// Records the action in the caller's transaction, with the request that caused it.
pub async fn record(tx: &Tx, context: &Context, act: Act<'_>) -> Result<(), DbError> {
    request::performs(act.action);
    let at = (context.ids.next(), context.now());
    store::insert(tx, at, act, Origin::of_this()).await
}
