//! Operations of the API with their parameters and responses.

use serde_json::{Map, Value};
use ui::format::segment;

use super::{
    schema::{self, TypeWords, resolved},
    text::{prose, text},
};

/// The variable for the server's URL in examples.
const SERVER: &str = "$GUILDHALL";

/// An operation: a method and a path.
#[derive(Clone)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) answers: Vec<OperationResponse>,
    pub(super) curl: String,
    pub(super) example: Option<String>,
}

#[derive(Clone)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) is_required: bool,
    pub(super) kind: TypeWords,
    pub(super) description: String,
    example: Option<String>,
}

#[derive(Clone)]
pub(super) struct OperationResponse {
    pub(super) status: String,
    pub(super) description: String,
    pub(super) kind: Option<TypeWords>,
}

/// Returns the operations of a tag, each with its method and path.
pub(super) fn of_tag<'a>(document: &'a Value, tag: &str) -> Vec<(&'a str, &'a str, &'a Value)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag {
                found.push((method.as_str(), path.as_str(), operation));
            }
        }
    }
    found
}

impl Operation {
    pub(super) fn of(method: &str, path: &str, operation: &Value, document: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<_> = parameters.map(Parameter::of).collect();
        let empty = Map::new();
        let answers = operation["responses"].as_object().unwrap_or(&empty);
        let good = answers.iter().find(|(status, _)| status.starts_with('2'));
        let body = good.map(|(_, answer)| resolved(body(answer), document));
        Self {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: prose(&operation["summary"]),
            curl: curl(method, path, &parameters, operation, document),
            answers: answers
                .iter()
                .map(|(status, answer)| OperationResponse::of(status, resolved(answer, document)))
                .collect(),
            example: body.and_then(schema::example),
            parameters,
        }
    }
}

/// Returns the schema of a body.
fn body(answer: &Value) -> &Value {
    let contents = answer["content"].as_object();
    let first = contents.and_then(|contents| contents.values().next());
    first.map_or(&Value::Null, |content| &content["schema"])
}

impl Parameter {
    fn of(parameter: &Value) -> Self {
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

/// Returns the request as a curl command.
fn curl(
    method: &str,
    path: &str,
    parameters: &[Parameter],
    operation: &Value,
    document: &Value,
) -> String {
    let mut address = format!("{SERVER}{path}");
    let (mut query, mut headers) = (Vec::new(), String::new());
    for parameter in parameters {
        let Some(example) = &parameter.example else {
            continue;
        };
        let name = &parameter.name;
        match parameter.place.as_str() {
            "path" => address = address.replace(&format!("{{{name}}}"), example),
            "query" => query.push(format!("{name}={}", segment(example))),
            _ => headers += &format!(" \\\n  -H '{name}: {example}'"),
        }
    }
    if !query.is_empty() {
        address += &format!("?{}", query.join("&"));
    }
    let schemes = operation["security"].as_array();
    let asks_for = |scheme: &str| {
        let mut schemes = schemes.into_iter().flatten();
        schemes.any(|one| !one[scheme].is_null())
    };
    if asks_for("signature") {
        return format!(
            "curl \"{address}\" \\\n  -H 'Content-Type: application/json'{headers} \\\n  \
             -H \"X-Hub-Signature-256: sha256=$SIGNATURE\" \\\n  --data-binary @delivery.json"
        );
    }
    let mut command = format!("curl \"{address}\"{headers}");
    if asks_for("bearer") {
        command += " \\\n  -H \"Authorization: Bearer $TOKEN\"";
    } else if asks_for("session") {
        command += " \\\n  -b \"guildhall-session=$SESSION\" -H 'Sec-Fetch-Site: same-origin'";
    }
    if method != "get" {
        command += &format!(" \\\n  -X {}", method.to_uppercase());
    }
    let takes = resolved(body(&operation["requestBody"]), document);
    if !takes.is_null() {
        command += &format!(" \\\n  --json '{}'", takes["example"]);
    }
    command
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_is_written_out_with_its_examples() {
        let parameters = [
            json!({ "name": "login", "in": "path", "example": "wren-oak" }),
            json!({ "name": "limit", "in": "query", "example": 20 }),
            json!({ "name": "cursor", "in": "query" }),
        ];
        let parameters: Vec<_> = parameters.iter().map(Parameter::of).collect();
        assert_eq!(
            curl("get", "/api/v1/people/{login}", &parameters, &Value::Null, &Value::Null),
            "curl \"$GUILDHALL/api/v1/people/wren-oak?limit=20\""
        );
    }

    #[test]
    fn a_change_has_a_token_or_the_session_and_its_origin() {
        let parameters = [json!({ "name": "login", "in": "path", "example": "wren-oak" })];
        let parameters: Vec<_> = parameters.iter().map(Parameter::of).collect();
        let schema = json!({ "example": { "role": "moderator" } });
        let session = "-b \"guildhall-session=$SESSION\" -H 'Sec-Fetch-Site: same-origin'";
        for (security, shows) in [
            (json!([{ "session": [] }]), session),
            (
                json!([{ "session": [] }, { "bearer": ["admin"] }]),
                "-H \"Authorization: Bearer $TOKEN\"",
            ),
        ] {
            let operation = json!({
                "security": security,
                "requestBody": { "content": { "application/json": { "schema": schema } } },
            });
            let path = "/people/{login}/role";
            assert_eq!(
                curl("put", path, &parameters, &operation, &Value::Null),
                format!(
                    "curl \"$GUILDHALL/people/wren-oak/role\" \\\n  {shows} \\\n  \
                     -X PUT \\\n  --json '{{\"role\":\"moderator\"}}'"
                )
            );
        }
    }
}
