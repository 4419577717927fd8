//! The API's description (OpenAPI 3.1): the routes' own descriptions, and the parts they share.

mod schemas;

use std::sync::OnceLock;

use kernel::capitalized;
use serde_json::{Map, Value, json};

use super::{ApiLink, ApiParameter, ApiRole, ApiTag, Modules, ParameterKind};
use crate::idempotency;

const INTRODUCTION: &str = "The REST API of a Guildhall server. Public data needs no authentication. All other requests need an \
    access token, a personal token, created at `/settings/tokens`, or the session cookie of a signed-in browser. \
    Errors are problem documents (RFC 9457) with a stable `code` and a `detail` that names the next step. \
    To get the next page of a list, follow `Link` with the relation `next`, or pass the `next_cursor` of the previous \
    page as `cursor`; `limit` sets the page size. Unknown query parameters and fields are refused.";

const SESSION: &str = "The session cookie of a signed-in browser. Over TLS the cookie is named \
    `__Host-guildhall-session`. Requests that change data must also state their origin, as browsers do: \
    `Sec-Fetch-Site: same-origin`, or `Origin` with this server's URL. The roles that an operation names, such as \
    `organizer`, are those in the object of its path, and are required with a token too.";

const BEARER: &str = "`Authorization: Bearer` with an access token or a personal token. An access token, from `/api/v1/auth/token`, is \
    valid for 30 minutes and has the permissions of its session, except at endpoints that accept only a session. A personal \
    token, `glh_pat_…`, is valid for at most 366 days and limited to its scopes. `read`: read the owner's own data and \
    projects. `write`: change them. `admin`: use the admin endpoints that the owner's current role allows. No scope \
    includes another. Requests with an unknown, revoked or expired token get 401, even at public endpoints. Requests \
    with a token that lacks the required scope get 403.";

/// Answers that any endpoint may give.
const EVERYWHERE: &[(&str, &str, &str)] = &[
    ("414", "UrlTooLong", "The URL is longer than 4,096 bytes"),
    (
        "429",
        "TooManyRequests",
        "Too many requests from your IP address, account or token. Wait the number of seconds in `Retry-After`",
    ),
    ("431", "HeadersTooLarge", "The headers are larger than 16,384 bytes"),
    ("500", "Failed", "Internal error. It was logged, and no data was changed"),
    ("503", "Overloaded", "The server is busy. Wait the number of seconds in `Retry-After`"),
];

/// Statuses and descriptions of responses by extractors and layers, by what an operation takes.
const BY_BODY: [(&str, &str); 2] =
    [("413", "The body is too large"), ("415", "The content type is not application/json")];
const BY_SIGNATURE: (&str, &str) = ("401", "The signature is missing or wrong");
const BY_VIEWER: [(&str, &str); 2] = [
    ("401", "You are not signed in, or the token is unknown, revoked or expired"),
    ("403", "You don't have access because of your role, the token's scopes or a ban"),
];

/// Answers to requests with an `Idempotency-Key`.
const REPEATED: &[(&str, &str)] = &[
    ("400", "the `Idempotency-Key` is invalid"),
    ("409", "a request with this `Idempotency-Key` is in progress, or its response was lost"),
    ("413", "the body is too large"),
    ("422", "this `Idempotency-Key` was used for a different request"),
];

/// The description of an application's API, built on first use; an extension of each request.
#[derive(Debug)]
pub struct Description {
    modules: Modules,
    value: OnceLock<Value>,
    text: OnceLock<String>,
}

impl Description {
    /// Describes the API of these modules.
    #[must_use]
    pub fn of(modules: Modules) -> Self {
        Self { modules, value: OnceLock::new(), text: OnceLock::new() }
    }

    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| document_of(self.modules))
    }

    /// Returns the description as it is served and stored in `docs/openapi.json`.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| format!("{:#}\n", self.value()))
    }
}

/// Returns whether an operation has a parameter in a place, such as `query`, with this name, or with any.
fn takes(operation: &Map<String, Value>, place: &str, name: Option<&str>) -> bool {
    let mut parameters =
        operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.any(|one| {
        let is_named = |name: &str| {
            one["name"].as_str().is_some_and(|stated| stated.eq_ignore_ascii_case(name))
        };
        one["in"] == place && name.is_none_or(is_named)
    })
}

