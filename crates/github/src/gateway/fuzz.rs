//! Parsers of GitHub's responses never panic, and bound what they return.

use kernel::Timestamp;
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::answer::{message, stated};

const LIMITS: [&str; 3] = ["x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"];

#[test]
fn answers_of_github() {
    bolero::check!()
        .with_type::<(u16, [Option<String>; 3], Vec<u8>)>()
        .for_each(|(status, limits, body)| {
            assert!(message(body).chars().count() <= 200);
            let mut headers = HeaderMap::new();
            for (name, value) in LIMITS.iter().zip(limits) {
                let value = value
                    .as_deref()
                    .and_then(|value| HeaderValue::from_str(value).ok());
                if let Some(value) = value {
                    headers.insert(HeaderName::from_static(name), value);
                }
            }
            let status = StatusCode::from_u16(100 + status % 500).expect("a status");
            let now = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
            let limits = stated(status, &headers, now);
            for wait in [limits.refusal(now), limits.pause(now)]
                .into_iter()
                .flatten()
            {
                assert!(wait.as_secs() <= 65 * 60, "{wait:?}");
            }
        });
}
