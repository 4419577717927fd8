//! The fallback for paths without a route.

use axum::{
    extract::Request,
    http::{Method, Uri},
    response::{IntoResponse, Redirect, Response},
};

use crate::not_found;

/// Redirects a path with a trailing slash to the one without. Responds to any other request with 404.
pub async fn elsewhere(request: Request) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    match without_slash(request.uri()).filter(|_| is_read) {
        Some(address) => Redirect::permanent(&address).into_response(),
        None => not_found(request).await,
    }
}

/// Returns the URL without its trailing slash. `None` if a browser could read the rest as another host, such as
/// `//evil.example`.
pub(crate) fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/')?;
    let is_plain = path.starts_with('/') && !path.contains("//") && !path.contains('\\');
    let query = uri.query().map(|query| format!("?{query}"));
    is_plain.then(|| format!("{path}{}", query.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trailing_slash_is_removed() {
        for (address, to) in [
            ("/leaderboards/", Some("/leaderboards")),
            ("/people/a%2Fb/?points=x", Some("/people/a%2Fb?points=x")),
            ("/leaderboards", None),
            ("/", None),
            ("//evil.example/", None),
            ("/a//", Some("/a/")),
            ("/\\evil.example/", None),
        ] {
            let uri: Uri = address.parse().expect(address);
            assert_eq!(without_slash(&uri).as_deref(), to, "{address}");
        }
    }
}
