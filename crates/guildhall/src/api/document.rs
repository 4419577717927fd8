//! The API's description (OpenAPI 3.1): what the routes say of themselves, and what holds for all.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use axum::{
    Extension,
    http::header,
    response::{IntoResponse, Response},
};
use platform::{
    idempotency,
    module::{ApiLink, ApiTag, Modules, ProblemCode},
    web::ProblemBody,
};
use serde_json::{Map, Value, json};
use utoipa::PartialSchema as _;

const INTRODUCTION: &str = "What Guildhall knows, for programs. What is public is open to everybody; the rest \
    takes a personal token, which one makes at `/settings/tokens`, or the cookie of a session, which signing \
    in gives. \
    Errors are problem documents (RFC 9457) with a stable `code` and a sentence that says what to do. \
    Lists take `limit` and the `cursor` that the part before gave as `next_cursor`.";

const SESSION: &str = "The session of somebody who signed in; over TLS it is called \
    `__Host-guildhall-session`. A request that changes something says where it comes from as well, as \
    browsers do by themselves: `Sec-Fetch-Site: same-origin`, or `Origin` with this server's address.";

const BEARER: &str = "`Authorization: Bearer` and one of two. An access token, from `/api/v1/auth/token`: for 30 minutes \
    what the session does that it came of, but for what takes that session itself. Or a personal token, \
    `glh_pat_…`: for at most a year, and no more than its scopes say. `read`: what its owner sees for themselves and of their projects. `write`: what they may \
    change there. `admin`: what their role of that moment allows in the admin pages. None contains another. A \
    token that is wrong, revoked or past its end is refused with 401 at every address, public ones as well; \
    one that lacks the scope which an operation names, with 403.";

/// Answers that any address may give.
const EVERYWHERE: &[(&str, &str, &str)] = &[
    (
        "414",
        "AddressTooLong",
        "The address is longer than 4096 bytes",
    ),
    (
        "429",
        "TooManyRequests",
        "Too many requests from your address, from you or by your token: come again when `Retry-After` says",
    ),
    (
        "431",
        "HeadersTooLarge",
        "The headers are larger than 16384 bytes",
    ),
    (
        "500",
        "Failed",
        "Our fault: it was logged, and nothing was changed",
    ),
    (
        "503",
        "Overloaded",
        "Too much at once: come again when `Retry-After` says",
    ),
];

/// Answers that extractors and layers give, by what an operation takes: a status and its description.
const BY_BODY: (&str, &str) = ("415", "The content type is not application/json");
const BY_SIGNATURE: (&str, &str) = ("401", "The signature is missing or wrong");
const BY_VIEWER: [(&str, &str); 2] = [
    (
        "401",
        "You are not signed in, or the token is unknown, revoked or expired",
    ),
    (
        "403",
        "You don't have access: your role, the token's scopes or a ban do not allow it",
    ),
];

/// Answers that whoever sends an `Idempotency-Key` may get.
const REPEATED: &[(&str, &str)] = &[
    ("400", "the `Idempotency-Key` cannot be read"),
    (
        "409",
        "a request with this `Idempotency-Key` is under way, or its answer is lost",
    ),
    ("413", "the body is too large"),
    (
        "422",
        "this `Idempotency-Key` came with another request before",
    ),
];

/// The description of an application's API, made when it is first asked for; an extension of each request.
#[derive(Debug)]
pub struct Description {
    modules: Modules,
    value: OnceLock<Value>,
    text: OnceLock<String>,
}

impl Description {
    /// A description of the API of these modules.
    #[must_use]
    pub fn of(modules: Modules) -> Self {
        Self {
            modules,
            value: OnceLock::new(),
            text: OnceLock::new(),
        }
    }

    /// Returns the description.
    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| document_of(self.modules))
    }

    /// Returns the description as it is served and stored in `docs/openapi.json`.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| format!("{:#}\n", self.value()))
    }
}

/// The routes that take an `Idempotency-Key`, by what they say of themselves: each a method and the pattern
/// of an address.
pub(crate) fn repeatable(modules: Modules) -> BTreeSet<String> {
    let document = document_of(modules);
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    all.filter(|(.., operation)| takes_key(&operation["parameters"]))
        .map(|(path, method, _)| format!("{} {path}", method.to_uppercase()))
        .collect()
}

fn takes_key(parameters: &Value) -> bool {
    let mut parameters = parameters.as_array().into_iter().flatten();
    parameters.any(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        parameter["in"] == "header" && name.eq_ignore_ascii_case(idempotency::HEADER)
    })
}

/// The description of this API (OpenAPI 3.1).
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "openapi",
    tag = "Description",
    responses((status = 200, description = "An OpenAPI document", body = Object))
)]
pub(super) async fn openapi(Extension(description): Extension<Arc<Description>>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (content_type, description.text().to_owned()).into_response()
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
    components["schemas"]["Problem"] = problem(&modules.problems());
    let schemas = components["schemas"].as_object_mut();
    for (name, schema) in schemas.into_iter().flatten() {
        name_rows(name, schema);
        simplify(schema);
    }
    for (_, name, description) in EVERYWHERE {
        components["responses"][name] = refusal(description);
    }
    components["securitySchemes"]["signature"] = json!({
        "type": "apiKey", "in": "header", "name": "X-Hub-Signature-256",
        "description": "`sha256=` and the HMAC of the body by the hook's secret, in hexadecimal digits.",
    });
    components["securitySchemes"]["session"] = json!({
        "type": "apiKey", "in": "cookie", "name": "guildhall-session", "description": SESSION,
    });
    components["securitySchemes"]["bearer"] = json!({
        "type": "http", "scheme": "bearer", "description": BEARER,
    });
    let links = modules.api_links();
    for operation in operations(&mut document) {
        finish(operation, &links);
    }
    document
}

