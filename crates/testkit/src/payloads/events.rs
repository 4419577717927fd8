use serde_json::value::RawValue;

use super::{
    model::{Account, AccountKind, Hook, IssueState, PushState, Repo},
    object::{Object, instant},
    parts::{self, SITE, user},
    pull::{self, Shape},
    repository::{self as repositories, Dates},
    state::{PullState, ReviewState},
};

/// A field that only some actions add: its name and its JSON.
pub type Extra<'a> = (&'a str, &'a str);

/// Returns the body of a `pull_request` event; `extra` are fields that only this action has.
#[must_use]
pub fn pull_request(
    action: &str,
    pull: &PullState,
    sender: &Account,
    extra: &[Extra<'_>],
) -> Box<RawValue> {
    let object = Object::with_capacity(30_000)
        .text("action", action)
        .number("number", pull.number)
        .object("pull_request", pull::pull(pull, Shape::Full));
    with_extra(object, extra).tail(&pull.repo, sender).body()
}

/// Returns the body of a `pull_request_review` event, whose pull request is partial.
#[must_use]
pub fn pull_request_review(
    action: &str,
    pull: &PullState,
    review: &ReviewState,
    sender: &Account,
) -> Box<RawValue> {
    let shape = if review.bare { Shape::Bare } else { Shape::Partial };
    Object::with_capacity(30_000)
        .text("action", action)
        .object("review", pull::review(pull, review, review.verdict.name()))
        .object("pull_request", pull::pull(pull, shape))
        .tail(&pull.repo, sender)
        .body()
}

/// Returns the body of a `push` event with one commit.
#[must_use]
pub fn push(repo: &Repo, push: &PushState, sender: &Account) -> Box<RawValue> {
    let none = |sha: &str| sha.bytes().all(|byte| byte == b'0');
    let (is_created, is_deleted) = (none(&push.before), none(&push.after));
    let commit = if is_deleted { String::new() } else { commit(repo, push, sender).done() };
    let head = if is_deleted { "null" } else { &commit };
    let name = repo.full_name();
    let email = format!("{}+{}@users.noreply.github.com", sender.id, sender.login);
    Object::with_capacity(12_000)
        .text("ref", &push.reference)
        .text("before", &push.before)
        .text("after", &push.after)
        .object("repository", repositories::repository(repo, Dates::Seconds))
        .object("pusher", Object::new().text("name", &sender.login).text("email", &email))
        .organization(&repo.owner)
        .raw("sender", &user(sender))
        .flag("created", is_created)
        .flag("deleted", is_deleted)
        .flag("forced", push.forced)
        .raw("base_ref", "null")
        .text("compare", &format!("{SITE}/{name}/compare/{}...{}", push.before, push.after))
        .raw("commits", &format!("[{commit}]"))
        .raw("head_commit", head)
        .body()
}

fn commit(repo: &Repo, push: &PushState, sender: &Account) -> Object {
    let email = format!("{}+{}@users.noreply.github.com", sender.id, sender.login);
    let person = Object::new()
        .text("name", &sender.login)
        .text("email", &email)
        .text("username", &sender.login)
        .done();
    Object::new()
        .text("id", &push.after)
        .text("tree_id", &push.after.chars().rev().collect::<String>())
        .flag("distinct", true)
        .text("message", &push.message)
        .text("timestamp", &instant(push.at))
        .text("url", &format!("{SITE}/{}/commit/{}", repo.full_name(), push.after))
        .raw("author", &person)
        .raw("committer", &person)
        .raw("added", "[]")
        .raw("removed", "[]")
        .raw("modified", r#"["README.md"]"#)
}

/// Returns the body of a `repository` event; for a rename, `extra` holds the previous name.
#[must_use]
pub fn repository(
    action: &str,
    repo: &Repo,
    sender: &Account,
    extra: &[Extra<'_>],
) -> Box<RawValue> {
    let object = Object::with_capacity(9000).text("action", action);
    with_extra(object, extra).tail(repo, sender).body()
}

/// Returns the body of a `member` event.
#[must_use]
pub fn member(action: &str, repo: &Repo, member: &Account, sender: &Account) -> Box<RawValue> {
    Object::with_capacity(9000)
        .text("action", action)
        .raw("member", &user(member))
        .tail(repo, sender)
        .body()
}

/// Returns the body of a `github_app_authorization` event, which names no repository.
#[must_use]
pub fn authorization_revoked(sender: &Account) -> Box<RawValue> {
    Object::new().text("action", "revoked").raw("sender", &user(sender)).body()
}

/// Returns the body of the `ping` event for a new hook.
#[must_use]
pub fn ping(repo: &Repo, hook: &Hook, sender: &Account) -> Box<RawValue> {
    Object::with_capacity(9000)
        .text("zen", "Keep it logically awesome.")
        .number("hook_id", hook.id)
        .object("hook", parts::hook(repo, hook))
        .tail(repo, sender)
        .body()
}

/// Returns the body of an `issue_comment` event about a new comment.
#[must_use]
pub fn issue_comment(
    repo: &Repo,
    issue: &IssueState,
    text: &str,
    sender: &Account,
) -> Box<RawValue> {
    let comment = Object::new()
        .raw("user", &user(sender))
        .text("body", text)
        .at("created_at", issue.updated_at);
    Object::with_capacity(15_000)
        .text("action", "created")
        .object("issue", parts::issue(repo, issue))
        .object("comment", comment)
        .tail(repo, sender)
        .body()
}

/// Returns the body of an `issues` event; `extra` are fields that only this action has.
#[must_use]
pub fn issues(
    action: &str,
    repo: &Repo,
    issue: &IssueState,
    sender: &Account,
    extra: &[Extra<'_>],
) -> Box<RawValue> {
    let object = Object::with_capacity(14_000)
        .text("action", action)
        .object("issue", parts::issue(repo, issue));
    with_extra(object, extra).tail(repo, sender).body()
}

fn with_extra(object: Object, extra: &[Extra<'_>]) -> Object {
    extra.iter().fold(object, |object, (key, json)| object.raw(key, json))
}

impl Object {
    /// Adds the owner again, if it is an organization.
    fn organization(self, owner: &Account) -> Self {
        if owner.kind == AccountKind::Organization {
            self.object("organization", parts::organization(owner))
        } else {
            self
        }
    }

    /// Adds the fields at the end of every repository event.
    pub(super) fn tail(self, repo: &Repo, sender: &Account) -> Self {
        self.object("repository", repositories::repository(repo, Dates::Text))
            .organization(&repo.owner)
            .raw("sender", &user(sender))
    }
}
