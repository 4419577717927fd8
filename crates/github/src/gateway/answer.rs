use chrono::DateTime;
use kernel::Timestamp;
use platform::outside::retry_after;
use reqwest::{
    Response, StatusCode,
    header::{self, HeaderMap},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::ApiError;
use crate::rules::{payload, quota::StatedQuota};

/// The largest response that is read, in bytes. A hundred descriptions of GitHub's maximum length, in four-byte
/// characters, take as much.
const LARGEST: usize = 32 << 20;

/// A response with its body.
pub(super) struct ApiAnswer {
    pub(super) status: StatusCode,
    pub(super) etag: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) stated: StatedQuota,
    /// True if a list has another page.
    pub(super) has_next: bool,
    /// The place of a list's next page, where pages are not counted.
    pub(super) next_place: Option<String>,
    /// The address that GitHub redirects to.
    pub(super) location: Option<String>,
    /// True if a list leaves out what organizations protect by single sign-on.
    pub(super) is_partial: bool,
    /// The URL at which the person begins single sign-on, if a request was refused without it.
    pub(super) sso: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    message: Option<String>,
}

impl ApiAnswer {
    /// Reads a response.
    ///
    /// # Errors
    /// When it is not complete in time, or too large.
    pub(super) async fn read(mut response: Response, now: Timestamp) -> Result<Self, ApiError> {
        let (status, headers) = (response.status(), response.headers());
        let mut stated = stated(status, headers, now);
        let etag = headers.get(header::ETAG);
        let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let (has_next, next_place) = (has_next(headers), next_place(headers));
        let location = headers.get(header::LOCATION);
        let location = location.and_then(|location| location.to_str().ok());
        let location = location.map(str::to_owned);
        let (is_partial, sso) = single_sign_on(headers);
        let mut body = Vec::new();
        let interrupted = |error: reqwest::Error| {
            ApiError::Unavailable(platform::outside::silence(&error).to_owned())
        };
        while let Some(part) = response.chunk().await.map_err(interrupted)? {
            if body.len() + part.len() > LARGEST {
                return Err(ApiError::TooMuch);
            }
            body.extend_from_slice(&part);
        }
        let message = message(&body);
        stated.names_limit = message.contains("rate limit") || message.contains("abuse detection");
        Ok(Self { status, etag, body, stated, has_next, next_place, location, is_partial, sso })
    }

    /// Parses the body.
    ///
    /// # Errors
    /// [`ApiError::Unexpected`] when a field has an unexpected type.
    pub(super) fn parsed<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        payload::read(&self.body).map_err(|error| ApiError::Unexpected(error.to_string()))
    }

    /// Returns true if GitHub refuses because the installation of an App is suspended.
    pub(super) fn is_suspended(&self) -> bool {
        self.status == StatusCode::FORBIDDEN && self.message().contains("suspended")
    }

    /// Returns GitHub's message for a refusal, cut to a line.
    pub(super) fn message(&self) -> String {
        message(&self.body)
    }
}

pub(super) fn message(body: &[u8]) -> String {
    let refusal: Option<Refusal> = serde_json::from_slice(body).ok();
    let message = refusal.and_then(|refusal| refusal.message);
    shown(&message.unwrap_or_default())
}

/// Returns the beginning of a message, as one line.
pub(super) fn shown(message: &str) -> String {
    const LONGEST: usize = 200;
    let shown = message.chars().filter(|c| !c.is_control()).take(LONGEST);
    shown.collect()
}

pub(super) fn stated(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> StatedQuota {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let number = |name: &str| text(name)?.parse().ok();
    let reset = text("x-ratelimit-reset").and_then(|text| text.parse().ok());
    StatedQuota {
        status: status.as_u16(),
        retry_after: text("retry-after").and_then(|text| retry_after(text, now)),
        remaining: number("x-ratelimit-remaining"),
        resets_at: reset.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        names_limit: false,
    }
}

/// Returns true if the header `Link` names another page
/// (docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api).
pub(super) fn has_next(headers: &HeaderMap) -> bool {
    let links = headers.get(header::LINK).and_then(|link| link.to_str().ok());
    links.is_some_and(|links| links.contains("rel=\"next\""))
}

/// Returns the parameter `after` of the next page in the header `Link`, as it is in the URL.
pub(super) fn next_place(headers: &HeaderMap) -> Option<String> {
    const LONGEST: usize = 500;
    let links = headers.get(header::LINK)?.to_str().ok()?;
    let next = links.split(',').find(|link| link.contains("rel=\"next\""))?;
    let (url, _) = next.trim().trim_start_matches('<').split_once('>')?;
    let (_, query) = url.split_once('?')?;
    let place = query.split('&').find_map(|part| part.strip_prefix("after="))?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%=:+".contains(&byte);
    let is_usable = (1..=LONGEST).contains(&place.len()) && place.bytes().all(is_plain);
    is_usable.then(|| place.to_owned())
}

/// Returns whether a list is partial, and the URL at which a person begins single sign-on, from the header
/// `X-GitHub-SSO` (docs.github.com/rest/authentication/authenticating-to-the-rest-api).
pub(super) fn single_sign_on(headers: &HeaderMap) -> (bool, Option<String>) {
    const LONGEST: usize = 500;
    let stated = headers.get("x-github-sso").and_then(|text| text.to_str().ok());
    let Some(stated) = stated else {
        return (false, None);
    };
    let is_required = stated.trim_start().starts_with("required");
    let url = stated.split("url=").nth(1).map(str::trim);
    let url = url.filter(|url| {
        let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
        is_plain && url.len() <= LONGEST && url.starts_with("http")
    });
    let url = is_required.then(|| url.unwrap_or_default().to_owned());
    (stated.trim_start().starts_with("partial-results"), url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_single_sign_on_are_read_from_headers() {
        let with = |name: &'static str, value: &'static str| {
            HeaderMap::from_iter([(
                header::HeaderName::from_static(name),
                header::HeaderValue::from_static(value),
            )])
        };
        assert!(has_next(&with("link", "<https://x/?page=2>; rel=\"next\"")));
        assert!(!has_next(&with("link", "<https://x/?page=1>; rel=\"prev\"")));
        let links = concat!(
            "<https://x/activity?before=b>; rel=\"prev\", ",
            "<https://x/activity?ref=main&after=Y3Vyc29yOjI%3D&per_page=100>; rel=\"next\""
        );
        assert_eq!(next_place(&with("link", links)).as_deref(), Some("Y3Vyc29yOjI%3D"));
        for links in [
            "<https://x/?after=1>; rel=\"prev\"",
            "<https://x/?page=2>; rel=\"next\"",
            "<https://x/?after=a/b>; rel=\"next\"",
        ] {
            assert_eq!(next_place(&with("link", links)), None);
        }
        let url = "https://github.com/orgs/octo-org/sso?authorization_request=A1";
        for (value, expected) in [
            (
                "required; url=https://github.com/orgs/octo-org/sso?authorization_request=A1",
                (false, Some(url.to_owned())),
            ),
            ("required", (false, Some(String::new()))),
            ("required; url=javascript:x", (false, Some(String::new()))),
            ("partial-results; organizations=1,2", (true, None)),
        ] {
            assert_eq!(single_sign_on(&with("x-github-sso", value)), expected);
        }
    }

    #[test]
    fn a_message_is_a_short_line() {
        assert_eq!(message(br#"{"message":"Bad\ncredentials"}"#), "Badcredentials");
        assert_eq!(message(b"<html>"), "");
        let long = format!(r#"{{"message":"{}"}}"#, "x".repeat(900));
        assert_eq!(message(long.as_bytes()).len(), 200);
    }
}
