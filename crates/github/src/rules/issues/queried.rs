use kernel::Timestamp;
use serde::Deserialize;

use super::stated::{LONGEST_BODY, LONGEST_WORD, Rank, StatedIssue, assignee_ids};
use crate::{
    model::Profile,
    rules::{
        instant, names,
        payload::{LONGEST_TITLE, Label, label_names, plain},
        queried::{Account, Connection, big_int},
    },
};

/// The response to a query for a page of issues.
#[derive(Clone, Debug, Deserialize)]
pub struct IssuesData {
    /// The repository; null if there is none with the name.
    pub repository: Option<QueriedRepository>,
    /// The same repository's description, if the query asks for it.
    #[serde(default)]
    pub described: Option<QueriedProfile>,
}

/// A repository with a page of its issues.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueriedRepository {
    /// GitHub's ID.
    pub database_id: i64,
    /// `owner/name`.
    #[serde(deserialize_with = "names::full_name_given")]
    pub name_with_owner: String,
    /// True for a private one.
    pub is_private: bool,
    /// True for an archived one.
    pub is_archived: bool,
    /// The page.
    pub issues: Connection<QueriedIssue>,
}

/// A repository that was found by its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedRepository {
    /// GitHub's ID.
    pub database_id: i64,
    /// `owner/name`.
    #[serde(deserialize_with = "names::full_name_given")]
    pub name_with_owner: String,
    /// True for a private one.
    pub is_private: bool,
    /// True for an archived one.
    pub is_archived: bool,
}

