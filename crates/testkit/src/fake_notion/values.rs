use serde_json::{Value, json};

/// The maximum number of characters of a text.
const LONGEST: usize = 2_000;

/// Returns a property of a database as the API states it.
pub(super) fn property(name: &str, kind: &str, settings: &Value) -> Value {
    let id = match kind {
        "title" => "title".to_owned(),
        _ => name.to_lowercase(),
    };
    json!({ "id": id, "name": name, "type": kind, kind: settings })
}

/// Returns the value of a property of a page as the API states it, or the message of the error. `kind` is the type of the property.
pub(super) fn value(name: &str, kind: &str, given: &Value) -> Result<Value, String> {
    let Some(given) = given.get(kind) else {
        return Err(format!("{name} is expected to be {kind}."));
    };
    let stated = match (kind, given) {
        ("title" | "rich_text", Value::Array(pieces)) => {
            let pieces = pieces.iter().map(|it| piece(name, it));
            Value::Array(pieces.collect::<Result<_, String>>()?)
        }
        ("select" | "date" | "url", Value::Null) => Value::Null,
        ("select", it) => match it["name"].as_str() {
            Some(option) if !option.is_empty() && !option.contains(',') => {
                json!({ "id": option.to_lowercase(), "name": option, "color": "default" })
            }
            _ => return Err(invalid(name)),
        },
        ("date", it) => match it["start"].as_str() {
            Some(start) if start.len() >= 10 => {
                json!({ "start": start, "end": it.get("end"), "time_zone": null })
            }
            _ => return Err(invalid(name)),
        },
        ("url", Value::String(url)) if !url.is_empty() => given.clone(),
        _ => return Err(invalid(name)),
    };
    Ok(json!({ "type": kind, kind: stated }))
}

fn invalid(name: &str) -> String {
    format!("body failed validation: body.properties.{name} is not valid.")
}

fn piece(name: &str, given: &Value) -> Result<Value, String> {
    let content = given["text"]["content"].as_str();
    match content {
        Some(content) if content.chars().count() <= LONGEST => Ok(json!({
            "type": "text", "text": { "content": content, "link": null }, "plain_text": content
        })),
        Some(_) => Err(format!(
            "body failed validation: body.properties.{name}.text.content.length should be ≤ `{LONGEST}`."
        )),
        None => Err(invalid(name)),
    }
}

/// Returns a value of a property as text.
pub(super) fn text(value: &Value) -> String {
    let kind = value["type"].as_str().unwrap_or_default();
    let stated = &value[kind];
    let text = match kind {
        "select" => stated["name"].as_str(),
        "date" => stated["start"].as_str(),
        "url" => stated.as_str(),
        _ => {
            let pieces = stated.as_array().into_iter().flatten();
            return pieces.filter_map(|it| it["plain_text"].as_str()).collect();
        }
    };
    text.unwrap_or_default().to_owned()
}
