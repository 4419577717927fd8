//! Changes in the audit log, in words.

use std::collections::HashMap;

use platform::audit::Entry;
use serde_json::Value;
use uuid::Uuid;

use crate::model::UserId;

/// Describes what changed, such as "role: user → role: moderator", with people by name. IDs of other things are left out.
#[must_use]
pub fn change_in_words(entry: &Entry, names: &HashMap<UserId, String>) -> String {
    let said = |json: &Option<String>| {
        let said = json.as_deref().map(|json| words(json, names));
        said.filter(|said| !said.is_empty())
    };
    match (said(&entry.before), said(&entry.after)) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (before, after) => before.or(after).unwrap_or_default(),
    }
}

/// Writes the fields of a JSON object as words.
fn words(json: &str, names: &HashMap<UserId, String>) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str(json) else {
        return json.to_owned();
    };
    let field = |(name, value): (&String, &Value)| {
        Some(format!("{}: {}", name.replace('_', " "), value_in_words(value, names)?))
    };
    fields.iter().filter_map(field).collect::<Vec<_>>().join(", ")
}

/// Writes a value as words; `None` for the ID of something that is no person.
fn value_in_words(value: &Value, names: &HashMap<UserId, String>) -> Option<String> {
    match value {
        Value::String(text) => match person_in(value) {
            Some(id) => names.get(&id).cloned(),
            None => Some(text.clone()),
        },
        Value::Null => Some("none".to_owned()),
        Value::Array(items) if items.is_empty() => Some("none".to_owned()),
        Value::Array(items) => {
            let items = items.iter().filter_map(|item| value_in_words(item, names));
            let words = items.collect::<Vec<_>>().join(" ");
            Some(words).filter(|words| !words.is_empty())
        }
        other => Some(other.to_string()),
    }
}

fn person_in(value: &Value) -> Option<UserId> {
    Uuid::try_parse(value.as_str()?).ok().map(UserId::new)
}

/// Returns the IDs in the values before and after, which may be people's.
#[must_use]
pub fn people_in(entry: &Entry) -> Vec<Uuid> {
    let values = [&entry.before, &entry.after].into_iter().flatten();
    let objects = values.filter_map(|json| serde_json::from_str::<Value>(json).ok());
    let mut ids = Vec::new();
    for object in objects {
        let fields = object.as_object().into_iter().flat_map(|fields| fields.values());
        for value in fields {
            let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            ids.extend(items.iter().filter_map(person_in).map(|id| id.0));
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_in_words() {
        let id = Uuid::from_u128(7);
        let names = HashMap::from([(UserId::new(id), "Wren Oak".to_owned())]);
        let other = Uuid::from_u128(8);
        for (json, said) in [
            (r#"{"role":"moderator"}"#.to_owned(), "role: moderator"),
            (format!(r#"{{"person":"{id}"}}"#), "person: Wren Oak"),
            (format!(r#"{{"from":"{other}","pull_requests":["{other}"],"score":3}}"#), "score: 3"),
            (
                r#"{"ends_at":null,"rollout_percent":40}"#.to_owned(),
                "ends at: none, rollout percent: 40",
            ),
            (format!(r#"{{"people":["{id}"],"roles":[]}}"#), "people: Wren Oak, roles: none"),
            ("plain".to_owned(), "plain"),
        ] {
            assert_eq!(words(&json, &names), said);
        }
    }
}
