//! The color scheme that a visitor chose for pages. The one of a signed-in person is stored with them.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use platform::web::Cookies;

pub use platform::theme::Theme;

/// The name of the cookie of visitors.
const COOKIE: &str = "theme";
const LASTS: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns the scheme that a visitor chose in this browser.
#[must_use]
pub fn of_visitor(cookies: Cookies, headers: &HeaderMap) -> Option<Theme> {
    Theme::named(cookies.read(headers, COOKIE)?)
}

/// Returns the `Set-Cookie` header by which a browser keeps the choice, or forgets an earlier one.
#[must_use]
pub fn cookie(cookies: Cookies, theme: Option<Theme>) -> HeaderValue {
    match theme {
        Some(theme) => cookies.set(COOKIE, theme.as_str(), LASTS),
        None => cookies.clear(COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn a_choice_is_kept_by_the_browser() {
        let cookies = Cookies::new(false);
        let asked = |cookie: HeaderValue| {
            let text = cookie.to_str().expect("text").to_owned();
            let pair = text.split_once(';').expect("attributes").0.to_owned();
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::try_from(pair).expect("a cookie"));
            of_visitor(cookies, &headers)
        };
        assert_eq!(asked(cookie(cookies, Some(Theme::Dark))), Some(Theme::Dark));
        assert_eq!(asked(cookie(cookies, None)), None);
        assert_eq!(asked(HeaderValue::from_static("guildhall-theme=\"><p>; Path=/")), None);
    }
}
