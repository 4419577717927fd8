use std::time::Duration;

use super::Refusal;
use crate::outside::Answer;

/// The wait after the first failed attempt; each further wait is four times as long.
const FIRST: Duration = Duration::from_secs(30);
/// The longest wait, so that a service that is down at night is tried again in the morning.
const LONGEST: Duration = Duration::from_secs(6 * 3_600);
/// The longest wait that a service can ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3_600);
/// The maximum length of a stored response, in characters.
const LONGEST_WORD: usize = 300;

/// Returns the wait after the n-th failed attempt: what the service asks for, but at least our own 30 seconds, 2
/// minutes, 8 minutes … 6 hours. Eight attempts span more than half a day.
pub(super) fn wait(attempts: i64, asked: Option<Duration>) -> Duration {
    let exponent = u32::try_from((attempts - 1).clamp(0, 8)).unwrap_or(8);
    let own = (FIRST * 4_u32.pow(exponent)).min(LONGEST);
    own.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

/// Classifies an HTTP response: accepted, to be retried, or rejected permanently.
pub(super) fn of_answer(service: &str, answer: &Answer) -> Result<(), Refusal> {
    if answer.status.is_success() {
        return Ok(());
    }
    let said = word(&answer.text);
    let why = format!("{service} responded {}: {said}", answer.status.as_u16());
    let later = |why| Refusal::Later { why, after: answer.retry_after };
    Err(match answer.status.as_u16() {
        // Retry, since an admin can correct this.
        401 | 403 => later(format!("{why} (check the API key and its permissions)")),
        // Includes 409: another attempt to send the same message is in progress there.
        408 | 409 | 425 | 429 | 500.. => later(why),
        _ => Refusal::Never(why),
    })
}

/// Shortens a service's response to one line.
pub(super) fn word(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_WORD).collect()
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    #[test]
    fn waits_grow_and_honor_retry_after() {
        let own = |attempts| wait(attempts, None).as_secs();
        assert_eq!([1, 2, 3, 4].map(own), [30, 120, 480, 1_920]);
        assert_eq!([6, 8, i64::MAX].map(own), [21_600; 3]);
        let asked = |seconds| wait(1, Some(Duration::from_secs(seconds))).as_secs();
        assert_eq!([5, 90, u64::MAX].map(asked), [30, 90, 86_400]);
    }

    #[test]
    fn responses_are_accepted_retried_or_rejected() {
        let answer = |status: u16| Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            retry_after: Some(Duration::from_secs(7)),
            text: " a\n word ".to_owned(),
        };
        for taken in [200, 201, 202, 204] {
            assert_eq!(of_answer("it", &answer(taken)), Ok(()));
        }
        for later in [401, 403, 408, 409, 429, 500, 502, 503, 504] {
            let refusal = of_answer("it", &answer(later)).expect_err("refused");
            assert!(
                matches!(&refusal, Refusal::Later { after: Some(_), why } if why.contains("a word")),
                "{refusal:?}"
            );
        }
        for never in [400, 404, 410, 413, 422] {
            let refusal = of_answer("it", &answer(never)).expect_err("refused");
            assert_eq!(refusal, Refusal::Never(format!("it responded {never}: a word")));
        }
    }
}
