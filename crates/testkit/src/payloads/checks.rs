use kernel::Timestamp;
use serde_json::value::RawValue;

use super::{
    model::{Account, Repo},
    object::Object,
    parts::{API, SITE, user},
};

/// A run of a workflow that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunState {
    /// GitHub's ID.
    pub id: i64,
    pub name: String,
    /// The event that started it, such as `push` or `repository_dispatch`.
    pub event: String,
    pub branch: String,
    /// The commit that it checked.
    pub sha: String,
    /// The conclusion, such as `success` or `failure`.
    pub conclusion: String,
    /// When it ended.
    pub at: Timestamp,
}

/// Returns the body of a `workflow_run` event of a completed run.
#[must_use]
pub fn workflow_run(repo: &Repo, run: &RunState, sender: &Account) -> Box<RawValue> {
    let name = repo.full_name();
    let object = Object::with_capacity(4_000)
        .number("id", run.id)
        .text("name", &run.name)
        .text("head_branch", &run.branch)
        .text("head_sha", &run.sha)
        .text("path", ".github/workflows/checks.yml")
        .text("display_title", &run.name)
        .number("run_number", 1)
        .text("event", &run.event)
        .text("status", "completed")
        .text("conclusion", &run.conclusion)
        .number("workflow_id", repo.id)
        .number("check_suite_id", run.id + 1)
        .text("url", &format!("{API}/repos/{name}/actions/runs/{}", run.id))
        .text("html_url", &format!("{SITE}/{name}/actions/runs/{}", run.id))
        .raw("pull_requests", "[]")
        .at("created_at", run.at)
        .at("updated_at", run.at)
        .raw("actor", &user(sender))
        .number("run_attempt", 1)
        .at("run_started_at", run.at);
    Object::with_capacity(14_000)
        .text("action", "completed")
        .object("workflow_run", object)
        .tail(repo, sender)
        .body()
}

/// Returns the body of a `check_suite` event of the completed suite of a run.
#[must_use]
pub fn check_suite(repo: &Repo, run: &RunState, sender: &Account) -> Box<RawValue> {
    let (name, id) = (repo.full_name(), run.id + 1);
    let app = Object::new()
        .number("id", 15_368)
        .text("slug", "github-actions")
        .text("name", "GitHub Actions");
    let suite = Object::with_capacity(2_000)
        .number("id", id)
        .text("node_id", &format!("CS_{id}"))
        .text("head_branch", &run.branch)
        .text("head_sha", &run.sha)
        .text("status", "completed")
        .text("conclusion", &run.conclusion)
        .text("url", &format!("{API}/repos/{name}/check-suites/{id}"))
        .raw("before", "null")
        .text("after", &run.sha)
        .raw("pull_requests", "[]")
        .object("app", app)
        .at("created_at", run.at)
        .at("updated_at", run.at)
        .number("latest_check_runs_count", 1);
    Object::with_capacity(12_000)
        .text("action", "completed")
        .object("check_suite", suite)
        .tail(repo, sender)
        .body()
}
