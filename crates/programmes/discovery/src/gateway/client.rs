use std::{fmt, time::Duration};

use kernel::Timestamp;
use platform::{
    flags::Permit,
    outside::{self, Answer, AskError, Circuit, Http, silence},
};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{Embeddings, LanguageModel, ModelCall, ModelCalls, ModelError};
use crate::{
    model::Tokens,
    rules::{
        prompt::Quoted,
        reply::{self, WrongReply},
        vectors::DIMENSIONS,
    },
};

/// The name of the service in the metrics of all outgoing calls.
const TARGET: &str = "language_model";

/// The largest answer with a completion, in bytes.
const LARGEST_COMPLETION: usize = 256 * 1024;

/// The largest answer with a vector, in bytes, for each text.
const LARGEST_VECTOR: usize = 32 * 1024;

/// The consecutive failures after which the service is not called for a while, and that while.
const CIRCUIT: (u32, Duration) = (9, Duration::from_secs(60));

/// A client of a service with the API of `OpenAI`.
pub(super) struct OpenAi {
    base: String,
    key: SecretString,
    model: String,
    http: Http,
    circuit: Circuit,
}

impl OpenAi {
    /// Creates a client with a time limit for whole answers.
    pub(super) fn new(base: &str, key: &SecretString, model: &str, patience: Duration) -> Self {
        Self {
            base: base.to_owned(),
            key: key.clone(),
            model: model.to_owned(),
            http: Http::new(patience),
            circuit: Circuit::new(CIRCUIT.0, CIRCUIT.1),
        }
    }

    /// Returns whether the service accepts the key. This costs nothing.
    pub(super) async fn check(&self, now: Timestamp) -> Result<(), ModelError> {
        match self.ask(Method::GET, "/models", None, LARGEST_COMPLETION, now).await {
            Ok(_) | Err(ModelError::Refused(404 | 405)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Returns true while the service is not called, because it failed several times in a row.
    pub(super) fn rests(&self, now: Timestamp) -> bool {
        self.circuit.open_for(now).is_some()
    }

    /// Sends a request, and returns the body of a successful answer.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        limit: usize,
        now: Timestamp,
    ) -> Result<String, ModelError> {
        if let Some(rest) = self.circuit.open_for(now) {
            return Err(ModelError::Resting(rest));
        }
        let unreachable = |error| match silence(&error) {
            "timed out" => ModelError::TimedOut,
            why => ModelError::Unreachable(why),
        };
        let request = self.http.request(method, &format!("{}{path}", self.base));
        let request = request.map_err(unreachable)?;
        let request = request.bearer_auth(self.key.expose_secret());
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = outside::ask_up_to(TARGET, request, now, limit).await;
        let result = match answer {
            Ok(answer) => self.judged(answer),
            Err(AskError::TooLong(_)) => Err(ModelError::TooLong),
            Err(AskError::Call(error)) => Err(unreachable(error)),
        };
        let failed = matches!(
            result,
            Err(ModelError::Failed(_)
                | ModelError::TimedOut
                | ModelError::Unreachable(_)
                | ModelError::Rejected(_))
        );
        self.circuit.note(!failed, now);
        result
    }

    fn judged(&self, answer: Answer) -> Result<String, ModelError> {
        let status = answer.status;
        Err(match status {
            status if status.is_success() && answer.text.contains(self.key.expose_secret()) => {
                ModelError::Leaked
            }
            status if status.is_success() => return Ok(answer.text),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                ModelError::Rejected(status.as_u16())
            }
            StatusCode::TOO_MANY_REQUESTS => {
                ModelError::Limited { retry_after: answer.retry_after }
            }
            StatusCode::REQUEST_TIMEOUT => ModelError::TimedOut,
            status if status.is_server_error() => ModelError::Failed(status.as_u16()),
            status => ModelError::Refused(status.as_u16()),
        })
    }
}

impl LanguageModel for OpenAi {
    fn describe<'a>(
        &'a self,
        _: &'a Permit<ModelCalls>,
        issue: &'a Quoted,
        now: Timestamp,
    ) -> ModelCall<'a, String> {
        Box::pin(async move {
            let request = issue.request(&self.model);
            let answer = self.ask(
                Method::POST,
                "/chat/completions",
                Some(&request),
                LARGEST_COMPLETION,
                now,
            );
            let body = match answer.await {
                Ok(body) => body,
                Err(error) => return (Err(error), None),
            };
            match reply::completion(&body) {
                Ok(completion) => {
                    let content = completion.content.map_err(ModelError::from);
                    (content.and_then(|text| self.without_key(text)), completion.tokens)
                }
                Err(error) => (Err(error.into()), None),
            }
        })
    }
}

