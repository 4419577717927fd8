//! The recorded calls, and what is wrong with them.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Endpoint, unreached};
use crate::http::request;

const PATIENCE: Duration = Duration::from_secs(60);

/// The recorder between the server and Prism.
pub(super) struct Recorder {
    /// Its port on 127.0.0.1.
    pub(super) port: u16,
}

/// A call of GitHub's REST API.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Call {
    /// The method and the path.
    pub(super) call: String,
    /// GitHub's name of the operation; null if the description has none.
    pub(super) operation: Option<String>,
    /// The body of the request.
    pub(super) body: String,
    /// The reasons for which GitHub would refuse it.
    pub(super) complaints: Vec<String>,
}

impl Recorder {
    pub(super) async fn calls(&self) -> Result<Vec<Call>> {
        let answer = request(self.port, "GET", "/_calls", &[], None).await?;
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Waits until the server has called an operation.
    pub(super) async fn wait(&self, operation: &str) -> Result<()> {
        let start = Instant::now();
        while !is_called(&self.calls().await?, operation) {
            ensure!(
                start.elapsed() < PATIENCE,
                "the server did not call {operation} within {PATIENCE:?}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Returns the number of calls of an operation.
    pub(super) async fn count(&self, operation: &str) -> Result<usize> {
        let calls = self.calls().await?;
        Ok(calls.iter().filter(|call| call.is_of(operation)).count())
    }

    /// Makes correct calls, so that Prism compiles its schemas before the server waits for it, then wrong ones, and
    /// forgets them.
    pub(super) async fn refuses_wrong_calls(&self) -> Result<()> {
        let (token, app) = ("Bearer token", "Basic Z3VpbGRoYWxsOnNlY3JldA==");
        let signed = "Bearer header.claims.signature";
        let hooks = "/repos/octocat/Hello-World/hooks";
        let hook = json!({ "events": ["push"], "config": { "url": "https://guild.example/" } });
        let misspelled = json!({ "evnts": ["push"] });
        for (method, path, credential, body, reason) in [
            ("GET", "/user", token, None, ""),
            ("GET", "/repositories/1296269", token, None, ""),
            ("GET", "/user/repos?sort=full_name", token, None, ""),
            ("GET", hooks, token, None, ""),
            ("POST", hooks, token, Some(&hook), ""),
            ("GET", "/app", signed, None, ""),
            ("GET", "/app", token, None, "the App signs"),
            ("GET", "/user", signed, None, "the App signs"),
            ("GET", "/user", app, None, "security"),
            ("GET", "/repositories/lantern", token, None, "repository_id"),
            ("GET", "/user/repos?sort=full_nam", token, None, "sort"),
            ("GET", "/user/repos?perpage=10", token, None, "perpage"),
            ("GET", "/octocat", token, None, "no path"),
            ("DELETE", "/user", token, None, "no method"),
            ("POST", hooks, token, Some(&misspelled), "evnts"),
        ] {
            let headers = [
                ("Authorization", credential),
                ("Accept", "application/vnd.github+json"),
                ("User-Agent", "guildhall"),
            ];
            request(self.port, method, path, &headers, body).await?;
            let answer = request(self.port, "DELETE", "/_calls", &[], None).await?;
            let calls: Vec<Call> = serde_json::from_slice(&answer.body)?;
            let said = verdict(&calls, &BTreeSet::new()).join("; ");
            let is_expected = said.contains(reason) && said.is_empty() == reason.is_empty();
            ensure!(is_expected, "{method} {path}: {said:?}");
        }
        Ok(())
    }
}

impl Call {
    fn is_of(&self, operation: &str) -> bool {
        self.operation.as_deref() == Some(operation)
    }
}

fn is_called(calls: &[Call], operation: &str) -> bool {
    calls.iter().any(|call| call.is_of(operation))
}

/// Returns the secret of the webhook that the server created, if it did.
pub(super) fn hook_secret(calls: &[Call]) -> Option<String> {
    let created = |call: &&Call| call.is_of("repos/create-webhook");
    let body = &calls.iter().find(created)?.body;
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body["config"]["secret"].as_str()?.to_owned())
}

/// Returns each complaint about a call, and each endpoint that was not called, although it should have been.
pub(super) fn verdict(calls: &[Call], expected: &BTreeSet<Endpoint>) -> Vec<String> {
    let refused = calls.iter().flat_map(|call| {
        let complaints = call.complaints.iter();
        complaints.map(move |complaint| format!("{}: {complaint}", call.call))
    });
    let missing = unreached(expected, calls.iter().map(|call| call.call.as_str()));
    refused.chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(operation: &str, complaints: &[&str]) -> Call {
        Call {
            call: "GET /user".to_owned(),
            operation: Some(operation.to_owned()),
            body: r#"{"config":{"secret":"a secret"}}"#.to_owned(),
            complaints: complaints.iter().map(|&said| said.to_owned()).collect(),
        }
    }

    #[test]
    fn refused_calls_are_listed() {
        let calls =
            [call("users/get-authenticated", &[]), call("users/get-authenticated", &["no token"])];
        let none = BTreeSet::new();
        assert_eq!(verdict(&calls[..1], &none), Vec::<String>::new());
        assert_eq!(verdict(&calls, &none), ["GET /user: no token"]);
    }

    #[test]
    fn the_secret_is_that_of_the_created_webhook() {
        let calls = [call("rate-limit/get", &[])];
        assert_eq!(hook_secret(&calls), None);
        let calls = [call("repos/create-webhook", &[])];
        assert_eq!(hook_secret(&calls).as_deref(), Some("a secret"));
    }
}
