use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::calls::QueriedPart;

/// An error response with GitHub's wording.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    /// The field `message`.
    pub message: String,
    /// The field `errors`, only for 422.
    pub errors: Option<Value>,
    /// The new address, only for 301.
    pub location: Option<String>,
    /// The header `X-GitHub-SSO`.
    pub sso: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: None, location: None, sso: None }
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    pub(super) fn not_json() -> Self {
        Self::new(400, "Problems parsing JSON")
    }

    pub(super) fn unauthenticated() -> Self {
        Self::new(401, "Requires authentication")
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(422, message)
    }

    /// Creates the refusal of a token that is not authorized for an organization's single sign-on.
    pub(super) fn single_sign_on(organization: &str) -> Self {
        let message = "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.";
        let url = format!("https://github.com/orgs/{organization}/sso?authorization_request=FAKE");
        Self { sso: Some(format!("required; url={url}")), ..Self::new(403, message) }
    }

    /// Creates a 422 that names the field, as the API's validation does.
    pub(super) fn field(resource: &str, field: &str, code: &str) -> Self {
        let errors = json!([{ "resource": resource, "field": field, "code": code }]);
        Self { errors: Some(errors), ..Self::new(422, "Validation Failed") }
    }

    /// Creates a 422 with a message for the whole request.
    pub(super) fn custom(resource: &str, message: &str) -> Self {
        let errors = json!([{ "resource": resource, "code": "custom", "message": message }]);
        Self { errors: Some(errors), ..Self::new(422, "Validation Failed") }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.message)
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = json!({
            "message": self.message,
            "documentation_url": "https://docs.github.com/rest",
            "status": self.status.to_string(),
        });
        if let Some(errors) = self.errors {
            body["errors"] = errors;
        }
        if let Some(location) = &self.location {
            body["url"] = json!(location);
        }
        let mut response = Reply::new(self.status, body.to_string()).into_response();
        if let Some(location) = self.location.and_then(|text| HeaderValue::try_from(text).ok()) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        add_sso(&mut response, self.sso);
        response
    }
}

fn add_sso(response: &mut Response, sso: Option<String>) {
    if let Some(sso) = sso.and_then(|text| HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert("x-github-sso", sso);
    }
}

/// A successful API response: JSON, possibly one page of a list.
pub(super) struct Reply {
    status: u16,
    json: String,
    link: Option<String>,
    sso: Option<String>,
    /// The part of a repository that a query reads.
    kind: Option<QueriedPart>,
}

impl Reply {
    pub(super) fn new(status: u16, json: impl Into<String>) -> Self {
        Self { status, json: json.into(), link: None, sso: None, kind: None }
    }

    pub(super) fn ok(json: impl Into<String>) -> Self {
        Self::new(200, json)
    }

    pub(super) fn created(json: impl Into<String>) -> Self {
        Self::new(201, json)
    }

    pub(super) fn empty() -> Self {
        Self::new(204, "")
    }

