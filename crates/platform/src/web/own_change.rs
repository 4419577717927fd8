//! The memory of a browser that its person changed something, so that their next pages are not read from a replica which does not have
//! it yet. It is a cookie, because another server may answer them.

use std::time::Duration;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use kernel::Timestamp;

use super::Cookies;

/// The name of the cookie with the second of the last change.
const CHANGED: &str = "changed";

/// Returns how long ago the browser changed something; `None` if it does not remember a change.
pub(super) fn age(cookies: Cookies, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let at: i64 = cookies.read(headers, CHANGED)?.parse().ok()?;
    // The clock of the server that wrote it may be ahead.
    let seconds = now.timestamp().saturating_sub(at).max(0);
    Some(Duration::from_secs(seconds.unsigned_abs()))
}

/// Lets the browser remember a change for as long as it matters.
pub(super) fn remember(cookies: Cookies, response: &mut Response, lasts: Duration, now: Timestamp) {
    let cookie = cookies.set(CHANGED, &now.timestamp().to_string(), lasts);
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

/// Returns true if a `Set-Cookie` header only remembers a change.
#[must_use]
pub fn remembers_change(cookie: &HeaderValue) -> bool {
    let name = cookie.as_bytes().split(|byte| *byte == b'=').next().unwrap_or_default();
    name.ends_with(b"guildhall-changed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_remembered_by_its_second() {
        let now: Timestamp = "2026-11-01T08:00:30Z".parse().expect("an instant");
        let cookies = Cookies::new(false);
        let mut response = Response::default();
        remember(cookies, &mut response, Duration::from_secs(16), now);
        let cookie = response.headers()[header::SET_COOKIE].clone();
        assert!(remembers_change(&cookie), "{cookie:?}");
        assert!(!remembers_change(&cookies.set("session", "guildhall-changed=", Duration::ZERO)));
        let sent = cookie.to_str().expect("text").split(';').next().expect("a pair").to_owned();
        let age_of = |sent: &str, seconds| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::try_from(sent).expect("a cookie"));
            age(cookies, &headers, now + Duration::from_secs(seconds))
        };
        assert_eq!(age_of(&sent, 9), Some(Duration::from_secs(9)));
        assert_eq!(age_of("guildhall-changed=99999999999", 0), Some(Duration::ZERO));
        let first = format!("guildhall-changed={}", i64::MIN);
        assert!(age_of(&first, 0).is_some());
        for other in ["guildhall-changed=soon", "guildhall-session=1"] {
            assert_eq!(age_of(other, 0), None, "{other}");
        }
    }
}
