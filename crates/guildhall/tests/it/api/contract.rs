//! Rules that every operation of the API follows, read from its description.

use std::collections::BTreeSet;

use guildhall::MODULES;
use identity::model::Role;
use platform::module::Description;
use serde_json::{Value, json};

use crate::{
    PROGRAMMES,
    app::{TestApp, browser::Browser, sources},
};

/// An operation of the description.
struct Operation<'a> {
    method: String,
    path: &'a str,
    value: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").iter();
        methods.map(move |(method, value)| Operation { method: method.to_uppercase(), path, value })
    });
    all.collect()
}

impl<'a> Operation<'a> {
    fn id(&self) -> &'a str {
        self.value["operationId"].as_str().expect("an ID")
    }

    fn parameters(&self, place: &str) -> Vec<&Value> {
        let all = self.value["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == place).collect()
    }

    /// Returns the path with its example values.
    fn address(&self) -> String {
        let fill = |path: String, parameter: &&Value| {
            let name = parameter["name"].as_str().expect("a name");
            let example = match &parameter["example"] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            path.replace(&format!("{{{name}}}"), &example)
        };
        let parameters = self.parameters("path");
        parameters.iter().fold(self.path.to_owned(), fill)
    }

    /// Returns the schema of the JSON body, if it takes one.
    fn body(&self, document: &'a Value) -> Option<&'a Value> {
        let schema = &self.value["requestBody"]["content"]["application/json"]["schema"];
        (!schema.is_null()).then(|| resolved(schema, document))
    }

    /// Returns true for deliveries, which GitHub sends.
    fn is_delivery(&self) -> bool {
        self.path.contains("/webhooks/")
    }
}

fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    let path = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    path.map_or(schema, |path| document.pointer(path).expect("a schema"))
}

async fn admin(app: &TestApp) -> Browser<'_> {
    // The examples name it.
    app.project("lantern").await;
    for programme in PROGRAMMES {
        (programme.prepare)(app).await;
    }
    app.browser_with("wren-oak", Role::Admin).await
}

#[tokio::test]
async fn every_operation_refuses_unknown_parameters_and_fields() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let description = Description::of(MODULES);
    let document = description.value();
    let (mut parameters, mut bodies) = (0, 0);
    for operation in operations(document).iter().filter(|one| !one.is_delivery()) {
        let address = operation.address();
        let wrong = format!("{address}?surprise=1");
        let answer = admin.call(&operation.method, &wrong, None).await;
        answer.refuses(400, "UNKNOWN_PARAMETER", "'surprise'");
        for known in operation.parameters("query") {
            let name = known["name"].as_str().expect("a name");
            assert!(answer.text.contains(name), "{name}: {}", answer.text);
        }
        parameters += 1;
        let Some(body) = operation.body(document) else {
            continue;
        };
        let mut wrong = body["example"].clone();
        wrong["surprise"] = json!(1);
        let answer = admin.call(&operation.method, &address, Some(&wrong)).await;
        answer.refuses(400, "UNKNOWN_FIELD", "'surprise'");
        for known in body["properties"].as_object().expect("properties").keys() {
            assert!(answer.text.contains(known), "{known}: {}", answer.text);
        }
        bodies += 1;
    }
    assert!(parameters > 60 && bodies > 8, "{parameters}, {bodies}");
    app.finish().await;
}

/// Checks a schema of a body and those within it: either the fields are known and no others allowed, or it is a map.
fn is_closed(schema: &Value, document: &Value) -> bool {
    let schema = resolved(schema, document);
    let fields = schema["properties"].as_object();
    let is_object = fields.is_some() || schema["type"].to_string().contains("\"object\"");
    let is_known = fields.is_some() && schema["additionalProperties"] == false;
    let is_map = fields.is_none() && schema["additionalProperties"].is_object();
    let mut within = parts(schema).into_iter();
    (!is_object || is_known || is_map) && within.all(|part| is_closed(part, document))
}

/// Returns the schemas of fields, of elements and of alternatives.
fn parts(schema: &Value) -> Vec<&Value> {
    let fields = schema["properties"].as_object().into_iter().flatten();
    let alternatives = ["oneOf", "anyOf", "allOf"].map(|name| schema[name].as_array());
    let elements = ["items", "additionalProperties"].map(|name| schema.get(name));
    let alternatives = alternatives.into_iter().flatten().flatten();
    let all = fields.map(|(_, field)| field).chain(alternatives);
    all.chain(elements.into_iter().flatten()).collect()
}

