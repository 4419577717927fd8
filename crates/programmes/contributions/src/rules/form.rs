//! The form of a rules document: fields named by the path of a rule, such as `diminishing.after`.

use serde_json::{Map, Number, Value};

use super::{FieldError, parse::SCHEMA_VALUE};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleInput {
    /// A number. Empty for the default.
    Number,
    /// Names, separated by commas.
    Names,
    /// A box to check.
    Choice,
}

/// The rules that have a field of their own, each with its input. The bands of the size bonus and the types have rows.
pub const INPUTS: [(&str, RuleInput); 27] = [
    ("opened", RuleInput::Number),
    ("merged", RuleInput::Number),
    ("rating.5", RuleInput::Number),
    ("rating.4", RuleInput::Number),
    ("rating.3", RuleInput::Number),
    ("rating.2", RuleInput::Number),
    ("rating.1", RuleInput::Number),
    ("tests", RuleInput::Number),
    ("docs", RuleInput::Number),
    ("monthly_cap", RuleInput::Number),
    ("diminishing.after", RuleInput::Number),
    ("diminishing.factor", RuleInput::Number),
    ("diminishing.floor", RuleInput::Number),
    ("frequency.openings", RuleInput::Number),
    ("spam.penalty", RuleInput::Number),
    ("spam.labels", RuleInput::Names),
    ("low_value.deduction", RuleInput::Number),
    ("low_value.below_lines", RuleInput::Number),
    ("low_value.words", RuleInput::Names),
    ("low_value.patches", RuleInput::Choice),
    ("exclude.bots", RuleInput::Choice),
    ("exclude.own_repositories", RuleInput::Choice),
    ("exclude.self_merges", RuleInput::Choice),
    ("exclude.self_requested_merges", RuleInput::Choice),
    ("exclude.bot_reviewers", RuleInput::Names),
    ("minimum_account_age_days", RuleInput::Number),
    ("maturing_days", RuleInput::Number),
];

/// The most rows that are read. The schema allows fewer.
const ROWS: usize = 200;

/// Returns the document that submitted fields state, which may be invalid, and the errors that a document cannot have.
/// Text that is not a number stays text, so that the error quotes it.
#[must_use]
pub fn document_of(fields: &[(String, String)]) -> (Value, Vec<FieldError>) {
    let mut document = Map::new();
    for (path, input) in INPUTS {
        let given = given(fields, path);
        let value = match input {
            RuleInput::Number => given.filter(|text| !text.is_empty()).map(number),
            RuleInput::Names => given.map(names),
            RuleInput::Choice => Some(given.is_some().into()),
        };
        if let Some(value) = value {
            put(&mut document, path, value);
        }
    }
    document.insert("size_bonus".to_owned(), bands(fields));
    let (types, errors) = types(fields);
    document.insert("types".to_owned(), types.into());
    (document.into(), errors)
}

fn bands(fields: &[(String, String)]) -> Value {
    let band = |[lines, points]: [&str; 2]| {
        let parts = [("lines", lines), ("points", points)];
        let stated = parts.into_iter().filter(|(_, text)| !text.is_empty());
        let band = stated.map(|(name, text)| (name.to_owned(), number(text)));
        Value::Object(band.collect())
    };
    rows(fields, "size_bonus", ["lines", "points"]).map(band).collect()
}

fn types(fields: &[(String, String)]) -> (Map<String, Value>, Vec<FieldError>) {
    let (mut types, mut errors) = (Map::new(), Vec::new());
    for [name, factor] in rows(fields, "types", ["name", "factor"]) {
        if types.insert(name.to_owned(), number(factor)).is_some() {
            let pointer = format!("/types/{}", escaped(name));
            let message = format!("The type {name} is listed twice. Keep one of them.");
            errors.push(FieldError::new(pointer, message));
        }
    }
    (types, errors)
}

/// Returns the smallest and the largest number that the schema allows for a rule.
#[must_use]
pub fn range(path: &str) -> Option<(i64, i64)> {
    let pointer = format!("/properties/{}", path.replace('.', "/properties/"));
    let rule = SCHEMA_VALUE.pointer(&pointer)?.get("$ref")?.as_str()?;
    let kind = SCHEMA_VALUE.pointer(rule.strip_prefix('#')?)?;
    Some((kind.get("minimum")?.as_i64()?, kind.get("maximum")?.as_i64()?))
}

/// Returns the text that a form shows for a rule of a document: empty if the document does not state it.
#[must_use]
pub fn text_at(document: &Value, path: &str) -> String {
    let found = document.pointer(&format!("/{}", path.replace('.', "/")));
    found.map_or_else(String::new, text_of)
}