impl Embeddings for OpenAi {
    fn embed<'a>(
        &'a self,
        _: &'a Permit<ModelCalls>,
        texts: &'a [String],
        now: Timestamp,
    ) -> ModelCall<'a, Vec<Vec<f32>>> {
        Box::pin(self.embedded(texts, now))
    }
}

impl OpenAi {
    /// Returns the vectors of texts. An operator's command calls this without the flag.
    pub(super) async fn embedded(
        &self,
        texts: &[String],
        now: Timestamp,
    ) -> (Result<Vec<Vec<f32>>, ModelError>, Option<Tokens>) {
        let request = json!({
            "model": self.model, "input": texts, "dimensions": DIMENSIONS, "encoding_format": "float",
        });
        let limit = LARGEST_VECTOR * (texts.len() + 1);
        let body = match self.ask(Method::POST, "/embeddings", Some(&request), limit, now).await {
            Ok(body) => body,
            Err(error) => return (Err(error), None),
        };
        match reply::vectors(&body, texts.len()) {
            Ok((vectors, tokens)) => (Ok(vectors), tokens),
            Err(error) => (Err(error.into()), None),
        }
    }

    /// Refuses a text with the key, which JSON may have written with escapes.
    fn without_key(&self, text: String) -> Result<String, ModelError> {
        let unescaped = serde_json::from_str::<Value>(&text);
        let unescaped = unescaped.map_err(|_| ModelError::Wrong(WrongReply::Malformed))?;
        if unescaped.to_string().contains(self.key.expose_secret()) {
            Err(ModelError::Leaked)
        } else {
            Ok(text)
        }
    }
}

impl fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAi")
            .field("base", &self.base)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> OpenAi {
        let key = SecretString::from("sk-secret");
        OpenAi::new("https://models.example/v1", &key, "m", Duration::from_secs(1))
    }

    #[test]
    fn a_status_becomes_an_outcome() {
        let judged = |status: u16, text: &str| {
            let answer = Answer {
                status: StatusCode::from_u16(status).expect("a status"),
                retry_after: None,
                text: text.to_owned(),
            };
            client().judged(answer).map_err(|error| error.outcome())
        };
        assert_eq!(judged(200, "{}"), Ok("{}".to_owned()));
        for (status, outcome) in [
            (302, "refused"),
            (400, "refused"),
            (401, "rejected"),
            (403, "rejected"),
            (404, "refused"),
            (408, "timed_out"),
            (429, "limited"),
            (500, "failed"),
            (503, "failed"),
        ] {
            assert_eq!(judged(status, "sk-secret"), Err(outcome), "{status}");
        }
        assert_eq!(judged(200, "your key is sk-secret"), Err("wrong_reply"));
    }

    #[test]
    fn neither_errors_nor_the_debug_form_have_the_key() {
        let client = client();
        assert!(!format!("{client:?}").contains("secret"));
        let escaped = "{\"summary\": \"sk-\\u0073ecret\"}".to_owned();
        let error = client.without_key(escaped).expect_err("refused");
        assert_eq!(error, ModelError::Leaked);
        assert!(!error.to_string().contains("sk-"));
    }
}
