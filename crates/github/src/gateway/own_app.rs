use kernel::Timestamp;
use reqwest::Method;
use serde::Deserialize;

use super::{Api, ApiError, Call, answer::shown};
use crate::rules::{arrival::LastMessage, manifest::CreatedApp, payload};

/// The App whose token a client has, in GitHub's responses.
#[derive(Debug, Deserialize)]
pub(crate) struct OwnApp {
    #[serde(default)]
    name: String,
    /// The URL of its page.
    #[serde(default)]
    pub(crate) html_url: String,
}

impl OwnApp {
    pub(crate) fn name(&self) -> String {
        shown(&self.name)
    }
}

/// An attempt of GitHub to deliver something to a webhook.
#[derive(Debug, Deserialize)]
pub(crate) struct SentDelivery {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) event: String,
    /// GitHub's words for the result.
    #[serde(default)]
    status: String,
    /// The status of the response; 0 if there was none.
    #[serde(default)]
    status_code: i64,
    delivered_at: Option<Timestamp>,
}

impl SentDelivery {
    pub(crate) fn status(&self) -> String {
        shown(&self.status)
    }

    pub(crate) fn message(&self) -> LastMessage {
        let event = shown(&self.event);
        LastMessage { event, sent_at: self.delivered_at, status: self.status_code }
    }
}

impl Api {
    /// Reads the App whose token this client has.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn own_app(&self, call: Call<'_>) -> Result<OwnApp, ApiError> {
        let answer = self.ask(call, Method::GET, "/app", None).await?;
        answer.parsed()
    }

    /// Exchanges the code that GitHub gave a browser for the App that it created, with its secrets. A code works once, for an hour.
    ///
    /// # Errors
    /// When GitHub does not know the code, does not respond, refuses, or a limit is reached.
    pub(crate) async fn created_app(
        &self,
        call: Call<'_>,
        code: &str,
    ) -> Result<CreatedApp, ApiError> {
        let path = format!("/app-manifests/{code}/conversions");
        let answer = self.ask(call, Method::POST, &path, None).await?;
        // The error of the parser could quote a secret.
        let unreadable = |_| ApiError::Unexpected("the App is incomplete".to_owned());
        payload::read(&answer.body).map_err(unreadable)
    }

    /// Lists the latest attempts to deliver to the webhook of the App whose token this client has, the latest first, at most 30.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn app_deliveries(
        &self,
        call: Call<'_>,
    ) -> Result<Vec<SentDelivery>, ApiError> {
        let path = "/app/hook/deliveries?per_page=30";
        let answer = self.ask(call, Method::GET, path, None).await?;
        answer.parsed()
    }

    /// Has GitHub repeat a delivery to the webhook of the App whose token this client has.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn deliver_again(&self, call: Call<'_>, id: i64) -> Result<(), ApiError> {
        let path = format!("/app/hook/deliveries/{id}/attempts");
        self.ask(call, Method::POST, &path, None).await.map(drop)
    }
}
