use super::{
    model::Repo,
    object::Object,
    parts::{API, SITE, user},
};

/// The format of a repository's timestamps: pushes use seconds, all other events use text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dates {
    Text,
    Seconds,
}

const URLS: [(&str, &str); 37] = [
    ("url", ""),
    ("forks_url", "/forks"),
    ("keys_url", "/keys{/key_id}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("teams_url", "/teams"),
    ("hooks_url", "/hooks"),
    ("issue_events_url", "/issues/events{/number}"),
    ("events_url", "/events"),
    ("assignees_url", "/assignees{/user}"),
    ("branches_url", "/branches{/branch}"),
    ("tags_url", "/tags"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("trees_url", "/git/trees{/sha}"),
    ("statuses_url", "/statuses/{sha}"),
    ("languages_url", "/languages"),
    ("stargazers_url", "/stargazers"),
    ("contributors_url", "/contributors"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("commits_url", "/commits{/sha}"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("comments_url", "/comments{/number}"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("contents_url", "/contents/{+path}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("merges_url", "/merges"),
    ("archive_url", "/{archive_format}{/ref}"),
    ("downloads_url", "/downloads"),
    ("issues_url", "/issues{/number}"),
    ("pulls_url", "/pulls{/number}"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("labels_url", "/labels{/name}"),
    ("releases_url", "/releases{/id}"),
    ("deployments_url", "/deployments"),
];

/// Renders a repository as every payload contains it.
pub(crate) fn repository(repo: &Repo, dates: Dates) -> Object {
    let name = repo.full_name();
    let head = Object::with_capacity(7000)
        .number("id", repo.id)
        .text("node_id", &format!("R_kgDO{:08x}", repo.id))
        .text("name", &repo.name)
        .text("full_name", &name)
        .flag("private", repo.private)
        .raw("owner", &user(&repo.owner))
        .text("html_url", &format!("{SITE}/{name}"))
        .text_or_null("description", repo.description.as_deref())
        .flag("fork", repo.fork)
        .urls(&format!("{API}/repos/{name}"), &URLS);
    let dated = instants(head, repo, dates)
        .text("git_url", &format!("git://github.com/{name}.git"))
        .text("ssh_url", &format!("git@github.com:{name}.git"))
        .text("clone_url", &format!("{SITE}/{name}.git"))
        .text("svn_url", &format!("{SITE}/{name}"));
    counts(dated, repo)
}

fn instants(object: Object, repo: &Repo, dates: Dates) -> Object {
    match dates {
        Dates::Text => object
            .at("created_at", repo.created_at)
            .at("updated_at", repo.updated_at)
            .at("pushed_at", repo.pushed_at),
        Dates::Seconds => object
            .number("created_at", repo.created_at.timestamp())
            .at("updated_at", repo.updated_at)
            .number("pushed_at", repo.pushed_at.timestamp())
            .number("stargazers", repo.stars)
            .text("master_branch", &repo.default_branch),
    }
}

fn counts(object: Object, repo: &Repo) -> Object {
    let topics = serde_json::Value::from(repo.topics.clone()).to_string();
    object
        .raw("homepage", "null")
        .number("size", repo.size.unwrap_or(repo.id % 4096))
        .number("stargazers_count", repo.stars)
        .number("watchers_count", repo.stars)
        .text_or_null("language", repo.language.as_deref())
        .flag("has_issues", true)
        .flag("has_projects", true)
        .flag("has_downloads", true)
        .flag("has_wiki", true)
        .flag("has_pages", false)
        .flag("has_discussions", false)
        .number("forks_count", repo.stars / 7)
        .raw("mirror_url", "null")
        .flag("archived", repo.archived)
        .flag("disabled", false)
        .number("open_issues_count", repo.open_issues)
        .raw("license", &license(repo))
        .flag("allow_forking", true)
        .flag("is_template", false)
        .flag("web_commit_signoff_required", false)
        .raw("topics", &topics)
        .text("visibility", if repo.private { "private" } else { "public" })
        .number("forks", repo.stars / 7)
        .number("open_issues", repo.open_issues)
        .number("watchers", repo.stars)
        .text("default_branch", &repo.default_branch)
        .raw("custom_properties", "{}")
}

fn license(repo: &Repo) -> String {
    let Some(id) = &repo.license else {
        return String::from("null");
    };
    Object::new()
        .text("key", &id.to_lowercase())
        .text("name", id)
        .text("spdx_id", id)
        .raw("url", "null")
        .text("node_id", "MDc6TGljZW5zZQ==")
        .done()
}

impl Object {
    /// Adds the merge settings, which only the head and base of a pull request have.
    pub(crate) fn merge_settings(self) -> Self {
        self.flag("allow_squash_merge", true)
            .flag("allow_merge_commit", true)
            .flag("allow_rebase_merge", true)
            .flag("allow_auto_merge", false)
            .flag("delete_branch_on_merge", true)
            .flag("allow_update_branch", false)
            .flag("use_squash_pr_title_as_default", false)
            .text("squash_merge_commit_message", "COMMIT_MESSAGES")
            .text("squash_merge_commit_title", "COMMIT_OR_PR_TITLE")
            .text("merge_commit_message", "PR_TITLE")
            .text("merge_commit_title", "MERGE_MESSAGE")
    }
}
