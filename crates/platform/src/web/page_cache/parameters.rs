//! The query parameters of a page.

use axum::http::Uri;

/// Returns an address with only these query parameters, in the order of their names; `None` if it has none at all.
pub(super) fn with_only(uri: &Uri, names: &[&str]) -> Option<Uri> {
    let name = |pair: &&str| pair.split('=').next().unwrap_or_default().to_owned();
    let is_known = |pair: &&str| names.contains(&&*name(pair));
    let mut known: Vec<&str> = uri.query()?.split('&').filter(is_known).collect();
    known.sort_by_key(name);
    let path = match &*known {
        [] => uri.path().to_owned(),
        known => format!("{}?{}", uri.path(), known.join("&")),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path.try_into().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_address_for_the_same_parameters() {
        let only = |address: &str| {
            let uri: Uri = address.parse().expect("an address");
            with_only(&uri, &["cursor", "state"]).unwrap_or(uri).to_string()
        };
        for (address, expected) in [
            ("/a", "/a"),
            ("/a?", "/a"),
            ("/a?x=1&y", "/a"),
            ("/a?utm_source=x&state=b%20c", "/a?state=b%20c"),
            ("/a?state=b&&cursor=c&state2=d", "/a?cursor=c&state=b"),
            ("/a?state", "/a?state"),
            ("http://guild.example/a?x=1&cursor=c", "http://guild.example/a?cursor=c"),
        ] {
            assert_eq!(only(address), expected);
        }
    }
}
