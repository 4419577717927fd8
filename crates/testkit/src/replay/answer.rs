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
pub enum DeliveryOutcome {
    /// The server answered 202.
    Accepted {
        /// True when the inbox already had the delivery.
        duplicate: bool,
        /// The time from sending to the complete response, for the accepted attempt.
        ack: Duration,
    },
    /// The server refused the delivery or could not be reached.
    Refused(RefusedDelivery),
}

/// The reason for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedDelivery {
    /// The HTTP status; `None` when the server could not be reached.
    pub status: Option<u16>,
    /// The server's message, or the network error.
    pub reason: String,
}

/// The result of one attempt: final, or worth a retry.
pub(super) enum DeliveryAttempt {
    Final(DeliveryOutcome),
    Again { refused: RefusedDelivery, after: Option<Duration> },
}

pub(super) struct ServerAnswer {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Bytes,
}

pub(super) async fn read(response: Response) -> reqwest::Result<ServerAnswer> {
    Ok(ServerAnswer {
        status: response.status(),
        retry_after: retry_after(response.headers()),
        body: response.bytes().await?,
    })
}

pub(super) fn judge(answer: &ServerAnswer, ack: Duration) -> DeliveryAttempt {
    let refused =
        || RefusedDelivery { status: Some(answer.status.as_u16()), reason: reason(answer) };
    match answer.status {
        StatusCode::ACCEPTED => DeliveryAttempt::Final(DeliveryOutcome::Accepted {
            duplicate: is_duplicate(&answer.body),
            ack,
        }),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            DeliveryAttempt::Again { refused: refused(), after: answer.retry_after }
        }
        _ => DeliveryAttempt::Final(DeliveryOutcome::Refused(refused())),
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
fn reason(answer: &ServerAnswer) -> String {
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
pub(super) fn unreachable(error: &reqwest::Error) -> RefusedDelivery {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    RefusedDelivery { status: None, reason: cause.to_string() }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
