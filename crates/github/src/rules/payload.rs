//! GitHub's payloads. Parsing is tolerant: unknown fields are skipped, and absent fields stay absent. A
//! field with an unexpected type is an error that names the field.

use kernel::Timestamp;
use platform::crypto::digest;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    account::{self, Account},
    closing::closing_references,
    instant,
    merge::ends_in_merge,
    names,
};
use crate::model::{Facts, MergeRequest, Origin};

/// The error for a field with another type than GitHub documents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Unexpected {
    /// The field's path, such as `pull_request.user.id`, or `the payload` for the whole.
    pub field: String,
    /// The parser's error.
    pub reason: String,
}

/// A `pull_request` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct PullRequestEvent {
    /// `opened`, `enqueued`, `closed` …
    pub action: Option<String>,
    /// The current pull request.
    pub pull_request: Pull,
    pub repository: Repo,
    /// The person who did it.
    #[serde(default, deserialize_with = "account::unless_ghost")]
    pub sender: Option<Account>,
    /// Why it left the merge queue: `MERGE`, `CI_FAILURE`, `MANUAL` …
    pub reason: Option<String>,
}

impl PullRequestEvent {
    /// Returns the pull request, with what the action states about auto-merge and the merge queue, and its repository.
    #[must_use]
    pub fn stated(self) -> (Pull, Repo) {
        let Self { action, mut pull_request, repository, sender, reason } = self;
        let is_merged = pull_request.merged_at.is_some();
        let requests = &mut pull_request.requests;
        match action.as_deref() {
            Some("auto_merge_disabled") if !is_merged => {
                requests.auto_merge = Some(StatedRequest::Withdrawn);
            }
            Some("enqueued") => requests.merge_queue = sender.map(StatedRequest::By),
            Some("dequeued") if !is_merged && !ends_in_merge(reason.as_deref()) => {
                requests.merge_queue = Some(StatedRequest::Withdrawn);
            }
            _ => {}
        }
        (pull_request, repository)
    }
}

/// A `pull_request_review` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct ReviewEvent {
    pub review: Review,
    /// The pull request, with fewer fields.
    pub pull_request: Pull,
    pub repository: Repo,
}

/// A `push` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct PushEvent {
    /// The full ref, such as `refs/heads/main`.
    pub r#ref: String,
    /// The commit before.
    pub before: String,
    /// The commit after.
    pub after: String,
    /// True when history was rewritten.
    #[serde(default)]
    pub forced: bool,
    /// The newest commit, unless the ref was deleted.
    pub head_commit: Option<Commit>,
    pub repository: Repo,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Commit {
    /// The author date, which can be any value.
    #[serde(default, deserialize_with = "instant::of_anybody")]
    pub timestamp: Option<Timestamp>,
}

/// A `repository` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct RepositoryEvent {
    /// `renamed`, `archived`, `deleted` …
    pub action: String,
    /// The current repository.
    pub repository: Repo,
}

/// A `member` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct MemberEvent {
    /// `added`, `edited` or `removed`.
    pub action: String,
    /// The person whose role changed.
    pub member: Identified,
    pub repository: Repo,
}

/// A `github_app_authorization` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct AuthorizationEvent {
    /// `revoked`.
    pub action: String,
    /// The person who ended the authorization.
    pub sender: Identified,
}

/// An account of which only the ID is used.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Identified {
    /// GitHub's ID.
    pub id: i64,
}

/// A repository, with the fields that the payload includes.
#[derive(Clone, Debug, Deserialize)]
pub struct Repo {
    /// GitHub's ID, which stays the same through renames and transfers.
    pub id: i64,
    /// `owner/name`.
    #[serde(default, deserialize_with = "names::full_name")]
    pub full_name: Option<String>,
    pub owner: Option<Account>,
    /// True when it is private.
    pub private: Option<bool>,
    /// True when it is archived.
    pub archived: Option<bool>,
    /// When its settings last changed.
    #[serde(default, deserialize_with = "instant::of_text_or_seconds")]
    pub updated_at: Option<Timestamp>,
}