/// Returns the text that a form shows for a value.
#[must_use]
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(names) => names.iter().map(text_of).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Returns a name as a part of a JSON Pointer.
#[must_use]
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn given<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map(|(_, text)| text.trim())
}

/// Returns the rows of a rule that are not empty.
fn rows<'a>(
    fields: &'a [(String, String)],
    rule: &'static str,
    columns: [&'static str; 2],
) -> impl Iterator<Item = [&'a str; 2]> {
    let cell = move |row: usize, column: &str| {
        given(fields, &format!("{rule}.{row}.{column}")).unwrap_or_default()
    };
    (0..ROWS)
        .map(move |row| columns.map(|column| cell(row, column)))
        .filter(|row| row.iter().any(|text| !text.is_empty()))
}

/// Reads a number as it is written, without an exponent.
fn number(text: &str) -> Value {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let read = is_plain.then(|| serde_json::from_str::<Number>(text).ok());
    read.flatten().map_or_else(|| text.into(), Value::Number)
}

fn names(text: &str) -> Value {
    let names = text.split(',').map(str::trim);
    names.filter(|name| !name.is_empty()).collect()
}

fn put(document: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            document.insert(path.to_owned(), value);
        }
        Some((rule, part)) => {
            let rule = document.entry(rule).or_insert_with(|| Map::new().into());
            rule[part] = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(given: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        given.iter().map(owned).collect()
    }

    fn stated(given: &[(&str, &str)]) -> Value {
        document_of(&fields(given)).0
    }

    #[test]
    fn fields_become_a_document() {
        let document = stated(&[
            ("merged", " 60 "),
            ("opened", ""),
            ("docs", "1.15"),
            ("diminishing.floor", "0.3"),
            ("spam.labels", "spam, , Not Useful"),
            ("exclude.bots", "on"),
            ("size_bonus.0.lines", "100"),
            ("size_bonus.0.points", "20"),
            ("size_bonus.1.lines", ""),
            ("size_bonus.1.points", ""),
            ("size_bonus.4.lines", "200"),
            ("types.0.name", "docs"),
            ("types.0.factor", "0.5"),
        ]);
        let expected = json!({
            "merged": 60, "docs": 1.15, "diminishing": { "floor": 0.3 },
            "spam": { "labels": ["spam", "Not Useful"] },
            "exclude": {
                "bots": true, "own_repositories": false, "self_merges": false,
                "self_requested_merges": false,
            },
            "low_value": { "patches": false },
            "size_bonus": [{ "lines": 100, "points": 20 }, { "lines": 200 }],
            "types": { "docs": 0.5 },
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn text_that_is_not_a_number_stays_text() {
        for text in ["fifty", "1e3", "1,5", "007", "--1", ".5", "+1", "٣"] {
            assert_eq!(stated(&[("merged", text)])["merged"], json!(text));
        }
        assert_eq!(stated(&[("merged", "-1")])["merged"], json!(-1));
        assert_eq!(stated(&[("merged", "1.50")])["merged"], json!(1.5));
    }

    #[test]
    fn a_type_that_is_listed_twice_is_an_error() {
        let given = [
            ("types.0.name", "a/b"),
            ("types.0.factor", "1"),
            ("types.3.name", "a/b"),
            ("types.3.factor", "2"),
        ];
        let (_, errors) = document_of(&fields(&given));
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].pointer, "/types/a~1b");
    }

    #[test]
    fn every_rule_has_an_input() {
        let default = serde_json::to_value(crate::rules::RulesDocument::default()).expect("JSON");
        let mut paths = Vec::new();
        for (rule, value) in default.as_object().expect("an object") {
            match value {
                Value::Object(parts) if rule != "types" => {
                    paths.extend(parts.keys().map(|part| format!("{rule}.{part}")));
                }
                _ if ["types", "size_bonus"].contains(&rule.as_str()) => {}
                _ => paths.push(rule.clone()),
            }
        }
        let mut inputs: Vec<_> = INPUTS.map(|(path, _)| path.to_owned()).into();
        inputs.sort_unstable();
        paths.sort_unstable();
        assert_eq!(inputs, paths);
        for (path, input) in INPUTS {
            assert_eq!(range(path).is_some(), input == RuleInput::Number, "{path}");
            let is_empty = text_at(&default, path).is_empty();
            assert_eq!(is_empty, path == "exclude.bot_reviewers", "{path}");
        }
    }
}
