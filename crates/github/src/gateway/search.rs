use reqwest::Url;

use super::{Api, ApiError, Call, Read};
use crate::rules::search::{FoundIssues, FoundRepositories};

/// The most repositories that a search for them returns.
pub const MOST_REPOSITORIES: usize = 50;

/// The most issues of a page of a search.
pub const MOST_ISSUES: usize = 100;

impl Api {
    /// Searches public repositories, those with the most stars first, at most [`MOST_REPOSITORIES`], unless the result is the
    /// same as that with the ETag. The API's limit for searches is apart from the others: [`super::Clients::searching`].
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn found_repositories(
        &self,
        call: Call<'_>,
        query: &str,
        etag: Option<&str>,
    ) -> Result<Read<FoundRepositories>, ApiError> {
        let asked = asked(query, MOST_REPOSITORIES, 1);
        let path = format!("/search/repositories?sort=stars&{asked}");
        self.get(call, &path, etag).await
    }

    /// Searches issues, those that changed last first, and returns a page of at most [`MOST_ISSUES`], unless the result is the
    /// same as that with the ETag.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn found_issues(
        &self,
        call: Call<'_>,
        (query, page): (&str, usize),
        etag: Option<&str>,
    ) -> Result<Read<FoundIssues>, ApiError> {
        let asked = asked(query, MOST_ISSUES, page);
        let path = format!("/search/issues?sort=updated&{asked}");
        self.get(call, &path, etag).await
    }
}

/// Returns the parameters of a search.
fn asked(query: &str, size: usize, page: usize) -> String {
    let fields = [
        ("q", query.to_owned()),
        ("order", "desc".to_owned()),
        ("per_page", size.to_string()),
        ("page", page.to_string()),
    ];
    // The base of the address does not matter.
    let address = Url::parse_with_params("https://api.github.com", fields);
    let address = address.ok();
    address.and_then(|own| own.query().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded() {
        assert_eq!(
            asked("label:\"good first issue\" language:c++", 100, 2),
            "q=label%3A%22good+first+issue%22+language%3Ac%2B%2B&order=desc&per_page=100&page=2"
        );
    }
}