/// A pull request, with the fields that the payload includes.
#[derive(Clone, Debug, Deserialize)]
pub struct Pull {
    /// GitHub's ID.
    pub id: i64,
    /// The number in the repository.
    pub number: i64,
    /// `open` or `closed`.
    pub state: String,
    pub title: Option<String>,
    /// The description.
    pub body: Option<String>,
    /// The author; absent for a deleted account.
    #[serde(default, deserialize_with = "account::unless_ghost")]
    pub user: Option<Account>,
    pub labels: Option<Vec<Label>>,
    /// True for a draft.
    pub draft: Option<bool>,
    /// When it was opened.
    #[serde(deserialize_with = "instant::of_text")]
    pub created_at: Timestamp,
    /// When anything last changed.
    #[serde(deserialize_with = "instant::of_text")]
    pub updated_at: Timestamp,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub closed_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub merged_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "account::unless_ghost")]
    pub merged_by: Option<Account>,
    /// Auto-merge, while it is enabled.
    pub auto_merge: Option<AutoMerge>,
    /// Statements of an event about auto-merge and the merge queue.
    #[serde(skip)]
    pub requests: StatedRequests,
    /// Lines added.
    pub additions: Option<i64>,
    /// Lines deleted.
    pub deletions: Option<i64>,
    /// The number of changed files.
    pub changed_files: Option<i64>,
    /// The number of commits.
    pub commits: Option<i64>,
    /// The target branch.
    pub base: Option<Branch>,
    /// The source branch.
    pub head: Option<Branch>,
    /// The issues that it closes, if GitHub's API stated them. In deliveries, they follow from the description.
    #[serde(skip)]
    pub closes: Option<Vec<String>>,
}

/// Auto-merge of a pull request.
#[derive(Clone, Debug, Deserialize)]
pub struct AutoMerge {
    /// The person who enabled it.
    #[serde(default, deserialize_with = "account::unless_ghost")]
    pub enabled_by: Option<Account>,
}

/// Statements of an event about requests to merge a pull request.
#[derive(Clone, Debug, Default)]
pub struct StatedRequests {
    pub auto_merge: Option<StatedRequest>,
    pub merge_queue: Option<StatedRequest>,
}

/// A request to merge, with the account.
#[derive(Clone, Debug)]
pub enum StatedRequest {
    By(Account),
    /// It ended without a merge.
    Withdrawn,
}

