//! The rules for requests that repeat a known key.

use axum::http::{HeaderMap, StatusCode};
use kernel::{Problem, ProblemKind, Timestamp};

use super::{HEADER, KEPT};

/// The maximum length of a key, in characters.
const LONGEST: usize = 255;

/// The stored row of a key.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub(super) struct StoredAnswer {
    pub(super) id: uuid::Uuid,
    pub(super) created_at: Timestamp,
    /// Identifies the request.
    pub(super) fingerprint: Vec<u8>,
    /// The end of the claim of the request in progress.
    pub(super) claimed_until: Timestamp,
    /// True once the request has committed anything.
    pub(super) is_done: bool,
    /// The encrypted response.
    pub(super) response_secret: Option<Vec<u8>>,
}

/// The decision about a request that repeats a known key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Process the request: nothing was committed under this key, or the key has expired.
    Begins,
    /// Replay the stored response.
    Replayed(Vec<u8>),
    /// Reject the request.
    Refused(Problem),
}

/// Decides about a request with this fingerprint at this time.
pub(super) fn fate(kept: StoredAnswer, fingerprint: &[u8], now: Timestamp) -> Fate {
    if now - kept.created_at >= KEPT {
        return Fate::Begins;
    }
    if kept.fingerprint != fingerprint {
        return Fate::Refused(reused());
    }
    match kept.response_secret {
        Some(answer) => Fate::Replayed(answer),
        None if kept.claimed_until > now => Fate::Refused(under_way()),
        None if kept.is_done => Fate::Refused(lost()),
        None => Fate::Begins,
    }
}

/// Returns true if the response of a request is always stored, which is the case for successes. An error is
/// stored only if something was committed anyway; otherwise the key may be used again.
pub(super) fn went_well(status: StatusCode) -> bool {
    status.is_success() || status.is_redirection()
}

/// Reads the key of a request: a quoted string (RFC 8941), or bare text, which many clients send.
///
/// # Errors
/// When the header is there more than once, or is no key.
pub fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut given = headers.get_all(HEADER).iter();
    let Some(first) = given.next() else {
        return Ok(None);
    };
    let text = first.to_str().unwrap_or_default().trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let is_plain = bare.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    if given.next().is_none() && (1..=LONGEST).contains(&bare.len()) && is_plain {
        Ok(Some(bare))
    } else {
        Err(Problem::new(
            ProblemKind::Malformed,
            "BAD_IDEMPOTENCY_KEY",
            format!(
                "Idempotency-Key is invalid. Send it once, with 1 to {LONGEST} visible characters, \
                 such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\"."
            ),
        ))
    }
}

/// Returns the refusal of a key that was sent with a different request before.
#[must_use]
pub fn reused() -> Problem {
    Problem::new(
        ProblemKind::Invalid,
        "IDEMPOTENCY_KEY_REUSED",
        "This Idempotency-Key was used for a different request. Send each request with a new key.",
    )
}

pub(super) fn under_way() -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        "IDEMPOTENCY_KEY_IN_USE",
        "A request with this Idempotency-Key is in progress. Send it again in a moment to get its response.",
    )
}

pub(super) fn lost() -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        "IDEMPOTENCY_RESPONSE_LOST",
        "The request with this Idempotency-Key was completed, but its response was lost. Check the \
         result; to repeat the request, use a new key.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn keys_are_replayed_rejected_or_processed() {
        let now = at("2026-11-02T12:00:00Z");
        let (begins, replayed) = (Fate::Begins, Fate::Replayed(vec![7]));
        let (in_use, lost) = (Fate::Refused(under_way()), Fate::Refused(lost()));
        let other = Fate::Refused(reused());
        let (lately, long_ago) = ("2026-11-01T12:00:01Z", "2026-11-01T12:00:00Z");
        let (held, over) = ("2026-11-02T12:00:01Z", "2026-11-02T12:00:00Z");
        for (created_at, claimed_until, is_done, answer, is_same, fate_of) in [
            // In progress, within its claim.
            (lately, held, false, None, true, &in_use),
            (lately, held, true, None, true, &in_use),
            // The claim expired: the process that held it is gone.
            (lately, over, false, None, true, &begins),
            (lately, over, true, None, true, &lost),
            // Completed.
            (lately, held, true, Some(vec![7]), true, &replayed),
            (lately, over, true, Some(vec![7]), true, &replayed),
            // A different request.
            (lately, over, true, Some(vec![7]), false, &other),
            (lately, held, false, None, false, &other),
            // Expired, whatever the request.
            (long_ago, over, true, Some(vec![7]), true, &begins),
            (long_ago, over, true, Some(vec![7]), false, &begins),
            // The clock was set back.
            ("2026-11-02T13:00:00Z", held, true, Some(vec![7]), true, &replayed),
        ] {
            let kept = StoredAnswer {
                id: uuid::Uuid::nil(),
                created_at: at(created_at),
                fingerprint: vec![1],
                claimed_until: at(claimed_until),
                is_done,
                response_secret: answer,
            };
            let fingerprint = if is_same { [1] } else { [2] };
            assert_eq!(&fate(kept.clone(), &fingerprint, now), fate_of, "{kept:?}");
        }
    }

    #[test]
    fn keys_are_quoted_or_bare_text() {
        let read = |given: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in given {
                headers.append(HEADER, value.parse().expect("a value"));
            }
            key(&headers).map(|key| key.map(str::to_owned))
        };
        assert_eq!(read(&[]), Ok(None));
        let longest = "k".repeat(255);
        for (given, is) in [("\"a-1\"", "a-1"), ("a-1", "a-1"), (&longest, &longest)] {
            assert_eq!(read(&[given]), Ok(Some(is.to_owned())), "{given}");
        }
        let longer = "k".repeat(256);
        for given in [&[""][..], &["\"\""], &["a b"], &["a\"b"], &[&longer], &["a", "a"]] {
            let refused = read(given).expect_err("refused");
            assert_eq!(refused.code, "BAD_IDEMPOTENCY_KEY", "{given:?}");
        }
    }
}
