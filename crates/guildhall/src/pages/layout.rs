//! What every page shares: how it is rendered and the headers it is sent with.

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{Html, Response},
};
use kernel::Problem;
use platform::web::{RequestId, WebError};

use super::error::{self, PageError};

/// What a handler of a page answers.
pub(super) type PageResult = Result<Html<String>, PageError>;

/// The part of the house a page belongs to, marked in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Home,
    Projects,
    Leaderboards,
    Elsewhere,
}

/// Renders a page.
pub(super) fn show(page: &impl Template) -> PageResult {
    match page.render() {
        Ok(html) => Ok(Html(html)),
        Err(error) => Err(WebError::Failed(Box::new(error)).into()),
    }
}

/// Only our own stylesheet, script, pictures and forms; nothing within the page.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; script-src 'self'; connect-src 'self'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (header::CACHE_CONTROL, "no-cache"),
];

/// Puts the headers of a page on.
pub(super) fn put_headers(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Dresses what a page answers: a problem becomes a page of its own, and every page gets its headers.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return error::page(&problem, id.as_ref());
    }
    put_headers(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    #[test]
    fn templates_escape_everything_and_bring_no_style_or_script() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for file in fs::read_dir(folder).expect("the templates") {
            let path = file.expect("a template").path();
            let text = fs::read_to_string(&path).expect("text");
            // The one script is a file of ours.
            let module = r#"<script type="module" src="{{ crate::pages::assets::script() }}">"#;
            // Guides are ours, and sanitized where they are rendered.
            let text = text
                .replace(module, "")
                .replace("{{ guide.html|safe }}", "");
            for banned in ["|safe", "| safe", "style=", "<style", "<script", " onclick"] {
                assert!(!text.contains(banned), "{}: {banned}", path.display());
            }
        }
    }
}
