use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{Api, ApiError, Call, api::Read};
use crate::rules::queried::{
    Account, Connection, File, Lists, PullsData, QueriedPull, RestData, RestDescription,
};

/// The query for a page of pull requests.
const PULLS: &str = concat!(
    include_str!("queries/pulls.graphql"),
    include_str!("queries/pull.graphql"),
    include_str!("queries/lists.graphql")
);
/// The query for further pages of a pull request's lists.
const REST: &str =
    concat!(include_str!("queries/rest.graphql"), include_str!("queries/lists.graphql"));

/// The files of a pull request that GitHub lists at most.
const MOST_FILES: usize = 3_000;

/// The most pages of one pull request's lists that are read, which are more than anyone's pull request has.
const MOST_PAGES: usize = 200;

/// The order of pull requests or issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Oldest first. The place of a page stays the same while others are opened.
    Opened,
    /// Last changed first.
    Changed,
}

impl Order {
    /// Returns the order as GitHub's GraphQL API expects it.
    pub(super) fn stated(self) -> Value {
        let (field, direction) = match self {
            Self::Opened => ("CREATED_AT", "ASC"),
            Self::Changed => ("UPDATED_AT", "DESC"),
        };
        json!({ "field": field, "direction": direction })
    }
}

/// A page of a repository's pull requests, with all of their reviews, files and events.
#[derive(Clone, Debug)]
pub struct PullsPage {
    /// GitHub's ID of the repository.
    pub repository: i64,
    pub owner: Account,
    /// The number of all pull requests.
    pub total: i64,
    /// The place of the next page, if there is one.
    pub next: Option<String>,
    /// The pull requests.
    pub pulls: Vec<QueriedPull>,
    /// The number of requests that this took.
    pub calls: i64,
}

impl Api {
    /// Finds a repository by GitHub's ID, which stays the same when the name changes.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn repository(
        &self,
        call: Call<'_>,
        github_id: i64,
        etag: Option<&str>,
    ) -> Result<Read<RestDescription>, ApiError> {
        self.get(call, &format!("/repositories/{github_id}"), etag).await
    }

    /// Reads the pull request of a repository that changed last, unless none changed since the ETag.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn last_changed(
        &self,
        call: Call<'_>,
        full_name: &str,
        etag: Option<&str>,
    ) -> Result<Read<IgnoredAny>, ApiError> {
        let path =
            format!("/repos/{full_name}/pulls?state=all&sort=updated&direction=desc&per_page=1");
        self.get(call, &path, etag).await
    }

    /// Reads a page of at most `size` (1 to 100) pull requests of a repository, after a place.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn pulls(
        &self,
        call: Call<'_>,
        full_name: &str,
        order: Order,
        after: Option<&str>,
        size: i64,
    ) -> Result<PullsPage, ApiError> {
        let mut variables = named(full_name);
        variables["first"] = json!(size);
        variables["after"] = json!(after);
        variables["order"] = order.stated();
        let data: PullsData = self.query(call, PULLS, variables).await?;
        let repository = data.repository.ok_or(ApiError::NotFound)?;
        let page = repository.pull_requests;
        let mut read = PullsPage {
            repository: repository.database_id,
            owner: repository.owner,
            total: page.total_count.unwrap_or_default(),
            next: page.next().map(str::to_owned),
            pulls: page.nodes.into_iter().flatten().collect(),
            calls: 1,
        };
        for pull in &mut read.pulls {
            read.calls += self.complete(call, full_name, pull).await?;
        }
        Ok(read)
    }

    /// Reads the further pages of a pull request's lists. Returns the number of requests.
    async fn complete(
        &self,
        call: Call<'_>,
        full_name: &str,
        pull: &mut QueriedPull,
    ) -> Result<i64, ApiError> {
        let mut calls = 0;
        for _ in 0..MOST_PAGES {
            let lists = &pull.lists;
            let files = next(lists.files.as_ref());
            let is_full = lists.files.as_ref().is_some_and(|files| files.nodes.len() >= MOST_FILES);
            let places = [
                ("Reviews", next(lists.reviews.as_ref())),
                ("Files", files.filter(|_| !is_full)),
                ("Events", next(lists.timeline_items.as_ref())),
            ];
            if places.iter().all(|(_, place)| place.is_none()) {
                return Ok(calls);
            }
            let mut variables = named(full_name);
            variables["number"] = json!(pull.number);
            for (list, place) in places {
                variables[format!("has{list}")] = json!(place.is_some());
                variables[list.to_ascii_lowercase()] = json!(place);
            }
            let data: RestData = self.query(call, REST, variables).await?;
            let repository = data.repository.ok_or(ApiError::NotFound)?;
            // It was deleted meanwhile.
            let Some(rest) = repository.pull_request else {
                return Ok(calls);
            };
            calls += 1;
            append(&mut pull.lists, rest);
        }
        Ok(calls)
    }
}

pub(super) fn named(full_name: &str) -> Value {
    let (owner, name) = full_name.split_once('/').unwrap_or((full_name, ""));
    json!({ "owner": owner, "name": name })
}

fn next<T>(list: Option<&Connection<T>>) -> Option<String> {
    list?.next().map(str::to_owned)
}

fn append(lists: &mut Lists, rest: Lists) {
    extend(&mut lists.reviews, rest.reviews);
    extend::<File>(&mut lists.files, rest.files);
    extend(&mut lists.timeline_items, rest.timeline_items);
}

fn extend<T>(list: &mut Option<Connection<T>>, rest: Option<Connection<T>>) {
    let (Some(list), Some(rest)) = (list.as_mut(), rest) else {
        return;
    };
    list.page_info = rest.page_info;
    list.nodes.extend(rest.nodes);
}
