//! The schemas of the API's description, as programs that generate clients need them.

use platform::{
    module::ProblemCode,
    web::{PROBLEMS_PAGE, ProblemBody},
};
use serde_json::{Map, Value, json};
use utoipa::PartialSchema as _;

/// Completes the schemas that the routes describe.
pub(super) fn complete(schemas: &mut Map<String, Value>) {
    let mut parts = Map::new();
    for (name, schema) in schemas.iter_mut() {
        name_rows(name, schema);
        simplify(schema);
        name_variants(name, schema, &mut parts);
    }
    schemas.extend(parts);
}

/// Refers the rows of a list to their own schema.
fn name_rows(name: &str, schema: &mut Value) {
    if let Some(row) = name.strip_prefix("List_") {
        let row = format!("#/components/schemas/{row}");
        schema["properties"]["items"]["items"] = json!({ "$ref": row });
    }
}

/// Replaces a choice of one schema by that schema, with both descriptions.
fn simplify(schema: &mut Value) {
    let Some([only]) = schema["oneOf"].as_array().map(Vec::as_slice) else {
        return;
    };
    let mut only = only.clone();
    let descriptions = [&schema["description"], &only["description"]];
    let descriptions = descriptions.map(|text| text.as_str().unwrap_or_default());
    only["description"] = descriptions.join(" ").trim().into();
    *schema = only;
}

/// Returns the schema of problem documents, with all codes.
pub(super) fn problem(codes: &[ProblemCode]) -> Value {
    let mut schema = json!(ProblemBody::schema());
    let names = codes.iter().map(|problem| json!(problem.code));
    schema["properties"]["code"]["enum"] = names.collect();
    let description = format!("A stable code. `{PROBLEMS_PAGE}` explains each.");
    schema["properties"]["code"]["description"] = description.into();
    schema["example"] = json!({
        "type": format!("{PROBLEMS_PAGE}#NOT_FOUND"), "title": "Not Found", "status": 404, "code": "NOT_FOUND",
        "detail": "Unknown login 'wren-oak'.",
    });
    schema
}

/// Names the variants of a choice, which have numbers otherwise: by the value that marks them, or by their only field.
/// Moves the objects within them to `parts`, because generators of clients name each object once.
fn name_variants(name: &str, schema: &mut Value, parts: &mut Map<String, Value>) {
    let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    for variant in variants.into_iter().flatten() {
        let Some(fields) = variant.get_mut("properties").and_then(Value::as_object_mut) else {
            continue;
        };
        let mark = fields.values().find_map(|field| match &field["enum"].as_array()?[..] {
            [only] => only.as_str(),
            _ => None,
        });
        let only = (fields.len() == 1).then(|| fields.keys().next()).flatten();
        let title = match (mark, only) {
            (Some(mark), _) => Some(format!("{name}{}", camel(mark))),
            (None, Some(only)) => Some(format!("{name}{}Variant", camel(only))),
            (None, None) => None,
        };
        for (field, value) in fields.iter_mut().filter(|(_, value)| value["properties"].is_object())
        {
            let part = format!("{name}{}", camel(field));
            let reference = json!({ "$ref": format!("#/components/schemas/{part}") });
            parts.insert(part, std::mem::replace(value, reference));
        }
        if let Some(title) = title {
            variant["title"] = title.into();
        }
    }
}

/// Returns `snake_case` as `CamelCase`.
fn camel(snake: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().into_iter().flat_map(char::to_uppercase);
        first.chain(chars).collect::<String>()
    };
    snake.split('_').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_have_names() {
        let mut schemas = Map::new();
        let marked = json!({ "properties": { "code": { "enum": ["too_new"] }, "days": {} } });
        let nested = json!({ "properties": { "title": { "properties": { "word": {} } } } });
        schemas.insert("Sign".to_owned(), json!({ "oneOf": [marked, nested, { "enum": ["a"] }] }));
        complete(&mut schemas);
        let variants = &schemas["Sign"]["oneOf"];
        assert_eq!(variants[0]["title"], "SignTooNew");
        assert_eq!(variants[1]["title"], "SignTitleVariant");
        let part = json!({ "$ref": "#/components/schemas/SignTitle" });
        assert_eq!(variants[1]["properties"]["title"], part);
        assert_eq!(schemas["SignTitle"], json!({ "properties": { "word": {} } }));
        assert!(variants[2].get("title").is_none());
    }
}
