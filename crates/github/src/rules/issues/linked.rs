use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::Deserialize;

use crate::{
    model::LinkedPull,
    rules::{instant, names, queried::Account},
};

/// The response to a query for the pull requests that would close issues.
#[derive(Clone, Debug, Deserialize)]
pub struct LinkedData {
    /// The repository; null if there is none with the name.
    pub repository: Option<LinkedRepository>,
}

/// A repository with the pull requests of some of its issues.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedRepository {
    /// GitHub's ID.
    pub database_id: i64,
    /// The issues by the names in the query; null if there is none with the number.
    #[serde(flatten)]
    pub issues: BTreeMap<String, Option<LinkedIssue>>,
}

/// An issue with the pull requests that would close it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkedIssue {
    pub number: i64,
    closed_by_pull_requests_references: Option<Pulls>,
}

#[derive(Clone, Debug, Deserialize)]
struct Pulls {
    nodes: Vec<Option<QueriedLink>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueriedLink {
    number: i64,
    state: String,
    author: Option<Account>,
    repository: RepositoryName,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    merged_at: Option<Timestamp>,
    #[serde(deserialize_with = "instant::of_text")]
    updated_at: Timestamp,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RepositoryName {
    #[serde(deserialize_with = "names::full_name_given")]
    name_with_owner: String,
}

impl LinkedIssue {
    /// Returns the pull requests, by name. Times after the request are moved to it.
    #[must_use]
    pub fn pulls(&self, asked_at: Timestamp) -> Vec<LinkedPull> {
        let listed = self.closed_by_pull_requests_references.iter();
        let listed = listed.flat_map(|pulls| pulls.nodes.iter().flatten());
        let mut pulls: Vec<LinkedPull> = listed
            .map(|pull| LinkedPull {
                name: format!("{}#{}", pull.repository.name_with_owner, pull.number),
                is_open: pull.state == "OPEN",
                author_github_id: pull.author.as_ref().and_then(|author| author.database_id),
                merged_at: pull.merged_at.map(|at| at.min(asked_at)),
                active_at: pull.updated_at.min(asked_at),
            })
            .collect();
        pulls.sort_by(|a, b| a.name.cmp(&b.name));
        pulls.dedup_by(|a, b| a.name == b.name);
        pulls
    }
}
