use axum::http::{HeaderMap, Method, header};

/// Tells whether a request that changes something was made by another site's page. Browsers say so
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
    !is_here(origin, headers, own)
}

/// Path and query of this server's page that led here, as far as the browser tells it.
#[must_use]
pub fn came_from<'a>(headers: &'a HeaderMap, own: Option<&str>) -> Option<&'a str> {
    let page = headers.get(header::REFERER)?.to_str().ok()?;
    let (scheme, rest) = page.split_once("://")?;
    let (origin, path) = page.split_at(scheme.len() + 3 + rest.find('/')?);
    is_here(origin, headers, own).then_some(path)
}

/// Tells whether an origin is this server: as configured, or as addressed.
fn is_here(origin: &str, headers: &HeaderMap, own: Option<&str>) -> bool {
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let at = origin.split_once("://").map(|(_, at)| at);
    own == Some(origin) || at.is_some() && at == host
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
    fn own_pages_are_distinguished_from_others() {
        let from = |page: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("hall.example"));
            headers.insert("referer", HeaderValue::from_static(page));
            came_from(&headers, Some("https://guild.example")).map(str::to_owned)
        };
        for (page, path) in [
            ("http://hall.example/a?b=c", Some("/a?b=c")),
            ("https://guild.example/", Some("/")),
            ("https://evil.example/a", None),
            ("https://guild.example.evil.example/a", None),
            ("https://evil.example/https://guild.example/", None),
            ("hall.example/a", None),
            ("http://hall.example", None),
        ] {
            assert_eq!(from(page).as_deref(), path, "{page}");
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
