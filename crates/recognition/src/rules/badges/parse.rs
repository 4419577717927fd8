//! Parsing of criteria. The published schema describes the same documents; a test compares both.

use kernel::{InvalidPart, Problem, ProblemKind, counted};
use serde_json::{Map, Value};

use super::Criteria;
use crate::model::{Metric, Share};

/// The published JSON Schema of criteria, draft 2020-12.
pub const CRITERIA_SCHEMA: &str = include_str!("criteria.schema.json");

/// The maximum size of a document in bytes.
const LARGEST: usize = 4 * 1024;
/// The maximum of a count.
const MOST: u32 = 1_000_000;

const KINDS: &str =
    "first_pr, pr_count, quality_rating, streak, project_champion, metric or manual";

/// An error in one field of criteria.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CriteriaError {
    /// The JSON Pointer to the field, empty for the document itself.
    pub pointer: String,
    /// A sentence that names the field and the valid values.
    pub message: String,
}

impl CriteriaError {
    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

/// Returns the problem for criteria with errors, which are below `criteria` in the body of a request.
#[must_use]
pub fn refusal(errors: &[CriteriaError]) -> Problem {
    let first = errors.first().map_or("", |error| error.message.as_str());
    let detail = match errors.len() {
        0 | 1 => first.to_owned(),
        several => format!(
            "{first} {} wrong, too.",
            counted(several - 1, "other field is", "other fields are")
        ),
    };
    let part = |error: &CriteriaError| InvalidPart {
        pointer: format!("/criteria{}", error.pointer),
        detail: error.message.clone(),
    };
    let problem = Problem::new(ProblemKind::Invalid, "BAD_CRITERIA", detail).at("criteria");
    problem.with_errors(errors.iter().map(part).collect())
}

impl Criteria {
    /// Parses criteria. `metrics` are those that the programmes declare.
    ///
    /// # Errors
    /// Returns an error for each invalid field.
    pub fn parse(text: &str, metrics: &[&Metric]) -> Result<Self, Vec<CriteriaError>> {
        let criteria = Self::stored(text)?;
        match &criteria {
            Self::Metric { metric, .. } if !metrics.iter().any(|it| it.code == metric) => {
                let known: Vec<&str> = metrics.iter().map(|metric| metric.code).collect();
                let message =
                    format!("\"{metric}\" is not a metric. Use one of {}.", known.join(", "));
                Err(vec![CriteriaError::new("/metric", message)])
            }
            _ => Ok(criteria),
        }
    }

    /// Parses stored criteria, whose metric may be of a programme that this release does not have.
    ///
    /// # Errors
    /// Returns an error for each invalid field.
    pub fn stored(text: &str) -> Result<Self, Vec<CriteriaError>> {
        let whole = |message: String| vec![CriteriaError::new("", message)];
        if text.len() > LARGEST {
            let most = LARGEST / 1024;
            return Err(whole(format!("The criteria are larger than {most} KiB. Shorten them.")));
        }
        let value = serde_json::from_str(text)
            .map_err(|error| whole(format!("The criteria are not JSON: {error}.")))?;
        let Value::Object(fields) = value else {
            return Err(whole(
                r#"The criteria must be a JSON object such as {"kind": "first_pr"}."#.to_owned(),
            ));
        };
        Fields::of(fields).read()
    }
}

/// The fields of a document that were not read yet, and the errors so far.
struct Fields {
    left: Map<String, Value>,
    known: Vec<&'static str>,
    errors: Vec<CriteriaError>,
}

impl Fields {
    fn of(left: Map<String, Value>) -> Self {
        Self { left, known: vec!["kind"], errors: Vec::new() }
    }

    fn read(mut self) -> Result<Criteria, Vec<CriteriaError>> {
        let kind = self.left.remove("kind");
        let criteria = match kind.as_ref().and_then(Value::as_str) {
            Some("first_pr") => Criteria::FirstPr,
            Some("pr_count") => Criteria::PrCount { at_least: self.whole("at_least", 1, MOST) },
            Some("quality_rating") => Criteria::QualityRating {
                average: self.rating("average"),
                over: self.whole("over", 1, MOST),
            },
            Some("streak") => Criteria::Streak { months: self.whole("months", 2, 600) },
            Some("project_champion") => Criteria::ProjectChampion(Share {
                percent: self.whole("share", 1, 100),
                minimum: self.whole("minimum", 1, MOST),
            }),
            Some("metric") => Criteria::Metric {
                metric: self.code("metric"),
                at_least: self.whole("at_least", 1, MOST),
            },
            Some("manual") => Criteria::Manual,
            _ => return Err(vec![unknown_kind(kind.as_ref())]),
        };
        self.refuse_unknown();
        if self.errors.is_empty() { Ok(criteria) } else { Err(self.errors) }
    }