/// Describes the API of an application of these modules.
fn document_of(modules: Modules) -> Value {
    let mut document = json!(modules.description());
    document["info"] = json!({
        "title": "Guildhall",
        "version": "1",
        "description": INTRODUCTION,
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    document["servers"] = json!([{ "url": "/", "description": "This server" }]);
    document["security"] = json!([]);
    let tag = |tag: ApiTag| json!({ "name": tag.name, "description": tag.description });
    document["tags"] = modules.api_tags().into_iter().map(tag).collect();
    let components = &mut document["components"];
    components["schemas"]["Problem"] = schemas::problem(&modules.problems());
    if let Some(all) = components["schemas"].as_object_mut() {
        schemas::complete(all);
    }
    for (_, name, description) in EVERYWHERE {
        components["responses"][name] = refusal(description);
    }
    components["securitySchemes"]["signature"] = json!({
        "type": "apiKey", "in": "header", "name": "X-Hub-Signature-256",
        "description": "`sha256=` followed by the HMAC-SHA256 of the body with the webhook's secret, in hexadecimal.",
    });
    components["securitySchemes"]["session"] = json!({
        "type": "apiKey", "in": "cookie", "name": "guildhall-session", "description": SESSION,
    });
    components["securitySchemes"]["bearer"] = json!({
        "type": "http", "scheme": "bearer", "description": BEARER,
    });
    schemas::refer_to_lists(&mut document["paths"]);
    let (parameters, roles) = (modules.api_parameters(), modules.api_roles());
    let links = modules.api_links();
    for (path, operation) in operations(&mut document) {
        describe_path(path, operation, &parameters);
        describe_roles(operation, &roles);
        finish(operation, &links);
    }
    document
}

fn refusal(description: &str) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({ "description": description, "content": { "application/problem+json": { "schema": schema } } })
}

/// Iterates over the operations, each with its path.
fn operations(document: &mut Value) -> impl Iterator<Item = (&str, &mut Map<String, Value>)> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths.flat_map(|(path, methods)| {
        let operations = methods.as_object_mut().into_iter().flatten();
        operations.filter_map(move |(_, one)| Some((path.as_str(), one.as_object_mut()?)))
    })
}

/// Returns the description of each parameter in a path.
fn parameters_of<'a>(
    path: &'a str,
    known: &'a [ApiParameter],
) -> impl Iterator<Item = &'a ApiParameter> {
    path.match_indices('}').filter_map(move |(end, _)| {
        let is_end = |start: &str| start.is_empty() || start.ends_with('/');
        let fitting = known
            .iter()
            .filter(move |one| path[..=end].strip_suffix(one.place).is_some_and(is_end));
        fitting.max_by_key(|one| one.place.len())
    })
}

/// Describes a parameter in a path.
fn parameter(known: &ApiParameter) -> Value {
    let schema = match known.kind {
        ParameterKind::Text => json!({ "type": "string" }),
        ParameterKind::Uuid => json!({ "type": "string", "format": "uuid" }),
        ParameterKind::Number => json!({ "type": "integer", "format": "int64", "minimum": 1 }),
        ParameterKind::Month => {
            json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" })
        }
    };
    let example: Value = known.example.parse::<i64>().map_or(known.example.into(), Value::from);
    json!({
        "name": known.name(), "in": "path", "required": true, "schema": schema,
        "description": known.description, "example": example,
    })
}

/// Adds the parameters in the path that an operation does not describe itself, and the response if one names nothing.
fn describe_path(path: &str, operation: &mut Map<String, Value>, known: &[ApiParameter]) {
    let own = operation.remove("parameters").unwrap_or_else(|| json!([]));
    let own = own.as_array().map_or(&[][..], Vec::as_slice);
    let is_own = |new: &Value| own.iter().any(|one| one["name"] == new["name"]);
    let new = parameters_of(path, known).map(|one| (parameter(one), one.absent));
    let (mut all, mut absent): (Vec<_>, Vec<_>) = new.filter(|(new, _)| !is_own(new)).unzip();
    all.extend(own.iter().cloned());
    if !all.is_empty() {
        operation.insert("parameters".to_owned(), all.into());
    }
    absent.retain(|part| !part.is_empty());
    if !absent.is_empty() {
        refuse(operation, "404", &capitalized(&absent.join(", or ")));
    }
}

/// Adds the response to people without the role that an operation names.
fn describe_roles(operation: &mut Map<String, Value>, known: &[ApiRole]) {
    let schemes = operation.get("security").and_then(Value::as_array).into_iter().flatten();
    let mut names = schemes.filter_map(|scheme| scheme["session"][0].as_str());
    let role = names.find_map(|name| known.iter().find(|role| role.name == name));
    if let Some(role) = role {
        refuse(operation, "403", role.refusal);
    }
}

