//! Rules documents that a maintainer checks or publishes.

use kernel::{InvalidPart, Problem, ProblemKind, counted};
use serde_json::Value;

use super::{FieldError, RulesDocument};

/// The maximum size of a document in bytes. The largest one that the schema allows is smaller.
const LARGEST: usize = 64 * 1024;

/// A valid document, with the text to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The rules, with defaults filled in.
    pub document: RulesDocument,
    /// The document as JSON without spaces, ordered by field.
    pub text: String,
}

impl Candidate {
    /// Reads a document. What it states is stored, so that absent fields have their defaults, and each of [`STATED`].
    ///
    /// # Errors
    /// Returns an error for each invalid field.
    pub fn read(text: &str) -> Result<Self, Vec<FieldError>> {
        if text.len() > LARGEST {
            let message =
                format!("The rules document is larger than {} KiB. Shorten it.", LARGEST / 1024);
            return Err(vec![FieldError::new("", message)]);
        }
        let mut document = RulesDocument::parse(text)?;
        let mut stated: Value = serde_json::from_str(text).unwrap_or_default();
        let newest = serde_json::to_value(RulesDocument::newest()).unwrap_or_default();
        if state(&mut stated, &newest) {
            document = RulesDocument::parse(&stated.to_string())?;
        }
        Ok(Self { document, text: stated.to_string() })
    }

    /// Returns the document of a new version that changes nothing else.
    #[must_use]
    pub fn newest() -> Self {
        Self::of(RulesDocument::newest())
    }

    /// Returns the document to store.
    #[must_use]
    pub fn stated(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// Creates the document that states only the rules that differ from the defaults, and each of [`STATED`].
    #[must_use]
    pub fn of(document: RulesDocument) -> Self {
        let own = serde_json::to_value(&document).unwrap_or_default();
        let default = serde_json::to_value(RulesDocument::default()).unwrap_or_default();
        let mut stated =
            differing(own.clone(), &default).unwrap_or_else(|| Value::Object(Default::default()));
        state(&mut stated, &own);
        Self { document, text: stated.to_string() }
    }
}

/// The rules that every new version states. A version that was published before they existed does not have them.
const STATED: [(&str, &str); 2] = [("exclude", "self_requested_merges"), ("low_value", "patches")];

/// Adds the absent ones of [`STATED`] to a document; returns whether any was absent.
fn state(document: &mut Value, values: &Value) -> bool {
    let mut is_any = false;
    for (rule, part) in STATED {
        let Some(rules) = document.as_object_mut() else {
            return is_any;
        };
        let parts = rules.entry(rule).or_insert_with(|| Value::Object(Default::default()));
        if let Some(parts) = parts.as_object_mut().filter(|parts| !parts.contains_key(part)) {
            parts.insert(part.to_owned(), values[rule][part].clone());
            is_any = true;
        }
    }
    is_any
}

/// Returns the parts of a value that differ from the defaults; `None` if all are equal.
fn differing(own: Value, default: &Value) -> Option<Value> {
    if own == *default {
        return None;
    }
    match own {
        Value::Object(fields) => {
            let parts = fields.into_iter().filter_map(|(name, value)| {
                let default = default.get(&name).unwrap_or(&Value::Null);
                Some((name, differing(value, default)?))
            });
            Some(parts.collect())
        }
        // Outside lists, only factors are serialized as text.
        Value::String(factor) => Some(serde_json::from_str(&factor).unwrap_or(factor.into())),
        other => Some(other),
    }
}

/// Returns the problem for a document with errors, which are below `document` in the body of a request.
#[must_use]
pub fn refusal(errors: &[FieldError]) -> Problem {
    let first = errors.first().map_or("", |error| error.message.as_str());
    let detail = match errors.len() {
        0 | 1 => first.to_owned(),
        several => format!(
            "{first} {} wrong, too.",
            counted(several - 1, "other field is", "other fields are")
        ),
    };
    let part = |error: &FieldError| InvalidPart {
        pointer: format!("/document{}", error.pointer),
        detail: error.message.clone(),
    };
    let problem = Problem::new(ProblemKind::Invalid, "BAD_RULES", detail);
    problem.with_errors(errors.iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEWEST: &str =
        r#"{"exclude":{"self_requested_merges":true},"low_value":{"patches":true}}"#;

    #[test]
    fn a_document_is_stored_as_it_was_stated() {
        let cases = [
            ("{}", NEWEST),
            (
                " { \"merged\" : 60,\n \"docs\": 1.10 } ",
                r#"{"docs":1.1,"exclude":{"self_requested_merges":true},"low_value":{"patches":true},"merged":60}"#,
            ),
            (
                r#"{"merged": 50, "low_value": {"patches": false}}"#,
                r#"{"exclude":{"self_requested_merges":true},"low_value":{"patches":false},"merged":50}"#,
            ),
            (
                r#"{"types": {"Docs": "0.5"}, "exclude": {"bots": true}}"#,
                r#"{"exclude":{"bots":true,"self_requested_merges":true},"low_value":{"patches":true},"types":{"Docs":"0.5"}}"#,
            ),
        ];
        for (text, stored) in cases {
            let candidate = Candidate::read(text).expect(text);
            assert_eq!(candidate.text, stored);
            let again = Candidate::read(stored).expect(stored);
            assert_eq!(again, candidate, "{text}");
        }
    }

    #[test]
    fn a_form_states_only_what_differs_from_the_defaults() {
        let old = r#"{"exclude":{"self_requested_merges":false},"low_value":{"patches":false}}"#;
        let cases = [
            ("{}", old),
            (NEWEST, NEWEST),
            (r#"{"merged": 50, "tests": 1.2, "exclude": {"bots": true}}"#, old),
            (
                r#"{"rating": {"4": 1.25, "5": 1.5}, "types": {"docs": 0.5, "level 1": 2}}"#,
                r#"{"exclude":{"self_requested_merges":false},"low_value":{"patches":false},"rating":{"4":1.25},"types":{"docs":0.5,"level-1":2}}"#,
            ),
            (
                r#"{"size_bonus": [], "spam": {"labels": ["spam"]}}"#,
                r#"{"exclude":{"self_requested_merges":false},"low_value":{"patches":false},"size_bonus":[],"spam":{"labels":["spam"]}}"#,
            ),
        ];
        for (text, stated) in cases {
            let document = RulesDocument::parse(text).expect(text);
            let candidate = Candidate::of(document.clone());
            assert_eq!(candidate.text, stated);
            assert_eq!(RulesDocument::parse(stated), Ok(document), "{text}");
        }
    }

    #[test]
    fn a_stored_document_of_an_earlier_version_has_no_later_rules() {
        let stored = RulesDocument::parse("{}").expect("a document");
        assert!(!stored.low_value.patches && !stored.exclude.self_requested_merges);
        assert_eq!(Candidate::newest(), Candidate::read("{}").expect("a document"));
    }

    #[test]
    fn a_large_document_is_refused_before_it_is_read() {
        let text = format!("{{\"merged\": 60}}{}", " ".repeat(LARGEST));
        let errors = Candidate::read(&text).expect_err("too large");
        assert_eq!(errors[0].message, "The rules document is larger than 64 KiB. Shorten it.");
    }

    #[test]
    fn the_problem_names_every_field() {
        let errors = Candidate::read(r#"{"merged": -1, "docs": 11}"#).expect_err("invalid");
        let problem = refusal(&errors);
        assert!(problem.detail.ends_with("1 other field is wrong, too."), "{problem}");
        let mut pointers: Vec<_> = problem.errors.iter().map(|part| &*part.pointer).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/document/docs", "/document/merged"]);
    }
}
