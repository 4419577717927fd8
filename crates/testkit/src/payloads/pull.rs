use super::{
    model::{Account, Repo},
    object::{Object, list},
    parts::{API, SITE, label, user_or_null},
    repository::{Dates, repository},
    state::{PullState, ReviewState},
};

/// The fields of a pull request that a payload contains.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// All fields: `pull_request` events and the API's single pull request.
    Full,
    /// All but the counts and `merged_by`: reviews and the API's lists.
    Partial,
    /// Like `Partial`, and without `draft`, as in old payloads.
    Bare,
}

/// Returns a pull request as payloads contain it.
pub(crate) fn pull(pull: &PullState, shape: Shape) -> Object {
    let author = user_or_null(pull.author.as_ref());
    let object = addresses(pull).raw("user", &author);
    let object = sides(people(dates(object, pull), pull), pull, &author);
    let object = object.text("author_association", pull.association);
    match shape {
        Shape::Bare => object,
        Shape::Partial => state(object, pull),
        Shape::Full => counts(state(object, pull), pull),
    }
}

fn addresses(pull: &PullState) -> Object {
    let PullState { number, id, .. } = pull;
    let name = pull.repo.full_name();
    let api = format!("{API}/repos/{name}");
    Object::with_capacity(20_000)
        .number("id", *id)
        .text("node_id", &format!("PR_kwDO{id:08x}"))
        .urls(
            &format!("{api}/pulls/{number}"),
            &[("url", ""), ("commits_url", "/commits"), ("review_comments_url", "/comments")],
        )
        .urls(
            &format!("{SITE}/{name}/pull/{number}"),
            &[("html_url", ""), ("diff_url", ".diff"), ("patch_url", ".patch")],
        )
        .urls(
            &format!("{api}/issues/{number}"),
            &[("issue_url", ""), ("comments_url", "/comments")],
        )
        .text("review_comment_url", &format!("{api}/pulls/comments{{/number}}"))
        .text("statuses_url", &format!("{api}/statuses/{}", pull.head_sha))
        .number("number", *number)
        .text("state", pull.state())
        .flag("locked", false)
        .text("title", &pull.title)
        .text_or_null("body", pull.body.as_deref())
}

fn dates(object: Object, pull: &PullState) -> Object {
    // The merge commit is derived from the merged one.
    let merged = pull.merged_at.map(|_| pull.head_sha.chars().rev().collect::<String>());
    object
        .at("created_at", pull.created_at)
        .at("updated_at", pull.updated_at)
        .at_or_null("closed_at", pull.closed_at)
        .at_or_null("merged_at", pull.merged_at)
        .text_or_null("merge_commit_sha", merged.as_deref())
}

fn people(object: Object, pull: &PullState) -> Object {
    object
        .raw("assignee", "null")
        .raw("assignees", "[]")
        .raw("requested_reviewers", "[]")
        .raw("requested_teams", "[]")
        .raw("labels", &list(&pull.labels, |entry| label(&pull.repo, entry)))
        .raw("milestone", "null")
}

fn sides(object: Object, pull: &PullState, author: &str) -> Object {
    let owner = pull.author.as_ref();
    let head = pull.head_repo.as_deref();
    let base = Some(&*pull.repo);
    object
        .raw("head", &side(&pull.head_ref, &pull.head_sha, owner, author, head))
        .raw(
            "base",
            &side(
                &pull.base_ref,
                &pull.base_sha,
                Some(&pull.repo.owner),
                &user_or_null(Some(&pull.repo.owner)),
                base,
            ),
        )
        .object("_links", links(pull))
}

fn side(
    branch: &str,
    sha: &str,
    owner: Option<&Account>,
    user: &str,
    repo: Option<&Repo>,
) -> String {
    let login = owner.map_or("unknown", |owner| &owner.login);
    let object = Object::with_capacity(8000)
        .text("label", &format!("{login}:{branch}"))
        .text("ref", branch)
        .text("sha", sha)
        .raw("user", user);
    match repo {
        Some(repo) => object.object("repo", repository(repo, Dates::Text).merge_settings()),
        None => object.raw("repo", "null"),
    }
    .done()
}

fn links(pull: &PullState) -> Object {
    let number = pull.number;
    let name = pull.repo.full_name();
    let api = format!("{API}/repos/{name}");
    let link = |href: String| Object::new().text("href", &href);
    Object::with_capacity(1000)
        .object("self", link(format!("{api}/pulls/{number}")))
        .object("html", link(format!("{SITE}/{name}/pull/{number}")))
        .object("issue", link(format!("{api}/issues/{number}")))
        .object("comments", link(format!("{api}/issues/{number}/comments")))
        .object("review_comments", link(format!("{api}/pulls/{number}/comments")))
        .object("review_comment", link(format!("{api}/pulls/comments{{/number}}")))
        .object("commits", link(format!("{api}/pulls/{number}/commits")))
        .object("statuses", link(format!("{api}/statuses/{}", pull.head_sha)))
}

fn state(object: Object, pull: &PullState) -> Object {
    let object = match &pull.auto_merge {
        None => object.raw("auto_merge", "null"),
        Some(by) => {
            let enabled = Object::with_capacity(2_000)
                .raw("enabled_by", &user_or_null(Some(by)))
                .text("merge_method", "squash")
                .text("commit_title", &format!("{} (#{})", pull.title, pull.number))
                .text("commit_message", "");
            object.object("auto_merge", enabled)
        }
    };
    object.raw("active_lock_reason", "null").flag("draft", pull.draft)
}

fn counts(object: Object, pull: &PullState) -> Object {
    object
        .flag("merged", pull.merged_at.is_some())
        .raw("mergeable", "null")
        .raw("rebaseable", "null")
        .text("mergeable_state", "unknown")
        .raw("merged_by", &user_or_null(pull.merged_by.as_ref()))
        .number("comments", pull.comments)
        .number("review_comments", pull.review_comments)
        .flag("maintainer_can_modify", pull.head_repo.is_some())
        .number("commits", pull.commits)
        .number("additions", pull.additions)
        .number("deletions", pull.deletions)
        .number("changed_files", pull.changed_files)
}

/// Returns a review of `pull`. The API and webhooks spell `state` differently, so the caller provides it.
pub(crate) fn review(pull: &PullState, review: &ReviewState, state: &str) -> Object {
    let name = pull.repo.full_name();
    let html = format!("{SITE}/{name}/pull/{}#pullrequestreview-{}", pull.number, review.id);
    let api = format!("{API}/repos/{name}/pulls/{}", pull.number);
    let links = Object::new()
        .object("html", Object::new().text("href", &html))
        .object("pull_request", Object::new().text("href", &api));
    Object::with_capacity(2500)
        .number("id", review.id)
        .text("node_id", &format!("PRR_kwDO{:08x}", review.id))
        .raw("user", &user_or_null(review.user.as_ref()))
        .text_or_null("body", review.body.as_deref())
        .text("commit_id", &review.commit_id)
        .at("submitted_at", review.submitted_at)
        .text("state", state)
        .text("html_url", &html)
        .text("pull_request_url", &api)
        .text("author_association", review.association)
        .object("_links", links)
}
