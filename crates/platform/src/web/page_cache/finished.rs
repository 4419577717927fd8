//! Finished responses, as a client receives them.

use std::sync::atomic::Ordering;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::{FinishedPage, PageKey};
use crate::web::from_cache::FromCache;

impl PageKey {
    /// Returns the response, or 304 if the client has the same version, with a note whether the page was kept.
    pub(super) fn answered(
        &self,
        answer: Result<FinishedPage, Response>,
        known: Option<&HeaderValue>,
    ) -> Response {
        match answer {
            Ok(whole) => {
                let is_kept = !self.is_rendered.load(Ordering::Relaxed);
                FromCache(is_kept).noted(whole.unless(known))
            }
            Err(other) => other,
        }
    }
}

impl FinishedPage {
    /// Returns the response, or 304 if the client has the same version.
    fn unless(self, known: Option<&HeaderValue>) -> Response {
        let tag = self.headers.get(header::ETAG);
        if let (Some(tag), Some(known)) = (tag, known)
            && names(known, tag)
        {
            return self.unchanged();
        }
        let mut response = Response::new(Body::from(self.body));
        *response.headers_mut() = self.headers;
        response
    }

    /// Responds with 304, without the headers that describe a body. The other headers stay, since a cache updates
    /// its copy with them, including the page's security policy.
    fn unchanged(self) -> Response {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        *response.headers_mut() = self.headers;
        for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING] {
            response.headers_mut().remove(name);
        }
        response
    }
}

/// Returns true if `If-None-Match` contains the tag.
pub(in crate::web) fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else {
        return false;
    };
    let mut known = known.split(',').map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_others() {
        let names = |known: &str| {
            let header = |text: &str| HeaderValue::try_from(text).expect("a header");
            names(&header(known), &header("\"ab\""))
        };
        assert!(names("\"ab\"") && names("\"x\", W/\"ab\"") && names("*"));
        assert!(!names("\"a\"") && !names("ab") && !names(""));
    }
}