#[test]
fn an_open_part_of_a_body_is_found() {
    let open = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    let mut closed = open.clone();
    closed["additionalProperties"] = json!(false);
    let document = json!({ "components": { "schemas": { "Open": open, "Closed": closed } } });
    for (name, expected) in [("Open", false), ("Closed", true)] {
        let part = json!({ "$ref": format!("#/components/schemas/{name}") });
        let fields = json!({ "a": part });
        for body in [
            json!({ "type": "object", "properties": fields, "additionalProperties": false }),
            json!({ "type": "object", "additionalProperties": part }),
            json!({ "type": "array", "items": part }),
            json!({ "oneOf": [{ "type": "null" }, part] }),
            json!({ "anyOf": [part] }),
            json!({ "allOf": [part] }),
        ] {
            assert_eq!(is_closed(&body, &document), expected, "{body}");
        }
    }
    for kind in [json!("object"), json!(["object", "null"])] {
        assert!(!is_closed(&json!({ "type": kind }), &document), "{kind}");
    }
}

#[test]
fn the_description_closes_every_body() {
    let description = Description::of(MODULES);
    let document = description.value();
    for operation in operations(document).iter().filter(|one| !one.is_delivery()) {
        if let Some(body) = operation.body(document) {
            assert!(is_closed(body, document), "{}", operation.id());
        }
    }
}

#[tokio::test]
async fn a_new_resource_has_a_location() {
    let app = TestApp::start().await;
    let person = app.browser_of("wren-oak").await;
    let body = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 3 });
    let created = person.call("POST", "/api/v1/me/tokens", Some(&body)).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let id = created.json()["id"].as_str().expect("an ID").to_owned();
    let location = created.headers["location"].to_str().expect("text");
    assert_eq!(location, format!("/api/v1/me/tokens/{id}"));
    let revoked = person.call("DELETE", location, None).await;
    assert_eq!(revoked.status, 204, "{}", revoked.text);
    app.finish().await;
}

#[test]
fn only_one_type_responds_with_201() {
    let description = Description::of(MODULES);
    let document = description.value();
    let mut count = 0;
    for operation in operations(document) {
        let created = &operation.value["responses"]["201"];
        let is_described = created.is_null() || created["headers"]["Location"].is_object();
        assert!(is_described, "{}", operation.id());
        count += usize::from(!created.is_null());
    }
    assert!(count >= 2, "{count}");
    for source in sources::of_modules() {
        for (path, text) in &source.files {
            let is_type = path.ends_with("platform/src/web/answer.rs");
            let creates = text.contains("StatusCode::CREATED");
            assert!(is_type || !creates, "{}: use web::Created", path.display());
        }
    }
}

/// Returns the address of the next page in `Link`.
fn next(answer: &crate::app::browser::Answer) -> Option<String> {
    let link = answer.headers.get("link")?.to_str().expect("text");
    let address = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
    Some(address.to_owned())
}

#[tokio::test]
async fn every_page_of_a_list_links_to_the_next() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    app.project("another").await;
    let description = Description::of(MODULES);
    let lists = operations(description.value());
    let takes_cursor = |one: &&Operation<'_>| {
        let mut names = one.parameters("query").into_iter();
        names.any(|parameter| parameter["name"] == "cursor")
    };
    let (mut followed, mut checked) = (BTreeSet::new(), 0);
    for list in lists.iter().filter(takes_cursor) {
        let headers = &list.value["responses"]["200"]["headers"];
        assert!(headers["Link"].is_object(), "{}", list.id());
        let path = list
            .path
            .replace("{login}", "subject")
            .replace("seasons/{slug}", "seasons/autumn")
            .replace("hackathons/{slug}", "hackathons/low-tide")
            .replace("skills/{slug}", "skills/rust")
            .replace("badges/{slug}", "badges/first-merge")
            .replace("{slug}", "season");
        let path = path.replace("{month}", "2026-10");
        let first = admin.get(&format!("{path}?limit=1")).await;
        assert_eq!(first.status, 200, "{path}: {}", first.text);
        checked += 1;
        let page = first.json();
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert!(next(&first).is_none(), "{path}: the last page has no next one");
            continue;
        };
        let link = next(&first).unwrap_or_else(|| panic!("{path}: no Link"));
        assert!(link.starts_with(&format!("{path}?limit=1&cursor=")), "{link}");
        let (by_link, by_cursor) =
            (admin.json(&link).await, admin.json(&format!("{path}?limit=1&cursor={cursor}")).await);
        assert_eq!(by_link, by_cursor, "{link}");
        assert_ne!(by_link["items"], page["items"], "{link}");
        followed.insert(list.id());
    }
    assert!(checked > 8, "{checked}");
    let expected = ["list_people", "list_person_transactions", "list_projects"];
    let missing = expected.iter().filter(|id| !followed.contains(*id));
    assert_eq!(missing.count(), 0, "{followed:?}");
    app.finish().await;
}

