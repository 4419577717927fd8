//! Reads code through GitHub's API, without ever cloning a repository.
//!
//! A repository that GitHub renamed is found by [`Api::code_repository`] only; the other calls take its present name. Callers
//! keep GitHub's ID, because another repository may take a freed name.

mod archive;
mod unpack;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Api, ApiError, Call, answer::ApiAnswer};
use crate::{
    model::code::{
        CodeAccess, CodeCommit, CodeCommits, CodePush, CodePushes, CodeRepository, CodeTree,
    },
    rules::{
        code::{self, in_url, is_branch, is_sha},
        names::is_full_name,
        payload::Unexpected,
    },
};

pub(super) use archive::Downloads;
#[cfg(test)]
pub(super) use archive::address;
pub use unpack::{UnpackError, unpack};

/// The size of a page, which is the largest that GitHub allows.
const PAGE: usize = 100;

/// The most pages of pushes that are read.
const MOST_PUSH_PAGES: usize = 20;

/// The status of a repository without commits.
const EMPTY: u16 = 409;

/// The status of a name that is no commit's.
const UNKNOWN_COMMIT: u16 = 422;

impl Api {
    /// Reads a repository by `owner/name`, also by a former name; `None` if GitHub shows none with it.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn code_repository(
        &self,
        call: Call<'_>,
        full_name: &str,
    ) -> Result<Option<CodeRepository>, ApiError> {
        if !is_full_name(full_name) {
            return Ok(None);
        }
        let path = format!("/repos/{full_name}");
        let answer = self.ask(call, Method::GET, &path, None).await;
        match self.described(call, answer).await? {
            Some(found) => Ok(Some(found)),
            None => self.moved(call, &path).await,
        }
    }

    /// Reads a repository by GitHub's ID, whatever its name is; `None` if GitHub shows none.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn code_repository_by_id(
        &self,
        call: Call<'_>,
        github_id: i64,
    ) -> Result<Option<CodeRepository>, ApiError> {
        let path = format!("/repositories/{github_id}");
        let answer = self.ask(call, Method::GET, &path, None).await;
        self.described(call, answer).await
    }

    /// Reads the repository that a former name redirects to.
    async fn moved(&self, call: Call<'_>, path: &str) -> Result<Option<CodeRepository>, ApiError> {
        let location = match self.redirect(call, path).await {
            Ok(location) => location,
            Err(ApiError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        match moved_to(&location) {
            Some(github_id) => self.code_repository_by_id(call, github_id).await,
            None => Ok(None),
        }
    }

    async fn described(
        &self,
        call: Call<'_>,
        answer: Result<ApiAnswer, ApiError>,
    ) -> Result<Option<CodeRepository>, ApiError> {
        let Some(answer) = found(answer)? else {
            return Ok(None);
        };
        let stated = code::repository(&answer.body).map_err(|error| unexpected(&error))?;
        let is_empty = stated.may_be_empty() && self.is_empty(call, stated.full_name()).await?;
        Ok(Some(stated.into_repository(is_empty, call.context.now())))
    }

    /// Returns true if GitHub states that a repository has no commit.
    async fn is_empty(&self, call: Call<'_>, full_name: &str) -> Result<bool, ApiError> {
        let path = format!("/repos/{full_name}/commits?per_page=1");
        match self.ask(call, Method::GET, &path, None).await {
            Ok(_) => Ok(false),
            Err(ApiError::Refused { status: EMPTY, .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Reads the access of a person, by GitHub ID, to a repository. GitHub tells it only clients that may push there; for
    /// others it is [`CodeAccess::Unknown`], unless the person owns the repository.
    ///
    /// # Errors
    /// When GitHub does not respond, or a limit is reached.
    pub async fn code_access(
        &self,
        call: Call<'_>,
        repository: &CodeRepository,
        github_id: i64,
    ) -> Result<CodeAccess, ApiError> {
        if repository.owner_github_id == github_id {
            return Ok(CodeAccess::Owns);
        }
        match self.may_push(call, &repository.full_name, github_id).await {
            Ok(Some(true)) => Ok(CodeAccess::Pushes),
            Ok(Some(false)) => Ok(CodeAccess::Lower),
            Ok(None)
            | Err(ApiError::Refused { .. } | ApiError::NotFound | ApiError::SingleSignOn(_)) => {
                Ok(CodeAccess::Unknown)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the newest commit of a branch; `None` if the repository has no such branch, or no commit.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn head(
        &self,
        call: Call<'_>,
        full_name: &str,
        branch: &str,
    ) -> Result<Option<String>, ApiError> {
        if !is_full_name(full_name) || !is_branch(branch) {
            return Ok(None);
        }
        // Pages divide the files of the commit, which are not used.
        let path = format!("/repos/{full_name}/commits/heads/{}?per_page=1", in_url(branch));
        match self.ask(call, Method::GET, &path, None).await {
            Ok(answer) => code::head(&answer.body).map(Some).map_err(|error| unexpected(&error)),
            Err(error) if is_no_commit(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lists the commits that lead to one, newest first, at most `most`.
    ///
    /// # Errors
    /// When GitHub knows no such commit, does not respond, refuses, or a limit is reached.
    pub async fn commits(
        &self,
        call: Call<'_>,
        full_name: &str,
        sha: &str,
        most: usize,
    ) -> Result<CodeCommits, ApiError> {
        named(full_name, sha)?;
        let mut commits: Vec<CodeCommit> = Vec::new();
        let mut has_next = true;
        for page in 1..=most.div_ceil(PAGE) {
            let path = format!("/repos/{full_name}/commits?sha={sha}&per_page={PAGE}&page={page}");
            let answer = match self.ask(call, Method::GET, &path, None).await {
                Err(error) if is_no_commit(&error) => return Err(ApiError::NotFound),
                answer => answer?,
            };
            commits.extend(
                code::commits(&answer.body, call.context.now())
                    .map_err(|error| unexpected(&error))?,
            );
            has_next = answer.has_next;
            if !has_next {
                break;
            }
        }
        let is_complete = !has_next && commits.len() <= most;
        commits.truncate(most);
        Ok(CodeCommits { commits, is_complete })
    }

    /// Lists the files of a commit, by the SHA of the commit or of its tree.
    ///
    /// # Errors
    /// When GitHub knows no such commit, does not respond, refuses, or a limit is reached.
    pub async fn tree(
        &self,
        call: Call<'_>,
        full_name: &str,
        sha: &str,
    ) -> Result<CodeTree, ApiError> {
        named(full_name, sha)?;
        let path = format!("/repos/{full_name}/git/trees/{sha}?recursive=1");
        match self.ask(call, Method::GET, &path, None).await {
            Ok(answer) => code::tree(&answer.body).map_err(|error| unexpected(&error)),
            Err(error) if is_no_commit(&error) => Err(ApiError::NotFound),
            Err(error) => Err(error),
        }
    }

    /// Lists the pushes to a branch that GitHub recorded, also those that replaced or deleted commits, newest first, at most
    /// 2,000.
    ///
    /// # Errors
    /// When GitHub knows no such repository, does not respond, refuses, or a limit is reached.
    pub async fn pushes(
        &self,
        call: Call<'_>,
        full_name: &str,
        branch: &str,
    ) -> Result<CodePushes, ApiError> {
        if !is_full_name(full_name) || !is_branch(branch) {
            return Err(ApiError::NotFound);
        }
        let list = format!(
            "/repos/{full_name}/activity?ref=refs/heads/{}&per_page={PAGE}",
            in_url(branch)
        );
        let mut pushes: Vec<CodePush> = Vec::new();
        let mut path = list.clone();
        for _ in 0..MOST_PUSH_PAGES {
            let answer = self.ask(call, Method::GET, &path, None).await?;
            pushes.extend(
                code::pushes(&answer.body, call.context.now())
                    .map_err(|error| unexpected(&error))?,
            );
            let Some(place) = answer.next_place else {
                return Ok(CodePushes { pushes, is_complete: !answer.has_next });
            };
            path = format!("{list}&after={place}");
        }
        Ok(CodePushes { pushes, is_complete: false })
    }

    /// Starts the workflows of a repository that wait for the event `repository_dispatch` of a type, on its default branch
    /// (<https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event>). A type has at most 100 characters, and a
    /// payload at most 10 fields.
    ///
    /// # Errors
    /// When GitHub knows no such repository, does not respond, refuses, or a limit is reached.
    pub async fn dispatch(
        &self,
        call: Call<'_>,
        full_name: &str,
        event_type: &str,
        payload: &Value,
    ) -> Result<(), ApiError> {
        if !is_full_name(full_name) {
            return Err(ApiError::NotFound);
        }
        let path = format!("/repos/{full_name}/dispatches");
        let body = json!({ "event_type": event_type, "client_payload": payload });
        let sent = self.ask(call, Method::POST, &path, Some(&body)).await;
        sent.map(drop)
    }
}

/// Refuses names that are none on GitHub before they go into a URL.
fn named(full_name: &str, sha: &str) -> Result<(), ApiError> {
    if is_full_name(full_name) && is_sha(sha) { Ok(()) } else { Err(ApiError::NotFound) }
}

fn found<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Err(ApiError::NotFound) => Ok(None),
        answer => answer.map(Some),
    }
}

/// Returns true for the errors by which GitHub states that there is no such commit.
fn is_no_commit(error: &ApiError) -> bool {
    matches!(error, ApiError::NotFound | ApiError::Refused { status: EMPTY | UNKNOWN_COMMIT, .. })
}

fn unexpected(error: &Unexpected) -> ApiError {
    ApiError::Unexpected(error.to_string())
}

/// Returns the repository in the address that a former name redirects to.
pub(super) fn moved_to(location: &str) -> Option<i64> {
    let (_, rest) = location.rsplit_once("repositories/")?;
    rest.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_former_name_redirects_to_a_repository() {
        for (location, expected) in [
            ("https://api.github.com/repositories/1296269", Some(1_296_269)),
            ("/repositories/7", Some(7)),
            ("https://api.github.com/repositories/-7", None),
            ("https://api.github.com/repositories/7/commits", None),
            ("https://github.com/octo-org/lantern", None),
        ] {
            assert_eq!(moved_to(location), expected, "{location}");
        }
    }
}