    /// Takes a field; records an error if it is missing or `read` returns `None`.
    fn take<T: Default>(
        &mut self,
        name: &'static str,
        valid: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> T {
        self.known.push(name);
        let value = self.left.remove(name);
        let found = value.as_ref().and_then(read);
        found.unwrap_or_else(|| {
            let message = match value {
                None => format!("{name} is missing. It must be {valid}."),
                Some(value) => format!("{name} must be {valid}, not {}.", shortened(&value)),
            };
            self.errors.push(CriteriaError::new(format!("/{name}"), message));
            T::default()
        })
    }

    fn whole(&mut self, name: &'static str, least: u32, most: u32) -> u32 {
        let valid = format!("a whole number from {least} to {most}");
        self.take(name, &valid, |value| {
            let number = u32::try_from(whole(value)?).ok()?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// Takes a rating, in hundredths.
    fn rating(&mut self, name: &'static str) -> u32 {
        self.take(name, "a number from 1 to 5 with at most two decimals", |value| {
            let hundredths = value.as_f64()? * 100.0;
            let is_exact = (hundredths - hundredths.round()).abs() < 1e-6;
            let is_valid = is_exact && (100.0..=500.0).contains(&hundredths.round());
            is_valid.then_some(hundredths.round() as u32)
        })
    }

    fn code(&mut self, name: &'static str) -> String {
        let valid = "a code of a to z, 0 to 9 and _ that begins with a to z";
        self.take(name, valid, |value| {
            let code = value.as_str()?;
            let is_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
            let begins = code.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
            let is_valid = begins && code.len() <= 64 && code.bytes().all(is_word);
            is_valid.then(|| code.to_owned())
        })
    }

    fn refuse_unknown(&mut self) {
        let known = self.known.join(", ");
        for name in self.left.keys() {
            let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            let name = shortened(&Value::String(name.clone()));
            let message = format!("{name} is not a known field. Use one of {known}.");
            self.errors.push(CriteriaError::new(pointer, message));
        }
    }
}

/// Returns a whole number, which JSON Schema also accepts as `10.0`.
fn whole(value: &Value) -> Option<i64> {
    let rounded = || {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && number.abs() < 1e9).then_some(number as i64)
    };
    value.as_i64().or_else(rounded)
}

fn unknown_kind(kind: Option<&Value>) -> CriteriaError {
    let message = match kind {
        None => format!("kind is missing. It must be {KINDS}."),
        Some(kind) => format!("kind must be {KINDS}, not {}.", shortened(kind)),
    };
    CriteriaError::new("/kind", message)
}

/// Formats a value for a message, at most 40 characters of it.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &[&str] = &[
        r#"{"kind":"first_pr"}"#,
        r#"{"at_least":10,"kind":"pr_count"}"#,
        r#"{"average":4.25,"kind":"quality_rating","over":10}"#,
        r#"{"kind":"streak","months":3}"#,
        r#"{"kind":"project_champion","minimum":10,"share":30}"#,
        r#"{"at_least":3,"kind":"metric","metric":"merged_pull_requests"}"#,
        r#"{"kind":"manual"}"#,
    ];

    const INVALID: &[(&str, &str, &str)] = &[
        ("[]", "", "must be a JSON object"),
        ("{", "", "not JSON"),
        ("{}", "/kind", "kind is missing"),
        (r#"{"kind":7}"#, "/kind", "not 7"),
        (r#"{"kind":"first"}"#, "/kind", "first_pr, pr_count"),
        (r#"{"kind":"pr_count"}"#, "/at_least", "at_least is missing"),
        (r#"{"kind":"pr_count","at_least":0}"#, "/at_least", "from 1 to 1000000, not 0"),
        (r#"{"kind":"pr_count","at_least":1.5}"#, "/at_least", "not 1.5"),
        (r#"{"kind":"pr_count","at_least":"10"}"#, "/at_least", "whole number"),
        (r#"{"kind":"first_pr","months":3}"#, "/months", "not a known field"),
        (r#"{"kind":"streak","months":1}"#, "/months", "from 2 to 600"),
        (r#"{"kind":"quality_rating","average":5.5,"over":1}"#, "/average", "from 1 to 5"),
        (r#"{"kind":"project_champion","share":101,"minimum":1}"#, "/share", "from 1 to 100"),
        (r#"{"kind":"metric","metric":"No","at_least":1}"#, "/metric", "a code of"),
    ];

    #[test]
    fn criteria_round_trip() {
        for text in VALID {
            let criteria = Criteria::stored(text).expect(text);
            assert_eq!(criteria.document().to_string(), *text);
        }
    }

    #[test]
    fn errors_name_the_field_and_the_valid_values() {
        for (text, pointer, words) in INVALID {
            let errors = Criteria::stored(text).expect_err(text);
            assert_eq!(errors[0].pointer, *pointer, "{text}: {errors:?}");
            assert!(errors[0].message.contains(words), "{text}: {errors:?}");
        }
        let errors = Criteria::stored(r#"{"kind":"quality_rating","over":0,"x":1}"#);
        let problem = refusal(&errors.expect_err("three errors"));
        assert_eq!(problem.errors.len(), 3);
        assert_eq!(problem.errors[0].pointer, "/criteria/average");
        assert!(problem.detail.ends_with("2 other fields are wrong, too."));
    }

    #[test]
    fn the_published_schema_accepts_the_same_documents() {
        let schema = serde_json::from_str(CRITERIA_SCHEMA).expect("JSON");
        let schema = jsonschema::draft202012::new(&schema).expect("a schema");
        let value = |text: &str| serde_json::from_str::<Value>(text);
        for text in VALID {
            assert!(schema.is_valid(&value(text).expect("JSON")), "{text}");
        }
        for (text, ..) in INVALID {
            if let Ok(value) = value(text) {
                assert!(!schema.is_valid(&value), "{text}");
            }
        }
    }

    #[test]
    fn only_declared_metrics_can_be_used() {
        let text = VALID[5];
        let merged = Metric {
            code: "merged_pull_requests",
            one: "merged pull request",
            many: "merged pull requests",
        };
        assert!(Criteria::parse(text, &[&merged]).is_ok());
        let errors = Criteria::parse(text, &[]).expect_err("unknown");
        assert_eq!(errors[0].pointer, "/metric");
    }
}
