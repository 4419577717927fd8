//! The results of checks in deliveries: completed runs of workflows, and completed suites of checks of other apps.

use kernel::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};

use super::{
    code::{is_sha, line},
    instant,
    payload::Repo,
};

/// The action of deliveries about what has ended.
const COMPLETED: &str = "completed";

/// The characters of a name, an event and an address that are kept.
const LONGEST_NAME: usize = 256;
const LONGEST_EVENT: usize = 64;
const LONGEST_URL: usize = 1_024;

/// A `workflow_run` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct WorkflowRunEvent {
    /// `requested`, `in_progress` or `completed`.
    pub action: String,
    pub workflow_run: WorkflowRun,
    pub repository: Repo,
}

/// A `check_suite` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct CheckSuiteEvent {
    /// `requested`, `rerequested` or `completed`.
    pub action: String,
    pub check_suite: CheckSuite,
    pub repository: Repo,
}

#[derive(Clone, Debug, Deserialize)]
pub struct WorkflowRun {
    id: i64,
    name: Option<String>,
    event: Option<String>,
    #[serde(deserialize_with = "sha")]
    head_sha: String,
    conclusion: Option<String>,
    html_url: Option<String>,
    #[serde(deserialize_with = "instant::of_text")]
    updated_at: Timestamp,
}

/// The checks of an app for a commit.
#[derive(Clone, Debug, Deserialize)]
pub struct CheckSuite {
    id: i64,
    app: Option<App>,
    #[serde(deserialize_with = "sha")]
    head_sha: String,
    conclusion: Option<String>,
    #[serde(deserialize_with = "instant::of_text")]
    updated_at: Timestamp,
}

#[derive(Clone, Debug, Deserialize)]
struct App {
    name: Option<String>,
}

/// A result of checks, as a delivery states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatedResult {
    pub(crate) source: &'static str,
    pub(crate) github_id: i64,
    pub(crate) head_sha: String,
    pub(crate) name: String,
    pub(crate) event: Option<String>,
    pub(crate) conclusion: String,
    pub(crate) url: Option<String>,
    pub(crate) completed_at: Timestamp,
    pub(crate) received_at: Timestamp,
}

fn sha<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if is_sha(&text) { Ok(text) } else { Err(D::Error::custom("is not the SHA of a commit")) }
}

impl WorkflowRunEvent {
    /// Returns the result; `None` if the run has none yet.
    pub(crate) fn result(&self, received_at: Timestamp) -> Option<StatedResult> {
        let run = &self.workflow_run;
        let url = run.html_url.as_deref().filter(|url| is_address(url));
        Some(StatedResult {
            source: "workflow_run",
            github_id: run.id,
            head_sha: run.head_sha.clone(),
            name: named(run.name.as_deref()),
            event: run.event.as_deref().map(|own| line(own, LONGEST_EVENT)),
            conclusion: concluded(&self.action, run.conclusion.as_deref())?,
            url: url.map(str::to_owned),
            completed_at: run.updated_at.min(received_at),
            received_at,
        })
    }
}

impl CheckSuiteEvent {
    /// Returns the result; `None` if the suite has none yet.
    pub(crate) fn result(&self, received_at: Timestamp) -> Option<StatedResult> {
        let suite = &self.check_suite;
        let app = suite.app.as_ref().and_then(|app| app.name.as_deref());
        Some(StatedResult {
            source: "check_suite",
            github_id: suite.id,
            head_sha: suite.head_sha.clone(),
            name: named(app),
            event: None,
            conclusion: concluded(&self.action, suite.conclusion.as_deref())?,
            url: None,
            completed_at: suite.updated_at.min(received_at),
            received_at,
        })
    }
}

fn named(name: Option<&str>) -> String {
    line(name.unwrap_or_default(), LONGEST_NAME)
}

/// Returns GitHub's name of a conclusion, which is a word in lower case.
fn concluded(action: &str, conclusion: Option<&str>) -> Option<String> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    let word = conclusion.filter(|_| action == COMPLETED)?;
    let is_known = (1..=LONGEST_EVENT).contains(&word.len()) && word.bytes().all(is_word);
    is_known.then(|| word.to_owned())
}

fn is_address(url: &str) -> bool {
    let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain && url.len() <= LONGEST_URL && url.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::{super::payload::read, *};

    const RUN: &str = r#"{"action":"completed","repository":{"id":7},"workflow_run":{"id":30433642,"name":"Checks",
        "head_branch":"main","head_sha":"acb5820ced9479c074f688cc328bf03f341a511d","event":"push",
        "status":"completed","conclusion":"success","html_url":"https://github.com/octo-org/lantern/actions/runs/30433642",
        "updated_at":"2999-01-22T19:33:08Z"}}"#;

    const SUITE: &str = r#"{"action":"completed","repository":{"id":7},"check_suite":{"id":5,"status":"completed",
        "head_sha":"acb5820ced9479c074f688cc328bf03f341a511d","conclusion":"timed_out","app":{"id":1,"name":"Harbor CI"},
        "updated_at":"2026-10-22T19:33:08Z"}}"#;

    fn received_at() -> Timestamp {
        "2026-11-01T08:00:00Z".parse().expect("an instant")
    }

    fn run(json: &str) -> Option<StatedResult> {
        let event: WorkflowRunEvent = read(json.as_bytes()).expect("read");
        event.result(received_at())
    }

    #[test]
    fn a_completed_run_has_a_result() {
        let found = run(RUN).expect("a result");
        assert_eq!((found.name.as_str(), found.event.as_deref()), ("Checks", Some("push")));
        assert_eq!(found.conclusion, "success");
        assert_eq!(found.completed_at, received_at(), "not after the receipt");
        assert!(found.url.is_some());
    }

    #[test]
    fn what_has_not_ended_has_no_result() {
        assert_eq!(run(&RUN.replace("completed", "in_progress")), None);
        assert_eq!(run(&RUN.replace("\"success\"", "null")), None);
        assert_eq!(run(&RUN.replace("success", "<b>")), None);
    }

    #[test]
    fn only_safe_addresses_are_kept() {
        let found = run(&RUN.replace("https://github.com", "javascript:"));
        assert_eq!(found.expect("a result").url, None);
    }

    #[test]
    fn a_suite_has_the_name_of_its_app() {
        let event: CheckSuiteEvent = read(SUITE.as_bytes()).expect("read");
        let found = event.result(received_at()).expect("a result");
        assert_eq!((found.name.as_str(), found.conclusion.as_str()), ("Harbor CI", "timed_out"));
    }
}
