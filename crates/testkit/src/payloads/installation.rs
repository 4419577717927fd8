use std::collections::BTreeSet;

use kernel::Timestamp;
use serde_json::value::RawValue;

use super::{
    model::{Account, Repo},
    object::{Object, list},
    parts::user,
};

/// An installation of a GitHub App.
#[derive(Clone, Debug, PartialEq)]
pub struct InstallationState {
    /// GitHub's ID.
    pub id: i64,
    pub app_id: i64,
    /// The person or organization that installed the App.
    pub account: Account,
    pub repositories: BTreeSet<i64>,
    /// When the App was installed.
    pub created_at: Timestamp,
    /// When the installation last changed.
    pub updated_at: Timestamp,
    pub suspended_at: Option<Timestamp>,
}

/// Returns the body of an `installation` event.
#[must_use]
pub fn installation(
    action: &str,
    installation: &InstallationState,
    repositories: &[&Repo],
) -> Box<RawValue> {
    Object::new()
        .text("action", action)
        .object("installation", installation_object(installation))
        .raw("repositories", &shortened(repositories))
        .raw("requester", "null")
        .raw("sender", &user(&installation.account))
        .body()
}

/// Returns the body of an `installation_repositories` event that adds repositories, or removes them.
#[must_use]
pub fn installation_repositories(
    installation: &InstallationState,
    added: &[&Repo],
    removed: &[&Repo],
) -> Box<RawValue> {
    let action = if removed.is_empty() { "added" } else { "removed" };
    Object::new()
        .text("action", action)
        .object("installation", installation_object(installation))
        .text("repository_selection", "selected")
        .raw("repositories_added", &shortened(added))
        .raw("repositories_removed", &shortened(removed))
        .raw("requester", "null")
        .raw("sender", &user(&installation.account))
        .body()
}

/// Returns the object of an installation, as in deliveries and in the API.
pub(crate) fn installation_object(installation: &InstallationState) -> Object {
    Object::new()
        .number("id", installation.id)
        .raw("account", &user(&installation.account))
        .text("repository_selection", "selected")
        .number("app_id", installation.app_id)
        .text("app_slug", "guildhall")
        .number("target_id", installation.account.id)
        .text("target_type", installation.account.kind.name())
        .raw("permissions", r#"{"members":"read","metadata":"read","pull_requests":"read"}"#)
        .raw("events", r#"["member","pull_request","pull_request_review","push","repository"]"#)
        .at("created_at", installation.created_at)
        .at("updated_at", installation.updated_at)
        .at_or_null("suspended_at", installation.suspended_at)
}

/// Returns the body of an event with the installation that it is delivered for.
pub(crate) fn for_installation(body: &str, installation: i64) -> String {
    let body = body.trim_end();
    // Only the last brace closes the body.
    let inner = body.strip_suffix('}').unwrap_or(body);
    format!(r#"{inner},"installation":{{"id":{installation},"node_id":"FAKE"}}}}"#)
}

fn shortened(repositories: &[&Repo]) -> String {
    list(repositories, |repo| {
        Object::new()
            .number("id", repo.id)
            .text("node_id", &format!("R_{}", repo.id))
            .text("name", &repo.name)
            .text("full_name", &repo.full_name())
            .flag("private", repo.private)
            .done()
    })
}
