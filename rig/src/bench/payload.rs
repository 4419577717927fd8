//! Bodies of `pull_request` deliveries as large as GitHub's: about 24 KB, most of it URLs.

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Map, Value, json};

/// The state of a pull request in a body.
#[derive(Clone, Copy)]
pub(crate) struct Statement {
    /// GitHub's ID of the repository.
    pub(crate) repository: u64,
    /// The number of the pull request in the repository.
    pub(crate) number: u64,
    /// The author's number.
    pub(crate) author: u64,
    /// The day of the opening, and of the merge if it is merged.
    pub(crate) day: NaiveDate,
    /// True when it is merged, false when it is opened.
    pub(crate) merged: bool,
}

pub(crate) fn repository_name(repository: u64) -> String {
    format!("octo-org/hall-{repository}")
}

/// Returns a day of a month of 2025, which depends on the number of a pull request.
pub(crate) fn day_of(month: u64, number: u64) -> NaiveDate {
    let first = NaiveDate::default().with_year(2025);
    let day =
        first.and_then(|day| day.with_month(month as u32)?.with_day(1 + (number % 27) as u32));
    day.unwrap_or_default()
}

/// Returns the full body.
pub(super) fn body(statement: Statement) -> Vec<u8> {
    let repository = self::repository(statement.repository);
    let author = person(statement.author);
    let delivery = json!({
        "action": if statement.merged { "closed" } else { "opened" },
        "number": statement.number,
        "pull_request": pull_request(statement, &repository, &author),
        "repository": repository,
        "organization": person(1),
        "sender": author,
    });
    delivery.to_string().into_bytes()
}

/// Returns a body with the same facts but without URLs, for filling a server quickly.
pub(crate) fn slim_body(statement: Statement) -> Vec<u8> {
    let Statement { number, merged, .. } = statement;
    let (opened, closed) = instants(statement);
    let someone = |number: u64| json!({"login": format!("octocat-{number}"), "id": 10_000 + number, "type": "User"});
    let repository = json!({"id": statement.repository, "full_name": repository_name(statement.repository), "owner": someone(1)});
    let delivery = json!({
        "action": if merged { "closed" } else { "opened" },
        "number": number,
        "pull_request": {
            "id": github_id(statement), "number": number, "state": if merged { "closed" } else { "open" },
            "title": format!("Repair the roof of cabin {number}"), "user": someone(statement.author), "draft": false,
            "created_at": opened, "updated_at": closed.as_ref().unwrap_or(&opened), "closed_at": closed,
            "merged_at": closed, "merged": merged, "merged_by": merged.then(|| someone(3)), "labels": [],
            "head": {"ref": "repair", "sha": sha(number)},
            "base": {"ref": "main", "sha": sha(number), "repo": repository},
            "additions": number % 700, "deletions": number % 90, "changed_files": 4, "commits": 3,
        },
        "repository": repository,
        "sender": someone(statement.author),
    });
    delivery.to_string().into_bytes()
}

fn github_id(statement: Statement) -> u64 {
    statement.repository * 100_000_000 + statement.number
}

/// Returns the times of the opening, and of the merge if it is merged.
fn instants(statement: Statement) -> (String, Option<String>) {
    let Statement { day, merged, .. } = statement;
    let opened = format!("{day}T08:00:00Z");
    (opened, merged.then(|| format!("{day}T18:30:00Z")))
}

