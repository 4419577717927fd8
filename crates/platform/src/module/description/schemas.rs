//! The schemas of the API's description, as programs that generate clients need them.

use serde_json::{Map, Value, json};
use utoipa::PartialSchema as _;

use crate::{
    module::ProblemCode,
    web::{PROBLEMS_PAGE, ProblemBody},
};

const SCHEMAS: &str = "#/components/schemas/";

/// Completes the schemas that the routes describe.
pub(super) fn complete(schemas: &mut Map<String, Value>) {
    let mut parts = Map::new();
    complete_lists(schemas);
    for (name, schema) in schemas.iter_mut() {
        simplify(schema);
        name_variants(name, schema, &mut parts);
    }
    schemas.extend(parts);
}

/// Returns the schema of the rows of a list, which utoipa calls `List_Row`, or `All_Row` if it has no pages.
fn row_of(list: &str) -> Option<&str> {
    list.strip_prefix("List_").or(list.strip_prefix("All_"))
}

/// Names the lists after their rows, whose schema and example they use: `RowList`.
fn complete_lists(schemas: &mut Map<String, Value>) {
    let lists: Vec<String> =
        schemas.keys().filter(|name| row_of(name).is_some()).cloned().collect();
    for name in lists {
        let Some((row, mut list)) = row_of(&name).zip(schemas.remove(&name)) else {
            continue;
        };
        list["properties"]["items"]["items"] = json!({ "$ref": format!("{SCHEMAS}{row}") });
        if let Some(example) = schemas.get(row).and_then(|row| row.get("example")) {
            list["example"] = match list["properties"].get("next_cursor") {
                Some(_) => json!({ "items": [example], "next_cursor": null }),
                None => json!({ "items": [example] }),
            };
        }
        let other = schemas.insert(format!("{row}List"), list);
        assert!(other.is_none(), "lists of {row} are both paged and not: rename one row");
    }
}

/// Refers to the lists by the names that they have now.
pub(super) fn refer_to_lists(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(row) = text.strip_prefix(SCHEMAS).and_then(row_of) {
                *text = format!("{SCHEMAS}{row}List");
            }
        }
        Value::Array(all) => all.iter_mut().for_each(refer_to_lists),
        Value::Object(fields) => fields.values_mut().for_each(refer_to_lists),
        _ => {}
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
            let reference = json!({ "$ref": format!("{SCHEMAS}{part}") });
            parts.insert(part, std::mem::replace(value, reference));
        }
        if let Some(title) = title {
            variant["title"] = title.into();
        }
    }
}

/// Returns `snake_case` as `CamelCase`.
fn camel(snake: &str) -> String {
    snake.split('_').map(kernel::capitalized).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_named_after_their_rows() {
        let list = json!({ "properties": { "items": { "items": {} }, "next_cursor": {} } });
        let mut schemas = Map::new();
        schemas.insert("List_Row".to_owned(), list);
        schemas.insert("Row".to_owned(), json!({ "example": 7 }));
        complete(&mut schemas);
        let (list, row) = (&schemas["RowList"], json!({ "$ref": "#/components/schemas/Row" }));
        assert_eq!(list["properties"]["items"]["items"], row);
        assert_eq!(list["example"], json!({ "items": [7], "next_cursor": null }));
        let mut reference = json!([{ "$ref": "#/components/schemas/List_Row" }]);
        refer_to_lists(&mut reference);
        assert_eq!(reference[0]["$ref"], "#/components/schemas/RowList");
    }

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
