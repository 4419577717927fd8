//! Requests that change pull requests.

use kernel::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{Api, ApiError, Call};

/// A pull request as GitHub states it now.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PresentPull {
    state: String,
    /// When something last happened to it.
    pub(crate) updated_at: Timestamp,
}

impl PresentPull {
    pub(crate) fn is_open(&self) -> bool {
        self.state == "open"
    }
}

impl Api {
    /// Reads a pull request.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn present_pull(
        &self,
        call: Call<'_>,
        full_name: &str,
        number: i64,
    ) -> Result<PresentPull, ApiError> {
        let path = format!("/repos/{full_name}/pulls/{number}");
        let answer = self.ask(call, Method::GET, &path, None).await?;
        answer.parsed()
    }

    /// Closes a pull request. One that is closed stays so.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn close_pull(
        &self,
        call: Call<'_>,
        full_name: &str,
        number: i64,
    ) -> Result<(), ApiError> {
        let path = format!("/repos/{full_name}/pulls/{number}");
        let body = json!({ "state": "closed" });
        self.ask(call, Method::PATCH, &path, Some(&body)).await.map(drop)
    }

    /// Comments on a pull request.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn comment_on_pull(
        &self,
        call: Call<'_>,
        full_name: &str,
        number: i64,
        text: &str,
    ) -> Result<(), ApiError> {
        let path = format!("/repos/{full_name}/issues/{number}/comments");
        let body = json!({ "body": text });
        self.ask(call, Method::POST, &path, Some(&body)).await.map(drop)
    }
}
