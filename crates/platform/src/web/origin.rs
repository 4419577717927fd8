use axum::http::{HeaderMap, Method, header};

/// Whether a request that changes something was made by another site's page. Browsers say so
/// themselves (`Sec-Fetch-Site`, or `Origin` where that is missing); programs say nothing and carry
/// no cookie, so that `has_cookie` decides for them. `own` is where people reach this server.
#[must_use]
pub fn is_from_elsewhere(
    method: &Method,
    headers: &HeaderMap,
    own: Option<&str>,
    has_cookie: bool,
) -> bool {
    if method.is_safe() {
        return false;
    }
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else {
        return has_cookie;
    };
    let host = text(header::HOST);
    let is_host = |rest: &str| Some(rest) == host;
    let is_here =
        own == Some(origin) || origin.split_once("://").is_some_and(|(_, at)| is_host(at));
    !is_here
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asks(pairs: &[(&'static str, &'static str)], has_cookie: bool) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in [("host", "hall.example")].iter().chain(pairs) {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let own = Some("https://guild.example");
        is_from_elsewhere(&Method::POST, &headers, own, has_cookie)
    }

    #[test]
    fn what_the_browser_says_decides() {
        for (site, is_elsewhere) in [
            ("same-origin", false),
            ("none", false),
            ("same-site", true),
            ("cross-site", true),
        ] {
            let lies = ("origin", "https://guild.example");
            assert_eq!(asks(&[("sec-fetch-site", site), lies], true), is_elsewhere);
        }
        for (origin, is_elsewhere) in [
            ("https://guild.example", false),
            ("http://hall.example", false),
            ("http://evil.example", true),
            ("null", true),
        ] {
            assert_eq!(asks(&[("origin", origin)], true), is_elsewhere, "{origin}");
        }
    }

    #[test]
    fn who_says_nothing_may_not_carry_a_cookie() {
        assert!(asks(&[], true));
        assert!(!asks(&[], false));
        let get = is_from_elsewhere(&Method::GET, &HeaderMap::new(), None, true);
        assert!(!get, "looking changes nothing");
    }
}