#[tokio::test]
async fn the_type_of_a_problem_opens_its_explanation() {
    let app = TestApp::start().await;
    let visitor = Browser::new(&app);
    let problem = visitor.get("/api/v1/me").await.json();
    let address = problem["type"].as_str().expect("an address");
    let (page, anchor) = address.split_once('#').expect("an anchor");
    assert_eq!(anchor, "SIGN_IN_REQUIRED");
    let page = visitor.get(page).await;
    assert_eq!(page.status, 200);
    for code in MODULES.problems() {
        let anchor = format!("id=\"{}\"", code.code);
        assert!(page.text.contains(&anchor), "{}", code.code);
        assert!(code.next.ends_with('.'), "{}: {}", code.code, code.next);
        assert!(!code.meaning.ends_with('.'), "{}", code.code);
    }
    app.finish().await;
}

/// Returns true when a response contains a list.
fn lists(operation: &Operation<'_>, document: &Value) -> bool {
    let answer = &operation.value["responses"]["200"]["content"]["application/json"]["schema"];
    let schema = resolved(answer, document);
    let fields = schema["properties"].as_object();
    let has_only_lists = fields.is_some_and(|fields| {
        !fields.is_empty() && fields.values().all(|field| field["type"] == "array")
    });
    schema["type"] == "array" || has_only_lists || schema["properties"]["items"]["type"] == "array"
}

#[test]
fn every_operation_has_a_verb_and_a_noun_a_summary_a_tag_and_all_problems() {
    let description = Description::of(MODULES);
    let document = description.value();
    let tags: Vec<&Value> = document["tags"].as_array().expect("tags").iter().collect();
    let mut ids = BTreeSet::new();
    for operation in operations(document) {
        let id = operation.id();
        assert!(ids.insert(id), "{id} is used twice");
        assert!(!operation.address().contains('{'), "{id} has a parameter without a description");
        let words: Vec<&str> = id.split('_').collect();
        let is_plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_named =
            words.len() > 1 && words.iter().all(|word| !word.is_empty() && is_plain(word));
        assert!(is_named, "{id} is not a verb and a noun");
        let expected = match (operation.method.as_str(), lists(&operation, document)) {
            ("GET", true) => words[0] == "list",
            ("GET", false) => words[0] == "get",
            _ => !["get", "list"].contains(&words[0]),
        };
        assert!(expected, "{id}: {}", operation.method);
        let summary = operation.value["summary"].as_str().unwrap_or_default();
        assert!(summary.ends_with('.'), "{id}: {summary:?}");
        let own = operation.value["tags"].as_array().map_or(&[][..], Vec::as_slice);
        let is_known = |tag: &Value| tags.iter().any(|known| known["name"] == *tag);
        assert!(own.len() == 1 && is_known(&own[0]), "{id}: {own:?}");
        has_all_problems(&operation, document);
    }
    for link in MODULES.api_links() {
        assert!(ids.contains(link.from) && ids.contains(link.to), "{link:?}");
    }
}

/// Checks the responses of an operation that its parameters, body and security imply, and that every refusal is a
/// problem document.
fn has_all_problems(operation: &Operation<'_>, document: &Value) {
    let (id, responses) = (operation.id(), &operation.value["responses"]);
    let mut expected = vec!["400", "414", "429", "431", "500", "503"];
    if operation.body(document).is_some() {
        expected.extend(["413", "415"]);
    }
    if operation.value["security"].is_array() && !operation.is_delivery() {
        expected.extend(["401", "403"]);
    }
    for status in expected {
        assert!(responses[status].is_object(), "{id} has no {status}");
    }
    let refusals = responses.as_object().expect("responses").iter();
    for (status, refusal) in refusals.filter(|(status, _)| status.as_str() >= "400") {
        let content = &resolved(refusal, document)["content"]["application/problem+json"];
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{id} {status}");
    }
}
