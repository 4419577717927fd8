use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::CodeHostKind;

/// A request to the API of a code host.
pub(super) struct HostRequest {
    /// The parts of the path below the API, decoded.
    pub(super) parts: Vec<String>,
    /// The path of the whole address.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// True if the request has the token.
    pub(super) is_known: bool,
    /// The address of the fake.
    pub(super) base: String,
    /// The largest page, if it is smaller than that of the real host.
    pub(super) largest_page: Option<usize>,
    pub(super) archives_at: Option<String>,
    pub(super) without_activities: bool,
}

impl HostRequest {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        let found = query.find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.parameter(name)?.parse().ok()
    }

    /// Returns the size of a page: the parameter `name`, `usual` without it, and at most `most`.
    pub(super) fn size(&self, name: &str, (usual, most): (usize, usize)) -> usize {
        let most = self.largest_page.unwrap_or(most).min(most);
        self.number(name).unwrap_or(usual).clamp(1, most)
    }

    /// Returns the number of the page, from 1.
    pub(super) fn page(&self) -> usize {
        self.number("page").unwrap_or(1).max(1)
    }

    /// Returns the address of the request with some parameters replaced.
    pub(super) fn with(&self, replaced: &[(&str, String)]) -> String {
        let others = self.query.iter();
        let others = others.filter(|(name, _)| !replaced.iter().any(|(own, _)| own == name));
        let mut query: Vec<(String, String)> = others.cloned().collect();
        query.extend(replaced.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("{}{}?{query}", self.base, self.path)
    }
}

/// Reads the parts of a path and its query.
pub(super) fn parts(uri: &Uri, below: &str) -> Option<Vec<String>> {
    let path = uri.path().strip_prefix(below)?;
    let parts = path.trim_matches('/').split('/');
    Some(parts.map(decoded).collect())
}

/// Decodes the percent-encoding of a part of a path.
fn decoded(part: &str) -> String {
    let pair = format!("x={}", part.replace('+', "%2B"));
    let read: Vec<(String, String)> = serde_urlencoded::from_str(&pair).unwrap_or_default();
    read.into_iter().next().map(|(_, text)| text).unwrap_or_default()
}

/// An answer of a code host.
pub(super) enum Reply {
    /// JSON, possibly a page of a list with its headers.
    Json(Value, HeaderMap),
    /// A compressed archive.
    Archive(Vec<u8>),
    /// A redirect to an address.
    Moved(String),
    /// An error with its message.
    Refused(StatusCode, String),
}

impl Reply {
    pub(super) fn ok(value: Value) -> Self {
        Self::Json(value, HeaderMap::new())
    }

    pub(super) fn missing(message: &str) -> Self {
        Self::Refused(StatusCode::NOT_FOUND, message.to_owned())
    }

    /// Returns a page of a list by its number, with the header `Link` and the given headers.
    pub(super) fn numbered<T>(
        ask: &HostRequest,
        all: &[T],
        size: usize,
        render: impl Fn(&T) -> Value,
    ) -> Self {
        let page = ask.page();
        let shown: Vec<Value> = all.iter().skip((page - 1) * size).take(size).map(render).collect();
        let has_next = page * size < all.len();
        let mut headers = HeaderMap::new();
        let link = has_next.then(|| ask.with(&[("page", (page + 1).to_string())]));
        add(&mut headers, "link", link.map(|url| format!("<{url}>; rel=\"next\"")));
        add(&mut headers, "x-total-count", Some(all.len().to_string()));
        Self::Json(Value::from(shown), headers)
    }

    /// Returns the answer in the form of a kind of code host.
    pub(super) fn response(self, kind: CodeHostKind) -> Response {
        match self {
            Self::Json(value, headers) => {
                let mut response = axum::Json(value).into_response();
                response.headers_mut().extend(headers);
                response
            }
            Self::Archive(bytes) => {
                let headers = [(header::CONTENT_TYPE, "application/x-gzip")];
                (headers, bytes).into_response()
            }
            Self::Moved(url) => {
                let headers = [(header::LOCATION, url)];
                (StatusCode::MOVED_PERMANENTLY, headers).into_response()
            }
            Self::Refused(status, message) => {
                let body = match kind {
                    CodeHostKind::Gitea => json!({ "message": message, "url": "/api/swagger" }),
                    CodeHostKind::Gitlab => json!({ "message": message }),
                    CodeHostKind::Bitbucket => {
                        json!({ "type": "error", "error": { "message": message } })
                    }
                };
                (status, axum::Json(body)).into_response()
            }
        }
    }
}

pub(super) fn add(headers: &mut HeaderMap, name: &'static str, value: Option<String>) {
    if let Some(value) = value.and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.insert(name, value);
    }
}
