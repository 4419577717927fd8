//! The request that an error page answers.

use axum::{
    extract::Request,
    http::{Extensions, HeaderMap, Method, Uri},
};
use platform::web::{self, RequestId};

use crate::Community;

/// The facts that an error page needs of its request.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    /// The path and the query of the page of this server that led to the request.
    pub(crate) from: Option<String>,
    id: Option<RequestId>,
}

impl Refused {
    pub(crate) fn of(request: &Request) -> Self {
        let (headers, found) = (request.headers(), request.extensions());
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            from: came_from(headers, found),
            id: found.get().cloned(),
        }
    }

    /// Returns true if the request sent a form.
    pub(crate) fn is_form(&self) -> bool {
        !self.method.is_safe()
    }

    /// Returns the path and the query, which a link can repeat.
    pub(crate) fn address(&self) -> Option<&str> {
        let address = self.uri.path_and_query()?.as_str();
        is_own(address).then_some(address)
    }

    /// Returns the page to go back to: the one that led here, unless it is the refused page itself.
    pub(crate) fn back(&self) -> Option<&str> {
        let from = self.from.as_deref()?;
        (self.is_form() || self.address() != Some(from)).then_some(from)
    }

    pub(crate) fn id(&self) -> &str {
        self.id.as_ref().and_then(|id| id.0.to_str().ok()).unwrap_or("unknown")
    }
}

fn came_from(headers: &HeaderMap, found: &Extensions) -> Option<String> {
    let own = found.get::<Community>().map(|community| &*community.site);
    let from = web::came_from(headers, own)?;
    is_own(from).then(|| from.to_owned())
}

/// Returns true if a browser reads a path as one of this server: `//evil.example` is another host.
fn is_own(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.contains('\\')
}

#[cfg(test)]
pub(crate) mod tests {
    use axum::{body::Body, http::HeaderValue};

    use super::*;

    /// Returns a request from the page `from`, which is a path of this server or a URL.
    pub(crate) fn refused(method: Method, address: &str, from: &str) -> Refused {
        let request = Request::builder().method(method).uri(address).header("host", "hall.example");
        let from = if from.starts_with('/') {
            format!("https://hall.example{from}")
        } else {
            from.to_owned()
        };
        let request = request.header("referer", from).body(Body::empty());
        let mut request = request.expect("a request");
        let id = RequestId(HeaderValue::from_static("abc-12345"));
        request.extensions_mut().insert(id);
        Refused::of(&request)
    }

    #[test]
    fn only_pages_of_this_server_lead_back() {
        for (from, back) in [
            ("/projects?cursor=x", Some("/projects?cursor=x")),
            ("https://evil.example/projects", None),
            ("https://hall.example//evil.example/", None),
            ("/\\evil.example/", None),
            ("/projects/kelp", None),
        ] {
            let refused = refused(Method::GET, "/projects/kelp", from);
            assert_eq!(refused.back(), back, "{from}");
        }
        let form = refused(Method::POST, "/settings", "/settings");
        assert_eq!(form.back(), Some("/settings"), "the page of the form");
    }
}
