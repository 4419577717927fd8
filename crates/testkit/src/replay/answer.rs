//! The result of a delivery, from the server's response.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use reqwest::{
    Response, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde::Deserialize;

/// The result of a delivery's last attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered 202.
    Accepted {
        /// True when the inbox already had the delivery.
        duplicate: bool,
        /// The time from sending to the complete response, for the accepted attempt.
        ack: Duration,
    },
    /// The server refused the delivery or could not be reached.
    Refused(Refused),
}

/// The reason for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status; `None` when the server could not be reached.
    pub status: Option<u16>,
    /// The server's message, or the network error.
    pub reason: String,
}

/// The result of one attempt: final, or worth a retry.
pub(super) enum Attempt {
    Final(Outcome),
    Again { refused: Refused, after: Option<Duration> },
}

pub(super) struct Answer {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Bytes,
}

pub(super) async fn read(response: Response) -> reqwest::Result<Answer> {
    Ok(Answer {
        status: response.status(),
        retry_after: retry_after(response.headers()),
        body: response.bytes().await?,
    })
}

pub(super) fn judge(answer: &Answer, ack: Duration) -> Attempt {
    let refused = || Refused { status: Some(answer.status.as_u16()), reason: reason(answer) };
    match answer.status {
        StatusCode::ACCEPTED => {
            Attempt::Final(Outcome::Accepted { duplicate: is_duplicate(&answer.body), ack })
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            Attempt::Again { refused: refused(), after: answer.retry_after }
        }
        _ => Attempt::Final(Outcome::Refused(refused())),
    }
}

fn is_duplicate(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Accepted {
        duplicate: bool,
    }
    serde_json::from_slice(body).is_ok_and(|Accepted { duplicate }| duplicate)
}

/// Returns the problem document's detail, if there is one.
fn reason(answer: &Answer) -> String {
    #[derive(Deserialize)]
    struct Problem {
        detail: String,
    }
    match serde_json::from_slice(&answer.body) {
        Ok(Problem { detail }) => detail,
        Err(_) => answer.status.canonical_reason().unwrap_or("unexpected answer").to_owned(),
    }
}

/// Reports the innermost cause: "Connection refused" says more than "error sending request".
pub(super) fn unreachable(error: &reqwest::Error) -> Refused {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Refused { status: None, reason: cause.to_string() }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
