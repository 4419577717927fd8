//! The body of a webhook: the payload's own fields, a few of them renamed, and the envelope's repository,
//! sender and organization, which take precedence over the payload's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};

use super::{
    LineError,
    event::{Account, Event, Repo},
};

/// Raw values, so that numbers and escapes stay as GitHub wrote them.
type Fields = BTreeMap<String, Box<RawValue>>;

const NO_COMMIT: &str = "\"0000000000000000000000000000000000000000\"";

pub(super) fn build(name: &str, event: &Event<'_>) -> Result<Box<RawValue>, LineError> {
    let mut fields: Fields = read("payload", event.payload)?;
    let pull_request = match name {
        "pull_request" | "pull_request_review" | "pull_request_review_comment" => {
            Some(PullRequest::of(&fields)?)
        }
        _ => None,
    };
    match name {
        "pull_request" => rename_action(&mut fields, &[("merged", "closed")])?,
        "pull_request_review" => {
            rename_action(&mut fields, &[("created", "submitted"), ("updated", "edited")])?;
        }
        "push" => shape_push(&mut fields, event)?,
        _ => {}
    }
    let repository = repository(&event.repo, pull_request.as_ref())?;
    fields.insert("repository".to_owned(), repository);
    put(&mut fields, "sender", &sender(&event.actor))?;
    if let Some(org) = &event.org {
        put(&mut fields, "organization", &json!({ "id": org.id, "login": org.login }))?;
    }
    to_raw_value(&fields).map_err(|error| unwritable(&error))
}

/// Returns the repository. That of a pull request's base is the full object, as in webhooks.
fn repository(
    repo: &Repo<'_>,
    pull_request: Option<&PullRequest>,
) -> Result<Box<RawValue>, LineError> {
    let (owner, name) = repo.parts()?;
    match pull_request.and_then(|pull_request| pull_request.base_repository(repo.id)) {
        Some(full) => Ok(full),
        None => to_raw_value(&json!({
            "id": repo.id,
            "name": name,
            "full_name": repo.name,
            "owner": { "login": owner },
        }))
        .map_err(|error| unwritable(&error)),
    }
}

fn sender(actor: &Account<'_>) -> serde_json::Value {
    let mut sender = json!({ "id": actor.id, "login": actor.login });
    if let Some(avatar) = &actor.avatar_url {
        sender["avatar_url"] = json!(avatar);
    }
    // The archive does not include the kind of account, but only apps' logins end like this.
    if actor.login.ends_with("[bot]") {
        sender["type"] = json!("Bot");
    }
    sender
}

/// Converts a push. The archive does not say whether it was forced, but webhooks always do, so it counts as
/// not forced.
fn shape_push(fields: &mut Fields, event: &Event<'_>) -> Result<(), LineError> {
    let after = fields
        .remove("head")
        .ok_or_else(|| LineError::NotAnEvent("payload.head is missing".to_owned()))?;
    let created = fields.get("before").is_some_and(|before| before.get() == NO_COMMIT);
    put(fields, "created", &created)?;
    put(fields, "deleted", &(after.get() == NO_COMMIT))?;
    put(fields, "forced", &false)?;
    put(fields, "pusher", &json!({ "name": event.actor.login }))?;
    fields.insert("after".to_owned(), after);
    Ok(())
}

/// Renames actions that events and webhooks name differently.
fn rename_action(fields: &mut Fields, names: &[(&str, &str)]) -> Result<(), LineError> {
    let action: String = field(fields, "action")?;
    match names.iter().find(|(from, _)| *from == action) {
        Some((_, to)) => put(fields, "action", to),
        None => Ok(()),
    }
}

/// The required fields of a pull request. Their types are checked by the inbox.
#[derive(Deserialize)]
struct PullRequest {
    title: Option<Box<RawValue>>,
    state: Option<Box<RawValue>>,
    base: Option<Box<RawValue>>,
}

impl PullRequest {
    fn of(fields: &Fields) -> Result<Self, LineError> {
        let pull_request: Self = field(fields, "pull_request")?;
        if pull_request.title.is_none() || pull_request.state.is_none() {
            return Err(LineError::Trimmed);
        }
        Ok(pull_request)
    }

    /// Returns the base's repository if it is the event's own, so that no other repository's data is
    /// used.
    fn base_repository(&self, id: i64) -> Option<Box<RawValue>> {
        #[derive(Deserialize)]
        struct Base {
            repo: Box<RawValue>,
        }
        #[derive(Deserialize)]
        struct Id {
            id: i64,
        }
        let base: Base = serde_json::from_str(self.base.as_ref()?.get()).ok()?;
        let found: Id = serde_json::from_str(base.repo.get()).ok()?;
        (found.id == id).then_some(base.repo)
    }
}

fn field<'de, T: Deserialize<'de>>(fields: &'de Fields, name: &str) -> Result<T, LineError> {
    let value = fields
        .get(name)
        .ok_or_else(|| LineError::NotAnEvent(format!("payload.{name} is missing")))?;
    read(&format!("payload.{name}"), value)
}

fn read<'de, T: Deserialize<'de>>(path: &str, value: &'de RawValue) -> Result<T, LineError> {
    serde_json::from_str(value.get())
        .map_err(|error| LineError::NotAnEvent(format!("{path} has an unexpected value: {error}")))
}

fn put(fields: &mut Fields, name: &str, value: &impl Serialize) -> Result<(), LineError> {
    let value = to_raw_value(value).map_err(|error| unwritable(&error))?;
    fields.insert(name.to_owned(), value);
    Ok(())
}

fn unwritable(error: &serde_json::Error) -> LineError {
    LineError::NotAnEvent(format!("cannot be converted to a webhook body: {error}"))
}
