//! The slots of a page that is rendered for everyone.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::LazyLock,
};

use axum::{body::Bytes, http::HeaderMap};

use super::kind;

/// Returns the marker of a slot, which a page rendered for everyone leaves for a part that differs by viewer. It is random, so
/// that no text that people wrote contains it.
#[must_use]
pub fn slot() -> &'static str {
    static MARKER: LazyLock<String> = LazyLock::new(|| {
        let random = RandomState::new();
        format!("<!--{:016x}{:016x}-->", random.hash_one("left"), random.hash_one("right"))
    });
    &MARKER
}

/// Splits a page at its slots. Only HTML has some.
pub(super) fn cut(headers: &HeaderMap, page: &Bytes) -> Vec<Bytes> {
    if !kind(headers).starts_with("text/html") {
        return vec![page.clone()];
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(page, slot()) {
        parts.push(page.slice(from..at));
        from = at + slot().len();
    }
    parts.push(page.slice(from..));
    parts
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    #[test]
    fn only_html_is_cut_at_slots() {
        let parts = |kind: &'static str, text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            cut(&headers, &Bytes::from(text.to_owned())).len()
        };
        let page = format!("<p>{}</p>", slot());
        assert_eq!(parts("text/html; charset=utf-8", &page), 2);
        for other in ["application/json", "text/csv", "application/atom+xml", "image/svg+xml"] {
            assert_eq!(parts(other, &page), 1, "{other}");
        }
        // What people can write, since they cannot know the marker.
        for written in ["<!--slot-->", "<!---->", "<!--"] {
            assert_eq!(parts("text/html", written), 1, "{written}");
        }
        assert!(slot().len() == 39 && slot().starts_with("<!--") && slot().ends_with("-->"));
    }
}