fn pull_request(statement: Statement, repository: &Value, author: &Value) -> Value {
    let Statement { number, merged, .. } = statement;
    let base = format!("https://api.github.com/repos/{}", repository_name(statement.repository));
    let (opened, closed) = instants(statement);
    let side = |label: &str| json!({"label": label, "ref": label, "sha": sha(number), "user": author, "repo": repository});
    let mut pull = json!({
        "url": format!("{base}/pulls/{number}"), "id": github_id(statement), "number": number,
        "node_id": "MDExOlB1bGxSZXF1ZXN0Mjc5MTQ3NDM3", "locked": false, "draft": false,
        "state": if merged { "closed" } else { "open" }, "title": format!("Repair the roof of cabin {number}"),
        "user": author, "body": "Slates were loose on the north side. ".repeat(30),
        "created_at": opened, "updated_at": closed.as_ref().unwrap_or(&opened), "closed_at": closed,
        "merged_at": closed, "merge_commit_sha": sha(number + 1), "assignee": null, "assignees": [],
        "requested_reviewers": [person(2)], "requested_teams": [], "milestone": null,
        "labels": [{"id": 208045946, "name": "bug", "color": "f29513", "default": true, "description": "Not right"}],
        "head": side("repair"), "base": side("main"), "author_association": "CONTRIBUTOR", "auto_merge": null,
        "merged": merged, "mergeable": null, "rebaseable": null, "mergeable_state": "unknown",
        "merged_by": merged.then(|| person(3)), "comments": 2, "review_comments": 1, "commits": 3,
        "maintainer_can_modify": true, "additions": number % 700, "deletions": number % 90, "changed_files": 4,
    });
    let links =
        ["html", "diff", "patch", "issue", "commits", "review_comments", "comments", "statuses"];
    for name in links {
        pull[format!("{name}_url")] = json!(format!("{base}/pulls/{number}/{name}"));
        pull["_links"][name] = json!({"href": format!("{base}/pulls/{number}/{name}")});
    }
    pull
}

fn person(number: u64) -> Value {
    let login = format!("octocat-{number}");
    let base = format!("https://api.github.com/users/{login}");
    let mut person = json!({
        "login": login, "id": 10_000 + number, "node_id": "MDQ6VXNlcjIxMDMxMDY3", "gravatar_id": "",
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{number}?v=4"), "url": base,
        "html_url": format!("https://github.com/{login}"), "type": "User", "site_admin": false,
    });
    let links = [
        "followers",
        "following",
        "gists",
        "starred",
        "subscriptions",
        "organizations",
        "repos",
        "events",
    ];
    for name in links {
        person[format!("{name}_url")] = json!(format!("{base}/{name}"));
    }
    person
}

fn repository(number: u64) -> Value {
    let name = repository_name(number);
    let base = format!("https://api.github.com/repos/{name}");
    let mut repository = Map::new();
    for link in LINKS {
        repository.insert(format!("{link}_url"), json!(format!("{base}/{link}{{/number}}")));
    }
    let rest = json!({
        "id": number, "node_id": "MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=", "name": format!("hall-{number}"),
        "full_name": name, "private": false, "owner": person(1), "html_url": format!("https://github.com/{name}"),
        "description": "A cabin to meet in", "fork": false, "url": base, "created_at": "2025-05-15T15:19:25Z",
        "updated_at": "2026-05-15T15:20:41Z", "pushed_at": "2026-05-15T15:20:40Z", "homepage": null, "size": 120,
        "stargazers_count": 80, "watchers_count": 80, "language": "Rust", "has_issues": true, "has_projects": true,
        "has_wiki": true, "has_pages": false, "forks_count": 3, "archived": false, "disabled": false,
        "open_issues_count": 7, "license": null, "forks": 3, "open_issues": 7, "watchers": 80,
        "default_branch": "main", "visibility": "public", "topics": ["halls", "roofs"],
    });
    repository.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(repository)
}

fn sha(seed: u64) -> String {
    format!(
        "{:016x}{:016x}{:08x}",
        super::numbers::scatter(seed),
        super::numbers::scatter(seed + 7),
        seed as u32
    )
}

const LINKS: &[&str] = &[
    "forks",
    "keys",
    "collaborators",
    "teams",
    "hooks",
    "issue_events",
    "events",
    "assignees",
    "branches",
    "tags",
    "blobs",
    "git_tags",
    "git_refs",
    "trees",
    "statuses",
    "languages",
    "stargazers",
    "contributors",
    "subscribers",
    "subscription",
    "commits",
    "git_commits",
    "comments",
    "issue_comment",
    "contents",
    "compare",
    "merges",
    "archive",
    "downloads",
    "issues",
    "pulls",
    "milestones",
    "notifications",
    "labels",
    "releases",
    "deployments",
    "git",
    "ssh",
    "clone",
    "svn",
];

#[cfg(test)]
mod tests {
    use super::{Statement, body, day_of};

    #[test]
    fn a_body_is_as_large_as_githubs() {
        let statement =
            Statement { repository: 42, number: 7, author: 5, day: day_of(3, 7), merged: true };
        let length = body(statement).len();
        assert!((23_000..25_000).contains(&length), "{length} bytes");
    }
}
