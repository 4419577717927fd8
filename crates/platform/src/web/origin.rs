use axum::http::{HeaderMap, Method, header};

/// Returns true if a request that changes something comes from another site's page. Browsers say so
/// (`Sec-Fetch-Site`, or `Origin` if that is missing). Other programs send neither header and no cookie, so
/// `has_cookie` decides for them. `own` is the URL of this server.
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

/// Returns the path and query of the page of this server that led to the request, if the browser reports it.
#[must_use]
pub fn came_from<'a>(headers: &'a HeaderMap, own: Option<&str>) -> Option<&'a str> {
    let page = headers.get(header::REFERER)?.to_str().ok()?;
    let (scheme, rest) = page.split_once("://")?;
    let (origin, path) = page.split_at(scheme.len() + 3 + rest.find('/')?);
    is_here(origin, headers, own).then_some(path)
}

/// Returns true if an origin is this server, as configured or as addressed.
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
    fn headers_of_the_browser_decide() {
        for (site, is_elsewhere) in
            [("same-origin", false), ("none", false), ("same-site", true), ("cross-site", true)]
        {
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
    fn own_pages_are_distinguished_from_foreign_ones() {
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
    fn requests_without_the_headers_must_not_carry_a_cookie() {
        assert!(asks(&[], true));
        assert!(!asks(&[], false));
        let get = is_from_elsewhere(&Method::GET, &HeaderMap::new(), None, true);
        assert!(!get, "looking changes nothing");
    }
}
