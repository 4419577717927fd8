use std::time::Duration;

use super::Refusal;
use crate::outside::Answer;

/// The first wait after a failed attempt; each next is four times as long.
const FIRST: Duration = Duration::from_secs(30);
/// The longest wait: a service that is down all night is found up in the morning.
const LONGEST: Duration = Duration::from_secs(6 * 3_600);
/// The longest that a service can make us wait.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3_600);
/// Longest kept answer of a service, in characters.
const LONGEST_WORD: usize = 300;

/// How long to wait after the n-th failed attempt: as the service asks, but never less than our own
/// half minute, two minutes, eight … six hours. Eight attempts reach over more than half a day.
pub(super) fn wait(attempts: i64, asked: Option<Duration>) -> Duration {
    let exponent = u32::try_from((attempts - 1).clamp(0, 8)).unwrap_or(8);
    let own = (FIRST * 4_u32.pow(exponent)).min(LONGEST);
    own.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

/// Judges an answer over HTTP: accepted, to be tried later, or refused for good.
pub(super) fn of_answer(service: &str, answer: &Answer) -> Result<(), Refusal> {
    if answer.status.is_success() {
        return Ok(());
    }
    let said = word(&answer.text);
    let why = format!("{service} responded {}: {said}", answer.status.as_u16());
    let later = |why| Refusal::Later {
        why,
        after: answer.retry_after,
    };
    Err(match answer.status.as_u16() {
        // The administrator can correct it, and then this message can be sent.
        401 | 403 => later(format!("{why} (check the API key and its permissions)")),
        // Another attempt of the same message is under way there.
        408 | 409 | 425 | 429 | 500.. => later(why),
        _ => Refusal::Never(why),
    })
}

/// A service's answer on one short line.
pub(super) fn word(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_WORD).collect()
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    #[test]
    fn waits_grow_and_the_service_may_ask_for_more() {
        let own = |attempts| wait(attempts, None).as_secs();
        assert_eq!([1, 2, 3, 4].map(own), [30, 120, 480, 1_920]);
        assert_eq!([6, 8, i64::MAX].map(own), [21_600; 3]);
        let asked = |seconds| wait(1, Some(Duration::from_secs(seconds))).as_secs();
        assert_eq!([5, 90, u64::MAX].map(asked), [30, 90, 86_400]);
    }

    #[test]
    fn answers_are_taken_by_what_can_be_done_about_them() {
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
            assert_eq!(
                refusal,
                Refusal::Never(format!("it responded {never}: a word"))
            );
        }
    }
}