/// An issue as the GraphQL API returns it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueriedIssue {
    #[serde(deserialize_with = "big_int")]
    full_database_id: i64,
    number: i64,
    title: String,
    body: Option<String>,
    state: String,
    state_reason: Option<String>,
    locked: bool,
    author: Option<Account>,
    author_association: String,
    labels: Option<Nodes<Label>>,
    assignees: Assignees,
    comments: Count,
    reactions: Count,
    closed_by_pull_requests_references: Option<Nodes<Linked>>,
    #[serde(deserialize_with = "instant::of_text")]
    created_at: Timestamp,
    /// When it last changed.
    #[serde(deserialize_with = "instant::of_text")]
    pub updated_at: Timestamp,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    closed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    total_count: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assignees {
    total_count: i64,
    #[serde(default)]
    nodes: Vec<Option<Assignee>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assignee {
    database_id: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Nodes<T> {
    nodes: Vec<Option<T>>,
}

impl<T> Nodes<T> {
    fn all(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().flatten()
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Linked {
    state: String,
}

impl QueriedIssue {
    /// Returns the statement that GitHub's API made when it was asked.
    #[must_use]
    pub fn stated(&self, asked_at: Timestamp) -> StatedIssue {
        let labels: Vec<Label> = self.labels.iter().flat_map(Nodes::all).cloned().collect();
        let linked = self.closed_by_pull_requests_references.iter().flat_map(Nodes::all);
        let author = self.author.as_ref().map(Account::stated);
        let assigned = self.assignees.nodes.iter().flatten();
        StatedIssue {
            number: self.number,
            github_id: self.full_database_id,
            title: plain(&self.title, LONGEST_TITLE),
            body: plain(self.body.as_deref().unwrap_or_default(), LONGEST_BODY),
            labels: label_names(&labels),
            is_closed: self.state != "OPEN",
            state_reason: self
                .state_reason
                .as_deref()
                .map(|why| plain(&why.to_lowercase(), LONGEST_WORD)),
            is_locked: self.locked,
            author_is_bot: author.and_then(|author| author.is_bot()).unwrap_or(false),
            author_association: plain(&self.author_association, LONGEST_WORD),
            assignees: self.assignees.total_count.max(0),
            assignee_ids: assignee_ids(assigned.filter_map(|person| person.database_id)),
            open_pulls: Some(linked.filter(|pull| pull.state == "OPEN").count() as i64),
            comments: self.comments.total_count.max(0),
            reactions: Some(self.reactions.total_count.max(0)),
            opened_at: self.created_at.min(asked_at),
            changed_at: self.updated_at.min(asked_at),
            closed_at: self.closed_at.map(|at| at.min(asked_at)),
            rank: Rank::Api(asked_at),
        }
    }
}

/// The description of a repository.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueriedProfile {
    description: Option<String>,
    repository_topics: Nodes<TopicNode>,
    languages: Option<Languages>,
    stargazer_count: i64,
    fork_count: i64,
    is_fork: bool,
    open_issues: Count,
    contributing_guidelines: Option<serde::de::IgnoredAny>,
    license_info: Option<License>,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pushed_at: Option<Timestamp>,
    closed_pulls: Nodes<ClosedPull>,
    newest_issues: Nodes<Answered>,
}

#[derive(Clone, Debug, Deserialize)]
struct TopicNode {
    topic: StatedName,
}

#[derive(Clone, Debug, Deserialize)]
struct StatedName {
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Languages {
    edges: Vec<Option<Language>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Language {
    size: i64,
    node: StatedName,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct License {
    spdx_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClosedPull {
    state: String,
    author_association: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    #[serde(deserialize_with = "instant::of_text")]
    created_at: Timestamp,
    author_association: String,
    comments: Nodes<Answer>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(deserialize_with = "instant::of_text")]
    created_at: Timestamp,
    author_association: String,
}

/// Returns whether a person with this relation belongs to the repository.
fn belongs(association: &str) -> bool {
    matches!(association, "OWNER" | "MEMBER" | "COLLABORATOR")
}

/// The characters of a repository's description that are kept. GitHub allows 350.
const LONGEST_DESCRIPTION: usize = 1_000;
/// The characters of a topic or a language that are kept.
const LONGEST_NAME: usize = 60;
/// The topics and languages that are kept.
const MOST_NAMES: usize = 20;

impl QueriedProfile {
    /// Returns the description with bounded texts.
    #[must_use]
    pub fn profile(&self, asked_at: Timestamp) -> Profile {
        let name = |name: &str| plain(name, LONGEST_NAME);
        let topics = self.repository_topics.all().take(MOST_NAMES);
        let languages = self.languages.iter().flat_map(|list| list.edges.iter().flatten());
        let outside = self.closed_pulls.all().filter(|pull| !belongs(&pull.author_association));
        let (merged, refused): (Vec<_>, Vec<_>) = outside.partition(|pull| pull.state == "MERGED");
        let asked = self.newest_issues.all().filter(|issue| !belongs(&issue.author_association));
        let description = self.description.as_deref();
        Profile {
            description: description
                .map(|text| plain(text, LONGEST_DESCRIPTION))
                .filter(|text| !text.is_empty()),
            topics: topics.map(|topic| name(&topic.topic.name)).collect(),
            languages: languages
                .take(MOST_NAMES)
                .map(|language| (name(&language.node.name), language.size.max(0)))
                .collect(),
            stars: self.stargazer_count.max(0),
            forks: self.fork_count.max(0),
            open_issues: self.open_issues.total_count.max(0),
            is_fork: self.is_fork,
            has_contributing: self.contributing_guidelines.is_some(),
            license: self.license_info.as_ref().and_then(|own| own.spdx_id.as_deref()).map(name),
            pushed_at: self.pushed_at.map(|at| at.min(asked_at)),
            outside_merged: merged.len() as i64,
            outside_refused: refused.len() as i64,
            answers: asked.map(Answered::minutes).collect(),
        }
    }
}

impl Answered {
    /// Returns the minutes until a person of the repository answered.
    fn minutes(&self) -> Option<i64> {
        let answers = self.comments.all().filter(|answer| belongs(&answer.author_association));
        let first = answers.map(|answer| answer.created_at).min()?;
        Some((first - self.created_at).num_minutes().max(0))
    }
}