/// The rows of a list are those that are described by name.
fn name_rows(name: &str, schema: &mut Value) {
    if let Some(row) = name.strip_prefix("List_") {
        let row = format!("#/components/schemas/{row}");
        schema["properties"]["items"]["items"] = json!({ "$ref": row });
    }
}

/// A choice of one shape is that shape, and what was said of both is said of it.
fn simplify(schema: &mut Value) {
    let Some([only]) = schema["oneOf"].as_array().map(Vec::as_slice) else {
        return;
    };
    let mut only = only.clone();
    let said = [&schema["description"], &only["description"]];
    let said = said.map(|text| text.as_str().unwrap_or_default()).join(" ");
    only["description"] = said.trim().into();
    *schema = only;
}

fn problem(codes: &[ProblemCode]) -> Value {
    let mut schema = json!(ProblemBody::schema());
    let names = codes.iter().map(|problem| json!(problem.code));
    schema["properties"]["code"]["enum"] = names.collect();
    let meanings = codes
        .iter()
        .map(|problem| format!("`{}`: {}", problem.code, problem.meaning));
    schema["properties"]["code"]["description"] = format!(
        "Stable, for programs. {}.",
        meanings.collect::<Vec<_>>().join("; ")
    )
    .into();
    schema["example"] = json!({
        "type": "about:blank", "title": "Not Found", "status": 404, "code": "NOT_FOUND",
        "detail": "Nobody here has the login 'nobody'.",
    });
    schema
}

fn refusal(description: &str) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({ "description": description, "content": { "application/problem+json": { "schema": schema } } })
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let methods = paths.filter_map(|(_, path)| path.as_object_mut()).flatten();
    methods.filter_map(|(_, operation)| operation.as_object_mut())
}

/// Adds what becomes of who sends an `Idempotency-Key`.
fn describe_idempotency(answers: &mut Map<String, Value>) {
    for (_, answer) in answers
        .iter_mut()
        .filter(|(status, _)| status.starts_with('2'))
    {
        answer["headers"]["Idempotency-Replayed"] = json!({
            "description": "`true` where this is the answer to an earlier request with the same key",
            "schema": { "type": "string", "enum": ["true"] },
        });
    }
    for (status, meaning) in REPEATED {
        let answer = answers.entry(*status).or_insert_with(|| json!({}));
        answer["description"] = match answer["description"].as_str() {
            Some(said) => format!("{said}; or {meaning}"),
            None => format!("{}{}", meaning[..1].to_uppercase(), &meaning[1..]),
        }
        .into();
    }
}

/// Returns the refusals of what an operation takes: a body, a signature, a viewer.
fn taken(operation: &Map<String, Value>) -> Vec<(&'static str, &'static str)> {
    let mut taken = Vec::new();
    if operation.contains_key("requestBody") {
        taken.push(BY_BODY);
    }
    let Some(security) = operation.get("security").and_then(Value::as_array) else {
        return taken;
    };
    match security.iter().any(|one| one.get("signature").is_some()) {
        true => taken.push(BY_SIGNATURE),
        false => taken.extend(BY_VIEWER),
    }
    taken
}

/// Gives refusals their body, adds what any address may answer, and says where the answer leads. What
/// everybody may read has an ETag.
fn finish(operation: &mut Map<String, Value>, links: &[ApiLink]) {
    let id = operation.get("operationId").cloned().unwrap_or_default();
    let takes_key = operation.get("parameters").is_some_and(takes_key);
    let is_open = !operation.contains_key("security") && !operation.contains_key("requestBody");
    let taken = taken(operation);
    let Some(answers) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    if takes_key {
        describe_idempotency(answers);
    }
    for (status, description) in taken {
        let said = || json!({ "description": description });
        answers.entry(status).or_insert_with(said);
    }
    for (_, answer) in answers
        .iter_mut()
        .filter(|(status, _)| status.starts_with('4'))
    {
        *answer = refusal(answer["description"].as_str().unwrap_or_default());
    }
    for (status, name, _) in EVERYWHERE {
        let shared = json!({ "$ref": format!("#/components/responses/{name}") });
        answers.insert((*status).to_owned(), shared);
    }
    if let Some(read) = answers.get_mut("200").filter(|_| is_open) {
        read["headers"]["ETag"] = json!({
            "description": "Names the answer to who is not signed in: send it as `If-None-Match`",
            "schema": { "type": "string" },
        });
        let same = json!({ "description": "Nothing changed since what `If-None-Match` names" });
        answers.insert("304".to_owned(), same);
    }
    for link in links.iter().filter(|link| id == link.from) {
        let parameters = json!({ link.parameter: format!("$response.body#{}", link.value) });
        answers["200"]["links"][link.to] =
            json!({ "operationId": link.to, "parameters": parameters });
    }
}
