use reqwest::Method;
use serde::Deserialize;

use super::{Api, ApiError, Call};
use crate::rules::{installation::Installation, payload::Identified};

/// The size of a page, which is the largest that GitHub allows.
const PAGE: u32 = 100;

/// The most pages of a list that are read.
const MOST_PAGES: u32 = 100;

/// A page of an installation's repositories.
#[derive(Debug, Deserialize)]
pub(super) struct Repositories {
    repositories: Vec<Identified>,
}

impl Api {
    /// Lists the installations of the App whose token this client has, at most 10,000. If one is deleted while the pages are
    /// read, the list leaves out another.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn installations(
        &self,
        call: Call<'_>,
    ) -> Result<Vec<Installation>, ApiError> {
        let mut found = Vec::new();
        for page in 1..=MOST_PAGES {
            let path = format!("/app/installations?per_page={PAGE}&page={page}");
            let answer = self.ask(call, Method::GET, &path, None).await?;
            let read: Vec<Installation> = answer.parsed()?;
            found.extend(read);
            if !answer.has_next {
                return Ok(found);
            }
        }
        Err(ApiError::Unexpected("the list has no end".to_owned()))
    }

    /// Finds an installation of the App whose token this client has, by GitHub's ID; `None` if it was deleted.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn app_installation(
        &self,
        call: Call<'_>,
        id: i64,
    ) -> Result<Option<Installation>, ApiError> {
        let path = format!("/app/installations/{id}");
        match self.ask(call, Method::GET, &path, None).await {
            Ok(answer) => answer.parsed().map(Some),
            Err(ApiError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Finds the installation of the App whose token this client has that includes a repository, by `owner/name`.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn installation_of(
        &self,
        call: Call<'_>,
        full_name: &str,
    ) -> Result<Option<Installation>, ApiError> {
        let path = format!("/repos/{full_name}/installation");
        match self.ask(call, Method::GET, &path, None).await {
            Ok(answer) => answer.parsed().map(Some),
            Err(ApiError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lists GitHub's IDs of the repositories of the installation whose token this client has, at most 10,000.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn installed_repositories(
        &self,
        call: Call<'_>,
    ) -> Result<Vec<i64>, ApiError> {
        let mut found = Vec::new();
        for page in 1..=MOST_PAGES {
            let path = format!("/installation/repositories?per_page={PAGE}&page={page}");
            let answer = self.ask(call, Method::GET, &path, None).await?;
            let read: Repositories = answer.parsed()?;
            found.extend(read.repositories.iter().map(|repository| repository.id));
            if !answer.has_next {
                return Ok(found);
            }
        }
        Err(ApiError::Unexpected("the list has no end".to_owned()))
    }
}
