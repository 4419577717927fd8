//! Schemas of the API's values.

use std::collections::BTreeSet;

use platform::web::PROBLEMS_PAGE;
use serde_json::{Map, Value};

use super::text::{prose, text};

pub(super) struct Schema {
    pub(super) name: String,
    pub(super) description: String,
    /// The allowed values of an enumeration.
    pub(super) words: Vec<String>,
    /// The fields of each variant; usually there is only one variant.
    pub(super) shapes: Vec<Vec<SchemaField>>,
    pub(super) example: Option<String>,
}

pub(super) struct SchemaField {
    pub(super) name: String,
    pub(super) kind: TypeWords,
    pub(super) description: String,
}

/// A type in words, and the schema it refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TypeWords {
    pub(super) words: String,
    pub(super) schema: Option<String>,
}

/// The schema of problem documents, which have a page of their own.
pub(super) const PROBLEM: &str = "Problem";

const SCHEMAS: &str = "#/components/schemas/";

/// The deepest nesting of an example that is made from those of parts.
const DEEPEST: usize = 8;

/// Returns the schemas that operations use, directly or through other schemas, by name.
pub(super) fn used<'a>(
    operations: impl Iterator<Item = &'a Value>,
    document: &Value,
) -> Vec<Schema> {
    let schemas = &document["components"]["schemas"];
    let mut names = BTreeSet::new();
    operations.for_each(|operation| collect(operation, schemas, &mut names));
    names.remove(PROBLEM);
    let each = names.iter();
    each.map(|name| Schema::of(name, &schemas[name], document)).collect()
}

/// Collects the names of the schemas that a value refers to.
fn collect(value: &Value, schemas: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, schemas, names)),
        Value::Object(fields) => {
            let name = value["$ref"].as_str().and_then(|to| to.strip_prefix(SCHEMAS));
            if let Some(name) = name
                && names.insert(name.to_owned())
            {
                collect(&schemas[name], schemas, names);
            }
            fields.values().for_each(|field| collect(field, schemas, names));
        }
        _ => {}
    }
}

impl Schema {
    fn of(name: &str, schema: &Value, document: &Value) -> Self {
        let variants = schema["oneOf"].as_array().cloned().unwrap_or_default();
        let mut words = words(schema);
        words.extend(variants.iter().flat_map(self::words));
        let variants = variants.iter().map(|variant| fields(variant, document));
        let shapes = std::iter::once(fields(schema, document)).chain(variants);
        Self {
            name: name.to_owned(),
            description: prose(&schema["description"]),
            words,
            shapes: shapes.filter(|fields| !fields.is_empty()).collect(),
            example: schema.get("example").map(|example| format!("{example:#}")),
        }
    }
}

/// Returns an example of a schema. One that has none of its own gets those of its parts.
pub(super) fn example(schema: &Value, document: &Value) -> Option<Value> {
    example_within(schema, document, DEEPEST)
}

fn example_within(schema: &Value, document: &Value, depth: usize) -> Option<Value> {
    let schema = resolved(schema, document);
    if let Some(own) = schema.get("example") {
        return Some(own.clone());
    }
    let depth = depth.checked_sub(1)?;
    let within = |part: &Value| example_within(part, document, depth);
    let mut fields = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if let Some(Value::Object(own)) = within(part) {
            fields.extend(own);
        }
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        fields.extend(within(field).map(|value| (name.clone(), value)));
    }
    if !fields.is_empty() {
        return Some(Value::Object(fields));
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(choices) = choices {
        return choices.iter().find_map(within);
    }
    match kind(schema) {
        "array" => Some(Value::Array(within(&schema["items"]).into_iter().collect())),
        _ => plain_example(schema),
    }
}

/// Returns a value of a type without parts.
fn plain_example(schema: &Value) -> Option<Value> {
    if let Some(first) = schema["enum"].get(0) {
        return Some(first.clone());
    }
    match (kind(schema), schema["format"].as_str()) {
        ("boolean", _) => Some(true.into()),
        ("integer" | "number", _) => Some(1.into()),
        ("string", Some("date-time")) => Some("2026-11-01T08:00:00Z".into()),
        ("string", Some("uuid")) => Some("0192f490-0000-7000-8000-000000000000".into()),
        ("string", _) => Some("text".into()),
        _ => None,
    }
}

