//! Result of a delivery, by the server's answer.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use reqwest::{
    Response, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde::Deserialize;

/// The last answer to a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 202.
    Accepted {
        /// The inbox had it already.
        duplicate: bool,
        /// From sending to the whole answer, of the attempt that was accepted.
        ack: Duration,
    },
    /// Anything else.
    Refused(Refused),
}

/// Why a delivery was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status; without one, the server could not be reached.
    pub status: Option<u16>,
    /// The server's sentence, or what went wrong on the way.
    pub reason: String,
}

/// One try: answered for good, or worth another.
pub(super) enum Attempt {
    Final(Outcome),
    Again {
        refused: Refused,
        after: Option<Duration>,
    },
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
    let refused = || Refused {
        status: Some(answer.status.as_u16()),
        reason: reason(answer),
    };
    match answer.status {
        StatusCode::ACCEPTED => Attempt::Final(Outcome::Accepted {
            duplicate: is_duplicate(&answer.body),
            ack,
        }),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            Attempt::Again {
                refused: refused(),
                after: answer.retry_after,
            }
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

/// The problem document's own sentence, where there is one.
fn reason(answer: &Answer) -> String {
    #[derive(Deserialize)]
    struct Problem {
        detail: String,
    }
    match serde_json::from_slice(&answer.body) {
        Ok(Problem { detail }) => detail,
        Err(_) => answer
            .status
            .canonical_reason()
            .unwrap_or("unexpected answer")
            .to_owned(),
    }
}

/// Innermost cause: "Connection refused" says more than "error sending request".
pub(super) fn unreachable(error: &reqwest::Error) -> Refused {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Refused {
        status: None,
        reason: cause.to_string(),
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}
