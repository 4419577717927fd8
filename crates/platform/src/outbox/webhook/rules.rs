use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Problem, ProblemKind, Timestamp};
use reqwest::Url;
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;

use super::Secret;
use crate::outbox::Message;

/// The maximum number of webhooks per person.
pub const MOST: usize = 5;
/// The days of failures after which a webhook is disabled.
pub const FAILING_DAYS: i64 = 5;

/// The maximum length of a URL, in characters.
const LONGEST_URL: usize = 2_000;
/// The maximum length of a description, in characters.
const LONGEST_DESCRIPTION: usize = 100;
/// The number of characters that are stored of a response.
const LONGEST_ANSWER: usize = 200;
/// How long a replaced secret signs too.
const ROTATION_LASTS: TimeDelta = TimeDelta::hours(24);
/// The waits after the failed attempts, in seconds. With the first, these are eight attempts.
const WAITS: [u64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
/// The longest wait that a receiver can ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3_600);

/// Returns the wait after the n-th failed attempt: our own, which `spread` makes up to a fifth longer so that messages
/// that failed together are not repeated together, or what the receiver asks for, if that is longer.
pub(super) fn wait(attempts: i64, asked: Option<Duration>, spread: u8) -> Duration {
    let last = WAITS.len() - 1;
    let place = usize::try_from(attempts - 1).unwrap_or(0).min(last);
    let base = Duration::from_secs(WAITS[place]);
    let own = base + base * u32::from(spread) / 5 / 255;
    own.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

/// Returns until when a secret that is replaced now signs too.
pub(super) fn rotation_ends(now: Timestamp) -> Timestamp {
    now + ROTATION_LASTS
}

/// Returns true if a webhook that failed since an instant, and now again, is to be disabled.
pub(super) fn is_lost(failing_since: Timestamp, now: Timestamp) -> bool {
    now - failing_since >= TimeDelta::days(FAILING_DAYS)
}

/// Parses a URL, if it may be registered. The addresses of its host are not looked up.
pub(in crate::outbox) fn checked_url(url: &str) -> Result<Url, Problem> {
    let url = url.trim();
    let length = url.chars().count();
    if length > LONGEST_URL {
        let detail = format!(
            "A webhook URL can have at most {LONGEST_URL} characters, but this one has {length}."
        );
        return Err(bad_url(detail));
    }
    let parsed = Url::parse(url).map_err(|_| {
        bad_url("This is not a URL. Enter one such as https://HOST/PATH.".to_owned())
    })?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        let detail =
            "A webhook URL must not contain a user name or password. Requests are signed instead.";
        return Err(bad_url(detail.to_owned()));
    }
    Ok(parsed)
}

pub(super) fn bad_url(detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_WEBHOOK_URL", detail).at("url")
}

/// Validates a description; an empty one is allowed.
pub(super) fn described(description: &str) -> Result<String, Problem> {
    let description = description.trim();
    let length = description.chars().count();
    if length > LONGEST_DESCRIPTION || description.chars().any(char::is_control) {
        let detail = format!(
            "A description is one line of at most {LONGEST_DESCRIPTION} characters. Shorten it, and remove control \
             characters."
        );
        let problem = Problem::new(ProblemKind::Invalid, "BAD_WEBHOOK_DESCRIPTION", detail);
        return Err(problem.at("description"));
    }
    Ok(description.to_owned())
}

/// Returns the part of a response that is stored: its beginning in one line, without control characters.
pub(in crate::outbox) fn tame(answer: &str) -> String {
    let visible = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    let visible = visible.chars().filter(|one| !one.is_control());
    visible.take(LONGEST_ANSWER).collect()
}

/// Encodes the body of a message, which is the same at each attempt. Emails can contain links that work without
/// signing in, so their text is not included.
pub(super) fn payload(message: &Message) -> Vec<u8> {
    let content = &message.content;
    let body = json!({
        "type": message.kind,
        "timestamp": message.written_at,
        "data": {
            "title": content.subject,
            "text": content.text.trim(),
            "url": content.link,
        },
    });
    body.to_string().into_bytes()
}

/// Returns the header `webhook-signature`: a signature of `id.timestamp.body` for each secret.
pub(super) fn signatures(secrets: &[Secret], id: Uuid, at: Timestamp, body: &[u8]) -> String {
    let (id, at) = (id.to_string(), at.timestamp().to_string());
    let sign = |secret: &Secret| signature(secret, &id, &at, body);
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

fn signature(secret: &Secret, id: &str, at: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("any length is a key");
    for part in [id.as_bytes(), b".", at.as_bytes(), b".", body] {
        mac.update(part);
    }
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::outbox::Content;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_example_of_the_standard_is_signed() {
        let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let bytes = STANDARD.decode(&text["whsec_".len()..]).expect("base64");
        let secret = Secret::of(bytes);
        assert_eq!(secret.text().expose_secret(), text);
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let body = br#"{"test": 2432232314}"#;
        assert_eq!(
            signature(&secret, id, "1614265330", body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn each_secret_signs() {
        let secrets = [Secret::of(vec![1; 32]), Secret::of(vec![2; 32])];
        let (id, now) = (Uuid::from_u128(7), at("2026-11-01T08:00:00Z"));
        let both = signatures(&secrets, id, now, b"{}");
        let (new, old) = both.split_once(' ').expect("two signatures");
        assert_eq!(new, signatures(&secrets[..1], id, now, b"{}"));
        assert_eq!(old, signatures(&secrets[1..], id, now, b"{}"));
        assert_ne!(new, old);
    }

    #[test]
    fn fresh_secrets_have_32_bytes_and_differ() {
        let text = || {
            let secret = Secret::fresh().expect("random bytes");
            assert_eq!(secret.bytes().len(), 32);
            secret.text().expose_secret().to_owned()
        };
        let (one, two) = (text(), text());
        assert!(one.starts_with("whsec_") && one != two);
        assert_eq!(one.len(), "whsec_".len() + 44);
    }

    #[test]
    fn waits_follow_the_schedule_and_honor_longer_requests() {
        let own = |attempts| wait(attempts, None, 0).as_secs();
        assert_eq!([1, 2, 3, 4, 5, 6, 7].map(own), WAITS);
        assert_eq!([0, 8, i64::MAX].map(own), [5, 36_000, 36_000]);
        assert_eq!(wait(2, None, 255).as_secs(), 360, "a fifth longer at most");
        let asked = |seconds| wait(2, Some(Duration::from_secs(seconds)), 0).as_secs();
        assert_eq!([1, 299, 301, u64::MAX].map(asked), [300, 300, 301, 86_400]);
    }

    #[test]
    fn five_days_of_failures_are_too_many() {
        let since = at("2026-11-01T08:00:00Z");
        assert!(!is_lost(since, at("2026-11-06T07:59:59Z")));
        assert!(is_lost(since, at("2026-11-06T08:00:00Z")));
    }

    #[test]
    fn urls_are_bounded_and_carry_no_password() {
        let code = |url: &str| checked_url(url).map(String::from).map_err(|it| it.code);
        assert_eq!(
            code(" https://hooks.example/a?b=c "),
            Ok("https://hooks.example/a?b=c".to_owned())
        );
        let long = format!("https://hooks.example/{}", "a".repeat(LONGEST_URL));
        for wrong in [
            "",
            "hooks.example",
            "https://",
            "https://a:b@hooks.example/",
            "https://a@hooks.example/",
            &long,
        ] {
            assert_eq!(code(wrong), Err("BAD_WEBHOOK_URL"), "{wrong}");
        }
    }

    #[test]
    fn descriptions_are_one_short_line() {
        let code = |text: &str| described(text).map_err(|problem| problem.code);
        assert_eq!(code(" My bot "), Ok("My bot".to_owned()));
        assert_eq!(code(""), Ok(String::new()));
        let full = "ä".repeat(LONGEST_DESCRIPTION);
        assert_eq!(code(&full), Ok(full.clone()));
        for wrong in [&format!("{full}ä"), "a\nb", "a\0b"] {
            assert_eq!(code(wrong), Err("BAD_WEBHOOK_DESCRIPTION"), "{wrong:?}");
        }
    }

    #[test]
    fn answers_are_cut_and_contain_no_control_characters() {
        assert_eq!(tame(" a\n\tb\0c\u{1b}[31m "), "a bc[31m");
        assert_eq!(tame(&"ä".repeat(300)).chars().count(), LONGEST_ANSWER);
    }

    #[test]
    fn the_body_has_the_title_and_the_page_but_not_the_e_mail() {
        let message = Message {
            id: Uuid::from_u128(7),
            written_at: at("2026-11-01T08:00:00Z"),
            person: Uuid::from_u128(8),
            kind: "role_changed".to_owned(),
            recipient: String::new(),
            content: Content {
                html: Some("<p>secret</p>".to_owned()),
                unsubscribe: Some("https://guild.example/unsubscribe/x".to_owned()),
                ..Content::line("You have a new role", "https://guild.example/people/a".to_owned())
            },
        };
        let body: serde_json::Value = serde_json::from_slice(&payload(&message)).expect("JSON");
        let expected = json!({
            "type": "role_changed",
            "timestamp": "2026-11-01T08:00:00Z",
            "data": {
                "title": "You have a new role",
                "text": "You have a new role\nhttps://guild.example/people/a",
                "url": "https://guild.example/people/a",
            },
        });
        assert_eq!(body, expected);
    }
}