/// Adds a refusal, unless the operation describes one with its status.
fn refuse(operation: &mut Map<String, Value>, status: &str, description: &str) {
    let answers = operation.entry("responses").or_insert_with(|| json!({}));
    if answers[status].is_null() {
        answers[status] = json!({ "description": description });
    }
}

/// Adds the responses to requests with an `Idempotency-Key`.
fn describe_idempotency(answers: &mut Map<String, Value>) {
    for (_, answer) in answers.iter_mut().filter(|(status, _)| status.starts_with('2')) {
        answer["headers"]["Idempotency-Replayed"] = json!({
            "description": "`true` when this is the response to an earlier request with the same key",
            "schema": { "type": "string", "enum": ["true"] },
        });
    }
    for (status, meaning) in REPEATED {
        let answer = answers.entry(*status).or_insert_with(|| json!({}));
        answer["description"] = match answer["description"].as_str() {
            Some(first) if first.eq_ignore_ascii_case(meaning) => first.to_owned(),
            Some(first) => format!("{first}; or {meaning}"),
            None => capitalized(meaning),
        }
        .into();
    }
}

/// Adds the headers of new resources, and of pages of lists.
fn describe_headers(answers: &mut Map<String, Value>, is_paged: bool) {
    if let Some(created) = answers.get_mut("201") {
        created["headers"]["Location"] = json!({
            "description": "The path of the new resource",
            "schema": { "type": "string", "format": "uri-reference" },
        });
    }
    if let Some(read) = answers.get_mut("200").filter(|_| is_paged) {
        read["headers"]["Link"] = json!({
            "description": "The URL of the next page, with the relation `next`. Absent on the last page",
            "schema": { "type": "string" },
        });
    }
}

/// Describes the status 400 of an operation by what it takes.
fn malformed(operation: &Map<String, Value>) -> &'static str {
    let takes = |place| takes(operation, place, None);
    match (takes("path"), takes("query"), operation.contains_key("requestBody")) {
        (false, false, false) => "A query parameter is unknown",
        (true, false, false) => "The path is malformed, or a query parameter is unknown",
        (false, true, false) => "The query string is malformed",
        (true, true, false) => "The path or the query string is malformed",
        (false, _, true) => "The body is malformed, or a query parameter is unknown",
        (true, _, true) => "The path or the body is malformed, or a query parameter is unknown",
    }
}

/// Returns the refusals by what an operation takes: parameters, a body, a signature, a viewer.
fn taken(operation: &Map<String, Value>) -> Vec<(&'static str, &'static str)> {
    let mut taken = vec![("400", malformed(operation))];
    if operation.contains_key("requestBody") {
        taken.extend(BY_BODY);
    }
    let Some(security) = operation.get("security").and_then(Value::as_array) else {
        return taken;
    };
    if security.iter().any(|one| one.get("signature").is_some()) {
        taken.push(BY_SIGNATURE);
    } else {
        taken.extend(BY_VIEWER);
    }
    taken
}

/// Adds the bodies of refusals, the shared responses and the links; an ETag to public operations.
fn finish(operation: &mut Map<String, Value>, links: &[ApiLink]) {
    let id = operation.get("operationId").cloned().unwrap_or_default();
    let takes_key = takes(operation, "header", Some(idempotency::HEADER));
    let is_paged = takes(operation, "query", Some("cursor"));
    let is_open = !operation.contains_key("security") && !operation.contains_key("requestBody");
    for (status, description) in taken(operation) {
        refuse(operation, status, description);
    }
    let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    if takes_key {
        describe_idempotency(answers);
    }
    for (_, answer) in answers.iter_mut().filter(|(status, _)| status.starts_with('4')) {
        *answer = refusal(answer["description"].as_str().unwrap_or_default());
    }
    for (status, name, _) in EVERYWHERE {
        let shared = json!({ "$ref": format!("#/components/responses/{name}") });
        answers.insert((*status).to_owned(), shared);
    }
    if let Some(read) = answers.get_mut("200").filter(|_| is_open) {
        read["headers"]["ETag"] = json!({
            "description": "Identifies this version of the response. Send it as `If-None-Match`",
            "schema": { "type": "string" },
        });
        let same = json!({ "description": "Unchanged since the version in `If-None-Match`" });
        answers.insert("304".to_owned(), same);
    }
    describe_headers(answers, is_paged);
    for link in links.iter().filter(|link| id == link.from) {
        let parameters = json!({ link.parameter: format!("$response.body#{}", link.value) });
        answers["200"]["links"][link.to] =
            json!({ "operationId": link.to, "parameters": parameters });
    }
}