/// Returns the name of a schema's type, or of the first one that is not null.
fn kind(schema: &Value) -> &str {
    let kinds = schema["type"].as_array().into_iter().flatten();
    let mut kinds = kinds.chain([&schema["type"]]).filter_map(Value::as_str);
    kinds.find(|kind| *kind != "null").unwrap_or_default()
}

/// Returns the target of a reference, or the value itself.
pub(super) fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    let pointer = schema["$ref"].as_str().and_then(|found| found.strip_prefix('#'));
    let found = pointer.and_then(|pointer| document.pointer(pointer));
    found.unwrap_or(schema)
}

fn words(schema: &Value) -> Vec<String> {
    let words = schema["enum"].as_array().into_iter().flatten();
    words.map(text).collect()
}

/// Returns a schema's own fields and those of the schemas it combines.
fn fields(schema: &Value, document: &Value) -> Vec<SchemaField> {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut found: Vec<SchemaField> =
        parts.flat_map(|part| fields(resolved(part, document), document)).collect();
    let own = schema["properties"].as_object().into_iter().flatten();
    found.extend(own.map(|(name, field)| SchemaField {
        name: name.clone(),
        kind: TypeWords::of(field),
        description: prose(&field["description"]),
    }));
    found
}

impl TypeWords {
    /// Returns the address of the schema it refers to.
    pub(super) fn address(&self) -> Option<String> {
        let name = self.schema.as_deref()?;
        Some(match name {
            PROBLEM => PROBLEMS_PAGE.to_owned(),
            name => format!("#schema-{name}"),
        })
    }

    pub(super) fn of(schema: &Value) -> Self {
        if let Some((_, name)) = schema["$ref"].as_str().and_then(|path| path.rsplit_once('/')) {
            return Self { words: name.to_owned(), schema: Some(name.to_owned()) };
        }
        let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        if let Some(choices) = choices {
            return Self::any(choices.iter().map(Self::of));
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().map(text).collect(),
            Value::String(kind) => vec![kind.clone()],
            _ => vec!["any value".to_owned()],
        };
        Self::any(kinds.iter().map(|kind| Self::plain(kind, schema)))
    }

    fn plain(kind: &str, schema: &Value) -> Self {
        if kind == "array" {
            let of = Self::of(&schema["items"]);
            return Self { words: format!("array of {}", of.words), ..of };
        }
        let words = match (kind, schema["format"].as_str()) {
            ("string", Some("date-time")) => "timestamp".to_owned(),
            ("string", Some("uuid")) => "UUID".to_owned(),
            ("string", _) => match words(schema).as_slice() {
                [only] => format!("“{only}”"),
                _ => "string".to_owned(),
            },
            ("integer", _) => "integer".to_owned(),
            _ => kind.to_owned(),
        };
        Self { words, schema: None }
    }

    fn any(kinds: impl Iterator<Item = Self>) -> Self {
        let kinds: Vec<Self> = kinds.collect();
        let words: Vec<&str> = kinds.iter().map(|kind| kind.words.as_str()).collect();
        Self {
            words: words.join(" or "),
            schema: kinds.iter().find_map(|kind| kind.schema.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_read_as_words() {
        let words = |schema: Value| TypeWords::of(&schema).words;
        assert_eq!(words(json!({ "type": "string", "format": "date-time" })), "timestamp");
        assert_eq!(words(json!({ "type": ["integer", "null"] })), "integer or null");
        let list = TypeWords::of(
            &json!({ "type": "array", "items": { "$ref": "#/components/schemas/Rank" } }),
        );
        assert_eq!((list.words.as_str(), list.schema.as_deref()), ("array of Rank", Some("Rank")));
        assert_eq!(words(json!({})), "any value");
    }
}
