//! A pull request as a maintainer reads it before opening it.

use sea_orm::FromQueryResult;

use crate::model::ChangedFile;

/// A pull request in short, as GitHub described it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Glance {
    /// Label names, as a JSON array.
    labels: String,
    /// The changed files of the head, as JSON; absent if they are not known.
    files: Option<String>,
    /// The number of checks of the head that passed, and of those that did not. Checks are known of watched repositories only.
    pub passed: i64,
    pub failed: i64,
    /// The number, the title and the beginning of the description of the issue that it closes; absent if no such issue is known.
    pub issue: Option<i64>,
    pub issue_title: Option<String>,
    pub issue_body: Option<String>,
}

impl Glance {
    /// Returns the names of the labels.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        serde_json::from_str(&self.labels).unwrap_or_default()
    }

    /// Returns the paths of the changed files; none if they are not known.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let files: Option<Vec<ChangedFile>> =
            self.files.as_deref().and_then(|files| serde_json::from_str(files).ok());
        files.unwrap_or_default().into_iter().map(|file| file.path).collect()
    }
}

/// Conclusions of checks that do not stand in the way.
const PASSED: &str = "'success', 'neutral', 'skipped'";

/// Returns the columns of a [`Glance`] of the pull request `pull` with the issue `closed`, and the part of a statement that adds
/// that issue: the first of its repository that it closes.
#[must_use]
pub fn glanced() -> (String, &'static str) {
    // Of checks that ran again, the last run counts.
    let checks = |is: &str| {
        format!(
            "(SELECT count(*) FROM check_results k WHERE k.repository_id = pull.repository_id AND k.head_sha = pull.head_sha \
             AND k.conclusion {is} ({PASSED}) AND NOT EXISTS (SELECT 1 FROM check_results newer \
             WHERE newer.repository_id = k.repository_id AND newer.head_sha = k.head_sha AND newer.source = k.source \
             AND newer.name = k.name AND (newer.completed_at, newer.id) > (k.completed_at, k.id)))"
        )
    };
    let columns = format!(
        "pull.labels, (SELECT f.files FROM pull_request_files f WHERE f.pull_request_id = pull.id \
         AND f.head_sha = pull.head_sha) AS files, {} AS passed, {} AS failed, closed.number AS issue, \
         closed.title AS issue_title, substr(closed.body, 1, 1000) AS issue_body",
        checks("IN"),
        checks("NOT IN")
    );
    let issue = "LEFT JOIN issues closed ON closed.id = (SELECT i.id FROM closing_references c \
         JOIN issues i ON i.repository_id = c.repository_id AND i.number = c.number \
         WHERE c.pull_request_id = pull.id ORDER BY i.number LIMIT 1)";
    (columns, issue)
}

/// Returns a SELECT of the pull requests that a person reviewed on GitHub at or after an instant; both are expressions.
#[must_use]
pub fn reviewed_on_github(person: &str, since: &str) -> String {
    format!(
        "SELECT g.pull_request_id FROM github_reviews g WHERE g.reviewer_id = {person} AND g.submitted_at >= {since}"
    )
}
