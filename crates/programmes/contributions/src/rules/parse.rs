//! Parsing of rules documents: validation against the published schema, then checks that a schema cannot
//! express.

use std::{collections::BTreeMap, sync::LazyLock};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;

use super::{Multiplier, RulesDocument, labels};

/// The published JSON Schema of rules documents, draft 2020-12.
pub const SCHEMA: &str = include_str!("rules.schema.json");

pub(super) static SCHEMA_VALUE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(SCHEMA).unwrap_or_default());
static VALIDATOR: LazyLock<Option<Validator>> =
    LazyLock::new(|| jsonschema::draft202012::new(&SCHEMA_VALUE).ok());

/// An error in one field of a rules document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldError {
    /// The JSON Pointer to the field, empty for the document itself.
    pub pointer: String,
    /// A sentence that names the field and the valid values.
    pub message: String,
}

impl FieldError {
    pub(super) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

impl RulesDocument {
    /// Parses a document. Absent fields have their defaults.
    ///
    /// # Errors
    /// Returns an error for each invalid field.
    pub fn parse(text: &str) -> Result<Self, Vec<FieldError>> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            vec![FieldError::new("", format!("The rules document is not JSON: {error}."))]
        })?;
        none_or(schema_errors(&value))?;
        let document: Self =
            serde_json::from_str(text).map_err(|error| vec![unreadable(&error)])?;
        none_or(cross_errors(&document, &value))?;
        Ok(document)
    }
}

fn none_or(errors: Vec<FieldError>) -> Result<(), Vec<FieldError>> {
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn schema_errors(value: &Value) -> Vec<FieldError> {
    match &*VALIDATOR {
        Some(validator) => validator.iter_errors(value).map(|error| friendly(&error)).collect(),
        None => vec![FieldError::new(
            "",
            "The built-in schema of rules documents is invalid. Report this as a bug.",
        )],
    }
}

/// Returns the error for a document that the schema allows but the types do not: `50.0` as a whole number,
/// or a duplicate field.
fn unreadable(error: &serde_json::Error) -> FieldError {
    let hint = "Use every field once, and write whole numbers without a decimal point or exponent";
    FieldError::new("", format!("The rules document cannot be read: {error}. {hint}."))
}

/// Builds an error from the schema's description of the value.
fn friendly(error: &ValidationError<'_>) -> FieldError {
    let pointer = error.instance_path().as_str();
    let parent = parent_schema(error.schema_path().as_str());
    let name = field_name(pointer);
    let message = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            return unknown_fields(pointer, unexpected, parent);
        }
        ValidationErrorKind::Required { property } => {
            format!("{name} is missing {}. Add it.", property.as_str().unwrap_or("a field"))
        }
        _ => format!("{name} must be {}, not {}.", described(parent), shortened(error.instance())),
    };
    FieldError::new(pointer, message)
}

fn unknown_fields(pointer: &str, unexpected: &[String], schema: Option<&Value>) -> FieldError {
    let unexpected = unexpected.first().map_or("", String::as_str);
    let pointer = format!("{pointer}/{}", unexpected.replace('~', "~0").replace('/', "~1"));
    let known = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let known: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let message =
        format!("{} is not a known field. Use one of {}.", field_name(&pointer), known.join(", "));
    FieldError::new(pointer, message)
}

/// Returns the schema that contains the violated keyword.
fn parent_schema(keyword_path: &str) -> Option<&'static Value> {
    let (parent, _) = keyword_path.rsplit_once('/')?;
    SCHEMA_VALUE.pointer(parent)
}

fn described(schema: Option<&Value>) -> &str {
    let description = schema.and_then(|schema| schema.get("description"));
    description.and_then(Value::as_str).unwrap_or("a value that the schema allows")
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Formats a pointer: `/size_bonus/0/lines` becomes `size_bonus.0.lines`.
fn field_name(pointer: &str) -> String {
    match pointer.strip_prefix('/') {
        Some(path) => format!("`{}`", path.replace('/', ".").replace("~1", "/").replace("~0", "~")),
        None => "The rules document".to_owned(),
    }
}

fn cross_errors(document: &RulesDocument, value: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    errors.extend(too_fine(document));
    errors.extend(bands_out_of_order(document));
    errors.extend(types_twice(value));
    errors.extend(empty_names("/spam/labels", &document.spam.labels));
    errors.extend(empty_names("/low_value/words", &document.low_value.words));
    errors.extend(empty_names("/exclude/bot_reviewers", &document.exclude.bot_reviewers));
    if document.diminishing.floor > document.diminishing.factor {
        let message =
            "`diminishing.floor` must not be above `diminishing.factor`. Lower the floor.";
        errors.push(FieldError::new("/diminishing/floor", message));
    }
    errors
}

/// Finds factors with more than two decimals, which could make a product inexact.
fn too_fine(document: &RulesDocument) -> impl Iterator<Item = FieldError> {
    let (rating, diminishing) = (&document.rating, &document.diminishing);
    let fixed = [
        ("/rating/1", rating.one),
        ("/rating/2", rating.two),
        ("/rating/3", rating.three),
        ("/rating/4", rating.four),
        ("/rating/5", rating.five),
        ("/tests", document.tests),
        ("/docs", document.docs),
        ("/diminishing/factor", diminishing.factor),
        ("/diminishing/floor", diminishing.floor),
    ];
    let fixed = fixed.into_iter().map(|(pointer, factor)| (pointer.to_owned(), factor));
    let types = document.types.iter().map(|(name, factor)| (format!("/types/{name}"), *factor));
    let too_fine = |factor: Multiplier| factor.0.normalize().scale() > 2;
    fixed.chain(types).filter(move |(_, factor)| too_fine(*factor)).map(|(pointer, factor)| {
        let name = field_name(&pointer);
        FieldError::new(
            pointer,
            format!("{name} must have at most two decimals, not {}.", factor.0),
        )
    })
}

fn bands_out_of_order(document: &RulesDocument) -> impl Iterator<Item = FieldError> {
    let pairs = document.size_bonus.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| pair[0].lines >= pair[1].lines || pair[0].points > pair[1].points)
        .map(|(before, _)| {
            let pointer = format!("/size_bonus/{}", before + 1);
            let name = field_name(&pointer);
            let message = format!(
                "{name} must require more lines than the band before it, and award at least as many points."
            );
            FieldError::new(pointer, message)
        })
}

/// Finds conflicting spellings of a type, and names without a letter or digit.
fn types_twice(value: &Value) -> Vec<FieldError> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut errors = Vec::new();
    let types = value.get("types").and_then(Value::as_object);
    for spelling in types.into_iter().flatten().map(|(spelling, _)| spelling) {
        let pointer = format!("/types/{}", spelling.replace('~', "~0").replace('/', "~1"));
        let name = field_name(&pointer);
        let key = labels::type_key(spelling);
        if key.is_empty() {
            errors.push(FieldError::new(
                pointer,
                format!("{name} must contain a letter or a digit."),
            ));
        } else if let Some(other) = seen.insert(key, spelling) {
            let message = format!("{name} is the same type as `{other}`. Keep one of them.");
            errors.push(FieldError::new(pointer, message));
        }
    }
    errors
}

fn empty_names(pointer: &str, names: &[String]) -> impl Iterator<Item = FieldError> {
    let empty = names.iter().enumerate().filter(|(_, name)| name.is_empty());
    empty.map(move |(place, _)| {
        let pointer = format!("{pointer}/{place}");
        let name = field_name(&pointer);
        FieldError::new(pointer, format!("{name} must contain a letter or a digit."))
    })
}
