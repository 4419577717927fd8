//! Operations of the API with their parameters and responses.

use std::{cmp::Reverse, collections::BTreeMap};

use serde_json::{Map, Value};

use super::{
    requests::Request,
    samples::{ResponseSample, Trial},
    schema::{TypeWords, resolved},
    text::{prose, text},
};

/// An operation: a method and a path.
#[derive(Clone)]
pub(super) struct Operation {
    pub(super) id: String,
    /// The ID as words, such as "List projects".
    pub(super) name: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    /// More about it; usually empty.
    pub(super) description: String,
    pub(super) parameters: Vec<Parameter>,
    /// The type of the body that it takes.
    pub(super) takes: Option<TypeWords>,
    pub(super) answers: Vec<OperationResponse>,
    pub(super) request: Request,
    /// Its response if it succeeds.
    pub(super) sample: ResponseSample,
    /// Absent if a form on a page cannot send it.
    pub(super) trial: Option<Trial>,
    /// The words by which a search finds it, in lower case.
    searched: String,
}

#[derive(Clone)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) is_required: bool,
    pub(super) kind: TypeWords,
    pub(super) description: String,
    pub(super) example: Option<String>,
}

#[derive(Clone)]
pub(super) struct OperationResponse {
    pub(super) status: String,
    pub(super) description: String,
    pub(super) kind: Option<TypeWords>,
}

/// The methods in the order of operations with similar paths.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Returns the operations of a tag, each with its method and path: those of the resource with the most operations
/// first, and short paths before long ones.
pub(super) fn of_tag<'a>(document: &'a Value, tag: &str) -> Vec<(&'a str, &'a str, &'a Value)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag {
                found.push((method.as_str(), path.as_str(), operation));
            }
        }
    }
    let mut counts = BTreeMap::new();
    for (_, path, _) in &found {
        *counts.entry(resource(path)).or_insert(0_usize) += 1;
    }
    found.sort_by_key(|(method, path, _)| {
        let own = resource(path);
        let place = METHODS.iter().position(|known| known == method);
        (Reverse(counts[own]), own, path.split('/').count(), place, *path)
    });
    found
}

/// Returns the first segment of a path below that of the API.
fn resource(path: &str) -> &str {
    let own = path.strip_prefix("/api/v1").unwrap_or(path).trim_start_matches('/');
    own.split('/').next().unwrap_or_default()
}

impl Operation {
    pub(super) fn of(method: &str, path: &str, operation: &Value, document: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<_> = parameters.map(Parameter::of).collect();
        let empty = Map::new();
        let answers = operation["responses"].as_object().unwrap_or(&empty);
        let id = text(&operation["operationId"]);
        let name = kernel::capitalized(&id.replace('_', " "));
        let summary = text(&operation["summary"]);
        let takes = body(&operation["requestBody"]);
        let sample = ResponseSample::of(answers, document);
        let gets_json = sample.kind.as_ref().is_some_and(|kind| kind.ends_with("json"));
        Self {
            searched: [id.as_str(), &name, method, path, &summary].join(" ").to_lowercase(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: prose(&operation["summary"]),
            description: prose(&operation["description"]),
            takes: (!takes.is_null()).then(|| TypeWords::of(takes)),
            request: Request::of(method, path, &parameters, operation, document, gets_json),
            answers: answers
                .iter()
                .map(|(status, answer)| OperationResponse::of(status, resolved(answer, document)))
                .collect(),
            trial: Trial::of(&parameters, operation, &sample, document),
            sample,
            parameters,
            id,
            name,
        }
    }

    /// Returns true if all words of a search occur in it.
    pub(super) fn matches(&self, search: &str) -> bool {
        search.to_lowercase().split_whitespace().all(|word| self.searched.contains(word))
    }

    /// Returns the color of its method: it reads, changes or deletes.
    pub(super) fn tincture(&self) -> &'static str {
        match self.method.as_str() {
            "GET" => "t-azure",
            "DELETE" => "t-gules",
            _ => "t-vert",
        }
    }
}

/// Returns the schema of a body.
pub(super) fn body(answer: &Value) -> &Value {
    let contents = answer["content"].as_object();
    let first = contents.and_then(|contents| contents.values().next());
    first.map_or(&Value::Null, |content| &content["schema"])
}

impl Parameter {
    pub(super) fn of(parameter: &Value) -> Self {
        let example = match &parameter["example"] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        Self {
            name: text(&parameter["name"]),
            place: text(&parameter["in"]),
            is_required: parameter["required"] == true,
            kind: TypeWords::of(&parameter["schema"]),
            description: prose(&parameter["description"]),
            example,
        }
    }
}

impl OperationResponse {
    fn of(status: &str, answer: &Value) -> Self {
        let schema = body(answer);
        Self {
            status: status.to_owned(),
            description: prose(&answer["description"]),
            kind: (!schema.is_null()).then(|| TypeWords::of(schema)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_of_the_largest_resource_and_with_the_shortest_paths_are_first() {
        let described = json!({ "tags": ["Discovery"] });
        let document = json!({ "paths": {
            "/api/v1/claims/{id}": { "put": described },
            "/api/v1/opportunities/{id}/save": { "delete": described, "post": described },
            "/api/v1/opportunities": { "get": described },
            "/api/v1/opportunities/match": { "post": described },
            "/api/v1/opportunities/{id}": { "get": described },
            "/api/v1/badges": { "get": { "tags": ["Badges"] } },
            "/api/v1/analytics/{id}": { "get": described },
        } });
        let found = of_tag(&document, "Discovery");
        let found: Vec<_> = found.iter().map(|(method, path, _)| (*method, *path)).collect();
        let expected = [
            ("get", "/api/v1/opportunities"),
            ("get", "/api/v1/opportunities/{id}"),
            ("post", "/api/v1/opportunities/match"),
            ("post", "/api/v1/opportunities/{id}/save"),
            ("delete", "/api/v1/opportunities/{id}/save"),
            ("get", "/api/v1/analytics/{id}"),
            ("put", "/api/v1/claims/{id}"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_search_finds_operations_by_all_of_its_words() {
        let described = json!({
            "operationId": "claim_opportunity",
            "summary": "Claims an issue for you.",
            "responses": { "204": { "description": "Claimed" } },
        });
        let path = "/api/v1/opportunities/{id}/claim";
        let operation = Operation::of("post", path, &described, &Value::Null);
        assert_eq!(operation.name, "Claim opportunity");
        for search in ["", "CLAIM", "issue post", "opportunities/{id}"] {
            assert!(operation.matches(search), "{search}");
        }
        for search in ["claim project", "get"] {
            assert!(!operation.matches(search), "{search}");
        }
    }
}
