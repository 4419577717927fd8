//! Samples of operations: the response, and the form that sends the request.

use serde_json::{Map, Value};

use super::{
    operation::{Parameter, body},
    schema::{example, resolved},
    text::colored,
};

/// The lines of a response that are shown at once.
const SHOWN_LINES: usize = 24;

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

    /// Returns the first lines of the body as HTML, and the others; both are empty without a body.
    pub(super) fn excerpt(&self) -> (String, String) {
        let text = self.text.as_deref().unwrap_or_default();
        // The line that would be left alone is shown too.
        let end = match text.match_indices('\n').nth(SHOWN_LINES - 1) {
            Some((at, _)) if text[at + 1..].contains('\n') => at,
            _ => text.len(),
        };
        let (begin, rest) = text.split_at(end);
        (colored(begin), colored(rest.trim_start_matches('\n')))
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
    /// The value of the example; may be empty.
    pub(super) example: String,
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
        let example = parameter.example.clone().unwrap_or_default();
        Self {
            name: parameter.name.clone(),
            place: parameter.place.clone(),
            value: if parameter.is_required { example.clone() } else { String::new() },
            example,
            is_required: parameter.is_required,
        }
    }
}

/// Returns true if an operation can be authenticated by a scheme.
pub(super) fn asks_for(operation: &Value, scheme: &str) -> bool {
    let mut schemes = operation["security"].as_array().into_iter().flatten();
    schemes.any(|one| !one[scheme].is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
    fn a_long_response_is_shown_in_two_parts() {
        for (lines, first) in [(1, 1), (24, 24), (25, 25), (26, 24), (90, 24)] {
            let text = vec!["[]"; lines].join("\n");
            let sample = ResponseSample {
                status: "200".to_owned(),
                kind: None,
                text: Some(text.clone()),
                has_secrets: false,
            };
            let (begin, rest) = sample.excerpt();
            assert_eq!(begin.lines().count(), first, "{lines}");
            let all = if rest.is_empty() { begin } else { format!("{begin}\n{rest}") };
            assert_eq!(all, text);
        }
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
