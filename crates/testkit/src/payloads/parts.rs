use super::{
    model::{Account, Hook, IssueState, Label, Repo},
    object::{Object, list},
};

/// The URL of GitHub's API.
pub(crate) const API: &str = "https://api.github.com";
/// The URL of GitHub's pages.
pub(crate) const SITE: &str = "https://github.com";

const USER_URLS: [(&str, &str); 10] = [
    ("url", ""),
    ("followers_url", "/followers"),
    ("following_url", "/following{/other_user}"),
    ("gists_url", "/gists{/gist_id}"),
    ("starred_url", "/starred{/owner}{/repo}"),
    ("subscriptions_url", "/subscriptions"),
    ("organizations_url", "/orgs"),
    ("repos_url", "/repos"),
    ("events_url", "/events{/privacy}"),
    ("received_events_url", "/received_events"),
];

/// Renders an account as every payload contains it.
pub(crate) fn user(account: &Account) -> String {
    user_object(account).done()
}

/// Returns an account's object, to which further fields can be added.
pub(crate) fn user_object(account: &Account) -> Object {
    let Account { id, login, kind } = account;
    // A bot's login contains brackets, which are escaped in URLs.
    let path = login.replace('[', "%5B").replace(']', "%5D");
    Object::with_capacity(1200)
        .text("login", login)
        .number("id", *id)
        .text("node_id", &format!("U_kgDO{id:08x}"))
        .text("avatar_url", &format!("https://avatars.githubusercontent.com/u/{id}?v=4"))
        .text("gravatar_id", "")
        .text("html_url", &format!("{SITE}/{path}"))
        .urls(&format!("{API}/users/{path}"), &USER_URLS)
        .text("type", kind.name())
        .text("user_view_type", "public")
        .flag("site_admin", false)
}

/// Returns an organization as events of its repositories contain it.
pub(crate) fn organization(account: &Account) -> Object {
    let Account { id, login, .. } = account;
    Object::with_capacity(800)
        .text("login", login)
        .number("id", *id)
        .text("node_id", &format!("O_kgDO{id:08x}"))
        .urls(
            &format!("{API}/orgs/{login}"),
            &[
                ("url", ""),
                ("repos_url", "/repos"),
                ("events_url", "/events"),
                ("hooks_url", "/hooks"),
                ("issues_url", "/issues"),
                ("members_url", "/members{/member}"),
                ("public_members_url", "/public_members{/member}"),
            ],
        )
        .text("avatar_url", &format!("https://avatars.githubusercontent.com/u/{id}?v=4"))
        .text("description", "")
}

/// Renders an account; null for a deleted account.
pub(crate) fn user_or_null(account: Option<&Account>) -> String {
    account.map_or_else(|| String::from("null"), user)
}

pub(crate) fn label(repo: &Repo, label: &Label) -> String {
    // Spaces are the only characters of our label names that need escaping in URLs.
    let path = label.name.replace(' ', "%20");
    Object::new()
        .number("id", label.id)
        .text("node_id", &format!("LA_kwDO{:08x}", label.id))
        .text("url", &format!("{API}/repos/{}/labels/{path}", repo.full_name()))
        .text("name", &label.name)
        .text("color", &label.color)
        .flag("default", false)
        .text_or_null("description", None)
        .done()
}

pub(crate) fn issue(repo: &Repo, issue: &IssueState) -> Object {
    let name = repo.full_name();
    let api = format!("{API}/repos/{name}/issues/{}", issue.number);
    Object::with_capacity(4096)
        .urls(
            &api,
            &[
                ("url", ""),
                ("labels_url", "/labels{/name}"),
                ("comments_url", "/comments"),
                ("events_url", "/events"),
                ("timeline_url", "/timeline"),
            ],
        )
        .text("repository_url", &format!("{API}/repos/{name}"))
        .text("html_url", &format!("{SITE}/{name}/issues/{}", issue.number))
        .number("id", issue.id)
        .text("node_id", &format!("I_kwDO{:08x}", issue.id))
        .number("number", issue.number)
        .text("title", &issue.title)
        .raw("user", &user_or_null(issue.author.as_ref()))
        .raw("labels", &list(&issue.labels, |entry| label(repo, entry)))
        .text("state", if issue.closed_at.is_some() { "closed" } else { "open" })
        .flag("locked", issue.locked)
        .raw("assignee", &user_or_null(issue.assignees.first()))
        .raw("assignees", &list(&issue.assignees, user))
        .raw("milestone", "null")
        .number("comments", issue.comments)
        .at("created_at", issue.created_at)
        .at("updated_at", issue.updated_at)
        .at_or_null("closed_at", issue.closed_at)
        .text("author_association", issue.association)
        .text_or_null("active_lock_reason", issue.locked.then_some("resolved"))
        .text_or_null("body", issue.body.as_deref())
        .object("reactions", Object::new().number("total_count", issue.reactions))
        .text_or_null("state_reason", issue.state_reason)
}

/// Returns a webhook as its owner sees it, without its secret.
pub(crate) fn hook(repo: &Repo, hook: &Hook) -> Object {
    let api = format!("{API}/repos/{}/hooks/{}", repo.full_name(), hook.id);
    let config = Object::new()
        .text("content_type", "json")
        .text("insecure_ssl", "0")
        .text("secret", "********")
        .text("url", &hook.url);
    let events = serde_json::Value::from(hook.events.clone()).to_string();
    Object::new()
        .text("type", "Repository")
        .number("id", hook.id)
        .text("name", "web")
        .flag("active", hook.active)
        .raw("events", &events)
        .object("config", config)
        .at("updated_at", hook.created_at)
        .at("created_at", hook.created_at)
        .urls(
            &api,
            &[
                ("url", ""),
                ("test_url", "/test"),
                ("ping_url", "/pings"),
                ("deliveries_url", "/deliveries"),
            ],
        )
        .raw("last_response", r#"{"code":null,"status":"unused","message":null}"#)
}
