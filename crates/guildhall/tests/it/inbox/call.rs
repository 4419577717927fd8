use std::collections::BTreeMap;

use serde_json::Value;
use testkit::delivery::sign;

use crate::app::{SECRET, TestApp};

/// A webhook request, every part of which a test can change.
pub(crate) struct Call {
    path: &'static str,
    headers: BTreeMap<&'static str, String>,
    body: Vec<u8>,
}

impl Call {
    /// Creates a signed request as GitHub sends it. Equal bodies get equal delivery IDs.
    pub(crate) fn new(event: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let signature = sign(SECRET, &body);
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("x-github-event", event.to_owned()),
            ("x-github-delivery", signature[7..43].to_owned()),
            ("x-hub-signature-256", signature),
        ];
        Self { path: "/api/v1/webhooks/github", headers: headers.into(), body }
    }

    pub(crate) fn to(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    pub(crate) fn with(mut self, header: &'static str, value: &str) -> Self {
        self.headers.insert(header, value.to_owned());
        self
    }

    pub(crate) fn without(mut self, header: &'static str) -> Self {
        self.headers.remove(header);
        self
    }

    pub(crate) fn signed_with(self, secret: &str) -> Self {
        let signature = sign(secret, &self.body);
        self.with("x-hub-signature-256", &signature)
    }

    /// Makes it a request of the hook with this ID, signed with its secret.
    pub(crate) fn of_hook(self, id: i64, secret: &str) -> Self {
        self.signed_with(secret).with("x-github-hook-id", &id.to_string())
    }

    pub(crate) async fn send(self, app: &TestApp) -> reqwest::Response {
        let mut request = app.post(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(self.body).send().await.expect("an answer")
    }

    /// Sends it and returns the status and JSON of the response.
    pub(crate) async fn answer(self, app: &TestApp) -> (u16, Value) {
        let response = self.send(app).await;
        let status = response.status().as_u16();
        (status, response.json().await.expect("JSON"))
    }

    /// Checks that it is refused with `status`, `code` and a message that contains `words`, and not stored.
    pub(crate) async fn refused(self, app: &TestApp, status: u16, code: &str, words: &str) {
        let (is, problem) = self.answer(app).await;
        assert_eq!((is, problem["code"].as_str()), (status, Some(code)), "{problem}");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(words), "{detail}");
        assert_eq!(stored(app).await, 0, "{code} was stored");
    }
}

/// The number of stored deliveries.
pub(super) async fn stored(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM webhook_deliveries").await
}

/// The outcome of each delivery, oldest first.
pub(super) async fn outcomes(app: &TestApp) -> Vec<String> {
    app.values("SELECT outcome AS value FROM webhook_deliveries ORDER BY id").await
}