impl StatedRequest {
    fn fact(&self) -> Option<MergeRequest> {
        match self {
            Self::By(account) => account.id.map(MergeRequest::By),
            Self::Withdrawn => Some(MergeRequest::Withdrawn),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Label {
    pub name: Option<String>,
}

/// A branch of a pull request.
#[derive(Clone, Debug, Deserialize)]
pub struct Branch {
    pub r#ref: Option<String>,
    /// The commit.
    pub sha: Option<String>,
    /// The repository; null once it is deleted.
    pub repo: Option<BranchRepository>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct BranchRepository {
    /// GitHub's ID.
    pub id: i64,
    /// The owner; null for a deleted account.
    pub owner: Option<BranchOwner>,
    /// `owner/name`. It is only compared, so it is not checked.
    pub full_name: Option<String>,
    pub default_branch: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct BranchOwner {
    /// GitHub's ID.
    pub id: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Review {
    /// GitHub's ID.
    pub id: i64,
    /// The reviewer; absent for a deleted account.
    #[serde(default, deserialize_with = "account::unless_ghost")]
    pub user: Option<Account>,
    /// `approved`, `changes_requested`, `commented`, `dismissed`, `pending`.
    pub state: String,
    /// When it was submitted; absent while pending.
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub submitted_at: Option<Timestamp>,
    /// The reviewer's relation to the repository.
    pub author_association: Option<String>,
}

/// Parses a body as `T`.
///
/// # Errors
/// When a field has an unexpected type; the error names it.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unexpected> {
    serde_json::from_slice(body).or_else(|_| {
        // The path is tracked only when needed, because it is slow.
        let mut json = serde_json::Deserializer::from_slice(body);
        serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let is_whole = error.path().iter().next().is_none();
            let field = if is_whole { "the payload".to_owned() } else { error.path().to_string() };
            let reason = error.inner().to_string();
            Unexpected { field, reason }
        })
    })
}

impl Repo {
    /// Moves times that are after `latest`, when the payload was received, to it.
    pub(crate) fn clamp(&mut self, latest: Timestamp) {
        self.updated_at = self.updated_at.map(|at| at.min(latest));
    }
}

impl Review {
    /// Moves times that are after `latest`, when the payload was received, to it.
    pub(crate) fn clamp(&mut self, latest: Timestamp) {
        self.submitted_at = self.submitted_at.map(|at| at.min(latest));
    }
}

impl PushEvent {
    /// Moves times that are after `latest`, when the payload was received, to it.
    pub(crate) fn clamp(&mut self, latest: Timestamp) {
        self.repository.clamp(latest);
        if let Some(commit) = &mut self.head_commit {
            commit.timestamp = commit.timestamp.map(|at| at.min(latest));
        }
    }
}

impl Pull {
    /// Moves times that are after `latest`, when the payload was received, to it.
    pub(crate) fn clamp(&mut self, latest: Timestamp) {
        self.created_at = self.created_at.min(latest);
        self.updated_at = self.updated_at.min(latest);
        self.closed_at = self.closed_at.map(|at| at.min(latest));
        self.merged_at = self.merged_at.map(|at| at.min(latest));
    }

    /// Returns the facts that this payload states.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let base = self.base.as_ref();
        let head = self.head.as_ref();
        let owner = base.and_then(|base| base.repo.as_ref()).and_then(|repo| repo.owner.as_ref());
        Facts {
            title: self.title.as_deref().map(|title| plain(title, LONGEST_TITLE)),
            closed: Some(self.state == "closed"),
            draft: self.draft,
            labels: self.labels.as_deref().map(label_names),
            author_id: self.user.as_ref().and_then(|user| user.id),
            author_is_bot: self.user.as_ref().and_then(Account::is_bot),
            created_at: Some(self.created_at),
            closed_at: self.closed_at,
            merged_at: self.merged_at,
            merged_by_id: self.merged_by.as_ref().and_then(|user| user.id),
            auto_merge: self.enabled_by().as_ref().and_then(StatedRequest::fact),
            merge_queue: self.requests.merge_queue.as_ref().and_then(StatedRequest::fact),
            additions: self.additions,
            deletions: self.deletions,
            changed_files: self.changed_files,
            commits: self.commits,
            base_ref: base.and_then(|base| base.r#ref.as_deref().map(reference)),
            base_owner_id: owner.and_then(|owner| owner.id),
            head_ref: head.and_then(|head| head.r#ref.as_deref().map(reference)),
            head_sha: head.and_then(|head| head.sha.as_deref().map(reference)),
            body_digest: self.body.as_deref().map(|body| hex::encode(digest(body.as_bytes()))),
            closes: self.closes(),
            origin: Origin::Delivery,
        }
    }

    /// Returns who enabled auto-merge, or that it was disabled, as far as this payload states it.
    fn enabled_by(&self) -> Option<StatedRequest> {
        let enabled = || self.auto_merge.as_ref()?.enabled_by.clone().map(StatedRequest::By);
        self.requests.auto_merge.clone().or_else(enabled)
    }

    /// Returns the accounts that requested the merge.
    pub(crate) fn requesters(&self) -> impl Iterator<Item = Account> {
        let requests = [self.enabled_by(), self.requests.merge_queue.clone()];
        requests.into_iter().flatten().filter_map(|request| match request {
            StatedRequest::By(account) => Some(account),
            StatedRequest::Withdrawn => None,
        })
    }

    /// Returns the issues that it closes. A description closes issues only when the target is the default branch.
    fn closes(&self) -> Vec<String> {
        if let Some(stated) = &self.closes {
            return stated.clone();
        }
        let base = self.base.as_ref();
        let repository = base.and_then(|base| base.repo.as_ref());
        let default = repository.and_then(|repository| repository.default_branch.as_deref());
        let target = base.and_then(|base| base.r#ref.as_deref());
        match (self.body.as_deref(), target) {
            (Some(body), Some(target)) if default.is_none_or(|default| default == target) => {
                let own = repository.and_then(|repository| repository.full_name.as_deref());
                closing_references(body, own)
            }
            _ => Vec::new(),
        }
    }
}

/// The characters of a title that are kept. GitHub allows 256.
pub(super) const LONGEST_TITLE: usize = 256;

/// The characters of a label's name that are kept. GitHub allows 50.
const LONGEST_LABEL: usize = 50;

/// The labels that are kept. GitHub allows 100.
const MOST_LABELS: usize = 100;

/// The characters of a ref or commit that are kept. Git limits a part of a ref's path to 255 bytes.
const LONGEST_REF: usize = 255;

/// Returns the beginning of a text without NUL characters, which text columns cannot hold. The stored delivery keeps
/// the whole text.
pub(super) fn plain(text: &str, longest: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(longest).collect()
}

/// The characters of a path that are kept. Linux limits a path to 4,096 bytes.
const LONGEST_PATH: usize = 4_096;

/// Returns the path of a file as it is stored.
#[must_use]
pub fn path(text: &str) -> String {
    plain(text, LONGEST_PATH)
}

fn reference(text: &str) -> String {
    plain(text, LONGEST_REF)
}

pub(super) fn label_names(labels: &[Label]) -> Vec<String> {
    let mut names: Vec<String> = labels
        .iter()
        .filter_map(|label| label.name.as_deref().map(|name| plain(name, LONGEST_LABEL)))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(MOST_LABELS);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const PULL: &str = r#"{"id":1,"number":2,"state":"open","user":null,"draft":false,
        "created_at":"2026-10-01T00:00:00Z","updated_at":"2026-10-02T00:00:00Z","later":{"unknown":[1]}}"#;

    fn event(pull: &str) -> String {
        format!(
            r#"{{"action":"opened","pull_request":{pull},"repository":{{"id":3,"updated_at":1790000000}}}}"#
        )
    }

    #[test]
    fn unknown_fields_are_skipped_and_absent_ones_stay_absent() {
        let event: PullRequestEvent = read(event(PULL).as_bytes()).expect("read");
        let facts = event.pull_request.facts();
        assert_eq!((facts.closed, facts.author_id, facts.additions), (Some(false), None, None));
        assert!(event.repository.updated_at.is_some());
    }

    #[test]
    fn a_missing_part_is_rejected_with_the_payload_named() {
        let error = read::<PullRequestEvent>(b"{}").expect_err("refused");
        assert_eq!(
            error.to_string(),
            "the payload: missing field `pull_request` at line 1 column 2"
        );
    }

    #[test]
    fn an_unexpected_type_is_rejected_with_the_fields_name() {
        let error =
            |pull: &str| read::<PullRequestEvent>(event(pull).as_bytes()).expect_err("refused");
        assert_eq!(
            error(&PULL.replace("\"number\":2", "\"number\":\"two\"")).field,
            "pull_request.number"
        );
        assert_eq!(error(&PULL.replace("null", "{\"id\":\"x\"}")).field, "pull_request.user.id");
        let missing = error(&PULL.replace("\"id\":1,", ""));
        assert!(missing.to_string().contains("missing field `id`"), "{missing}");
    }
}
