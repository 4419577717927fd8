use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Channel, EMAIL, Message, Refusal,
    rules::{of_answer, word},
};
use crate::outside::{Http, ask, send, silence};

/// A channel for email through Resend's API, which sends a message with the same `Idempotency-Key` only once.
pub struct Resend {
    key: SecretString,
    base: String,
    from: String,
    http: Http,
}

#[derive(Deserialize)]
struct AcceptedEmail {
    id: String,
}

impl Resend {
    /// Creates the channel for the API at `url`, with an API key and the sender `from`.
    #[must_use]
    pub fn new(key: SecretString, url: &str, from: &str, http: Http) -> Self {
        Self { key, base: url.to_owned(), from: from.to_owned(), http }
    }

    fn body(&self, message: &Message) -> Value {
        let content = &message.content;
        let headers: BTreeMap<_, _> = content.mail_headers().into_iter().collect();
        json!({
            "from": self.from,
            "to": [message.recipient],
            "subject": content.subject,
            "text": content.text,
            "html": content.html,
            "headers": headers,
        })
    }

    async fn hand_over(&self, message: &Message, now: Timestamp) -> Result<String, Refusal> {
        let silent = |error: reqwest::Error| Refusal::Later {
            why: format!("Resend: {}", silence(&error)),
            after: None,
        };
        let url = format!("{}/emails", self.base);
        let request = self.http.request(Method::POST, &url).map_err(silent)?;
        let request = request
            .bearer_auth(self.key.expose_secret())
            .header("Idempotency-Key", message.id.to_string())
            .json(&self.body(message));
        let answer = ask("resend", request, now).await.map_err(silent)?;
        of_answer("Resend", &answer)?;
        Ok(accepted(&answer.text))
    }
}

/// Describes the acceptance of a message by the ID in the response, if it can be read.
pub(super) fn accepted(text: &str) -> String {
    let taken: Option<AcceptedEmail> = serde_json::from_str(text).ok();
    taken.map_or_else(String::new, |taken| format!("accepted by Resend as {}", word(&taken.id)))
}

impl Channel for Resend {
    fn name(&self) -> &'static str {
        EMAIL
    }

    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>> {
        Box::pin(self.hand_over(message, now))
    }

    /// Requests the list of domains. A key with permission to send only gets 401, and an unknown key 403
    /// (resend.com/docs/api-reference/errors).
    fn answers(&self) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async {
            let silent = |error: reqwest::Error| format!("Resend: {}", silence(&error));
            let url = format!("{}/domains", self.base);
            let request = self.http.request(Method::GET, &url).map_err(silent)?;
            let request = request.bearer_auth(self.key.expose_secret());
            let answer = send("resend", request).await.map_err(silent)?;
            let status = answer.status();
            match status.as_u16() {
                403 => Err("Resend rejected the API key: check RESEND_API_KEY".to_owned()),
                500.. => Err(format!("Resend: {status}")),
                _ => Ok("Resend responds".to_owned()),
            }
        })
    }
}

impl std::fmt::Debug for Resend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resend").field("base", &self.base).finish_non_exhaustive()
    }
}
