//! Samples of operations: the request as a command, the response, and the form that sends the request.

use serde_json::{Map, Value};
use ui::format::segment;

use super::{
    operation::{Parameter, body},
    schema::{example, resolved},
};

/// The variable for the server's URL in samples.
const SERVER: &str = "$GUILDHALL";

/// The fields with secrets, which no page shows.
const SECRETS: [&str; 5] = ["access_token", "recovery_codes", "refresh_token", "secret", "token"];

/// A response of an operation that succeeds.
#[derive(Clone)]
pub(super) struct ResponseSample {
    pub(super) status: String,
    /// The media type of its body; absent without a body.
    pub(super) kind: Option<String>,
    /// The body, indented.
    pub(super) text: Option<String>,
    has_secrets: bool,
}

impl ResponseSample {
    /// Returns the first response that is a success.
    pub(super) fn of(answers: &Map<String, Value>, document: &Value) -> Self {
        let good = answers.iter().find(|(status, _)| status.starts_with('2'));
        let (status, answer) = good.map_or(("", &Value::Null), |(status, answer)| {
            (status.as_str(), resolved(answer, document))
        });
        let kinds = answer["content"].as_object();
        let shown = example(body(answer), document);
        let fields = shown.as_ref().and_then(Value::as_object);
        Self {
            status: status.to_owned(),
            kind: kinds.and_then(|kinds| kinds.keys().next().cloned()),
            has_secrets: fields
                .is_some_and(|fields| SECRETS.iter().any(|name| fields.contains_key(*name))),
            text: shown.map(|shown| format!("{shown:#}")),
        }
    }
}

/// The form that sends the request of an operation, in the session of a person.
#[derive(Clone)]
pub(super) struct Trial {
    pub(super) fields: Vec<TrialField>,
    /// The body to begin with; absent if the operation takes none.
    pub(super) body: Option<String>,
}

/// A parameter in a form.
#[derive(Clone)]
pub(super) struct TrialField {
    pub(super) name: String,
    /// `path` or `query`.
    pub(super) place: String,
    /// The value to begin with.
    pub(super) value: String,
    pub(super) is_required: bool,
}

impl Trial {
    /// Returns the form; `None` if a session is not enough, or if the response has secrets.
    pub(super) fn of(
        parameters: &[Parameter],
        operation: &Value,
        sample: &ResponseSample,
        document: &Value,
    ) -> Option<Self> {
        let is_open = operation["security"].is_null();
        if sample.has_secrets || !(is_open || asks_for(operation, "session")) {
            return None;
        }
        let is_field = |parameter: &&Parameter| ["path", "query"].contains(&&*parameter.place);
        let takes = body(&operation["requestBody"]);
        let begun = || {
            let begun = example(takes, document);
            begun.map_or_else(String::new, |begun| format!("{begun:#}"))
        };
        Some(Self {
            fields: parameters.iter().filter(is_field).map(TrialField::of).collect(),
            body: (!takes.is_null()).then(begun),
        })
    }
}

impl TrialField {
    fn of(parameter: &Parameter) -> Self {
        let example = parameter.example.as_ref().filter(|_| parameter.is_required);
        Self {
            name: parameter.name.clone(),
            place: parameter.place.clone(),
            value: example.cloned().unwrap_or_default(),
            is_required: parameter.is_required,
        }
    }
}

/// Returns true if an operation can be authenticated by a scheme.
fn asks_for(operation: &Value, scheme: &str) -> bool {
    let mut schemes = operation["security"].as_array().into_iter().flatten();
    schemes.any(|one| !one[scheme].is_null())
}

/// Returns the request as a curl command.
pub(super) fn curl(
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
    if asks_for(operation, "signature") {
        return format!(
            "curl \"{address}\" \\\n  -H 'Content-Type: application/json'{headers} \\\n  \
             -H \"X-Hub-Signature-256: sha256=$SIGNATURE\" \\\n  --data-binary @delivery.json"
        );
    }
    let mut command = format!("curl \"{address}\"{headers}");
    if asks_for(operation, "bearer") {
        command += " \\\n  -H \"Authorization: Bearer $TOKEN\"";
    } else if asks_for(operation, "session") {
        command += " \\\n  -b \"guildhall-session=$SESSION\" -H 'Sec-Fetch-Site: same-origin'";
    }
    if method != "get" {
        command += &format!(" \\\n  -X {}", method.to_uppercase());
    }
    if let Some(takes) = example(body(&operation["requestBody"]), document) {
        command += &format!(" \\\n  --json '{takes}'");
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

    #[test]
    fn a_response_shows_an_example_of_its_parts() {
        let document = json!({ "components": { "schemas": { "Rank": {
            "properties": { "rank": { "type": "integer" }, "login": { "example": "wren-oak" } },
        } } } });
        let rank = json!({ "$ref": "#/components/schemas/Rank" });
        let schema = json!({ "properties": { "items": { "type": "array", "items": rank } } });
        let answers = json!({
            "404": { "description": "Missing" },
            "201": { "content": { "application/json": { "schema": schema } } },
        });
        let sample = ResponseSample::of(answers.as_object().expect("responses"), &document);
        assert_eq!(
            (sample.status.as_str(), sample.kind.as_deref()),
            ("201", Some("application/json"))
        );
        let text = sample.text.expect("an example");
        let shown: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(shown, json!({ "items": [{ "rank": 1, "login": "wren-oak" }] }));
    }

    #[test]
    fn a_form_sends_what_a_session_may_and_shows_no_secret() {
        let parameters = [
            json!({ "name": "slug", "in": "path", "required": true, "example": "lantern" }),
            json!({ "name": "limit", "in": "query", "example": 20 }),
            json!({ "name": "Idempotency-Key", "in": "header", "example": "5f0c" }),
        ];
        let parameters: Vec<_> = parameters.iter().map(Parameter::of).collect();
        let answering = |fields: Value| {
            let schema = json!({ "example": fields });
            let answers =
                json!({ "200": { "content": { "application/json": { "schema": schema } } } });
            ResponseSample::of(answers.as_object().expect("responses"), &Value::Null)
        };
        let of = |security: Value, sample: &ResponseSample| {
            let operation = json!({ "security": security });
            Trial::of(&parameters, &operation, sample, &Value::Null)
        };
        let open = answering(json!({ "slug": "lantern" }));
        let trial = of(Value::Null, &open).expect("a form");
        let fields: Vec<_> = trial.fields.iter().map(|own| (&*own.name, &*own.value)).collect();
        assert_eq!(fields, [("slug", "lantern"), ("limit", "")]);
        assert_eq!(trial.body, None);
        assert!(of(json!([{ "session": [] }, { "bearer": ["read"] }]), &open).is_some());
        assert!(of(json!([{ "signature": [] }]), &open).is_none());
        assert!(of(json!([{ "session": [] }]), &answering(json!({ "secret": "x" }))).is_none());
    }
}