    /// Returns a list as a field of an object with the number of all items, as some resources have it.
    pub(super) fn wrapped(self, name: &str, total: usize) -> Self {
        let json = format!(r#"{{"total_count":{total},"{name}":{}}}"#, self.json);
        Self { json, ..self }
    }

    /// Returns a page of the results of a search, with the number of all of them.
    pub(super) fn found(self, total: usize) -> Self {
        let items = &self.json;
        let json =
            format!(r#"{{"total_count":{total},"incomplete_results":false,"items":{items}}}"#);
        Self { json, ..self }
    }

    /// Adds the header `X-GitHub-SSO`, if there is any.
    pub(super) fn with_sso(self, sso: Option<String>) -> Self {
        Self { sso, ..self }
    }

    /// Adds the part of a repository that a query reads, for the count of calls.
    pub(super) fn with_kind(self, kind: QueriedPart) -> Self {
        let kind = Some(kind);
        Self { kind, ..self }
    }

    /// Returns the requested page of `all`, with GitHub's `Link` header.
    pub(super) fn page<T>(base: &str, uri: &Uri, all: &[T], render: impl Fn(&T) -> String) -> Self {
        let ask = Paging::of(uri);
        let shown: Vec<String> = all.iter().skip(ask.skip()).take(ask.size).map(render).collect();
        let link = ask.link(&format!("{base}{}", uri.path()), all.len());
        Self { link, ..Self::ok(format!("[{}]", shown.join(","))) }
    }
}

impl Reply {
    /// Returns the part of `all` after the place in the parameter `after`, with the `Link` header of lists without page numbers.
    pub(super) fn part<T>(base: &str, uri: &Uri, all: &[T], render: impl Fn(&T) -> String) -> Self {
        let ask = Paging::of(uri);
        let after = ask.others.iter().find(|(name, _)| name == "after");
        let skip = after.map_or(0, |(_, place)| unplaced(place).unwrap_or(all.len()));
        let shown: Vec<String> = all.iter().skip(skip).take(ask.size).map(render).collect();
        let next = skip + shown.len();
        let others = ask.others.iter().filter(|(name, _)| name != "after");
        let others: String = others.map(|(name, value)| format!("{name}={value}&")).collect();
        let link = (next < all.len()).then(|| {
            let (path, place) = (uri.path(), placed(next));
            let size = ask.size;
            format!("<{base}{path}?{others}per_page={size}&after={place}>; rel=\"next\"")
        });
        Self { link, ..Self::ok(format!("[{}]", shown.join(","))) }
    }
}

/// Writes the place of a part of a list, which means nothing to callers.
fn placed(at: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("cursor:{at}"))
}

fn unplaced(place: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(place).ok()?).ok()?;
    text.strip_prefix("cursor:")?.parse().ok()
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        let mut response = (status, self.json).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        if let Some(link) = self.link.and_then(|text| HeaderValue::try_from(text).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        add_sso(&mut response, self.sso);
        if let Some(kind) = self.kind {
            response.extensions_mut().insert(kind);
        }
        response
    }
}

/// The response of a handler.
pub(super) type Answer = Result<Reply, Refusal>;

/// The requested page of a list.
struct Paging {
    page: usize,
    size: usize,
    /// The other parameters, which are repeated in the links.
    others: Vec<(String, String)>,
}

impl Paging {
    fn of(uri: &Uri) -> Self {
        let (mut page, mut size, mut others) = (1, 30, Vec::new());
        for (name, value) in query(uri) {
            match name.as_str() {
                "page" => page = value.parse().unwrap_or(1).max(1),
                "per_page" => size = value.parse().unwrap_or(30).clamp(1, 100),
                _ => others.push((name, value)),
            }
        }
        Self { page, size, others }
    }

    fn skip(&self) -> usize {
        (self.page - 1).saturating_mul(self.size)
    }

    fn link(&self, path: &str, total: usize) -> Option<String> {
        let last = total.div_ceil(self.size).max(1);
        let others: String =
            self.others.iter().map(|(name, value)| format!("{name}={value}&")).collect();
        let to = |page: usize, rel: &str| {
            format!("<{path}?{others}per_page={}&page={page}>; rel=\"{rel}\"", self.size)
        };
        let mut links = Vec::new();
        if self.page > 1 {
            links.extend([to(1, "first"), to((self.page - 1).min(last), "prev")]);
        }
        if self.page < last {
            links.extend([to(self.page + 1, "next"), to(last, "last")]);
        }
        (!links.is_empty()).then(|| links.join(", "))
    }
}

/// Returns the query parameters of an address.
pub(super) fn query(uri: &Uri) -> Vec<(String, String)> {
    let read = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    read.map(|query| query.0).unwrap_or_default()
}

/// Returns one query parameter of an address.
pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    query(uri).into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
}
