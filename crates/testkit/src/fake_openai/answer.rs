use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    DIMENSIONS, World, refused,
    switches::{Switches, take},
    vector,
};

/// The most texts of one request for vectors.
const MOST_INPUTS: usize = 2_048;

/// Answers a request for a completion.
pub(super) fn complete(world: &mut World, asked: &Value, headers: &HeaderMap) -> Response {
    let schema = &asked["response_format"]["json_schema"]["schema"];
    if asked["response_format"]["type"] != "json_schema" || !schema.is_object() {
        return missing("response_format");
    }
    let messages = asked["messages"].as_array().map_or(&[][..], Vec::as_slice);
    if messages.is_empty() || asked["model"].as_str().is_none_or(str::is_empty) {
        return missing("messages");
    }
    let of = |role: &str| {
        let own = messages.iter().find(|message| message["role"] == role);
        own.and_then(|own| own["content"].as_str()).unwrap_or_default()
    };
    let key = headers.get(header::AUTHORIZATION);
    let key = key.and_then(|key| key.to_str().ok()).unwrap_or_default();
    let content = if take(&mut world.switches.wrong_schema) {
        json!({ "summary": 7, "hints": "none" }).to_string()
    } else {
        written(&world.switches, of("user"), &format!("{} {key}", of("system")))
    };
    let read = tokens(&asked["messages"].to_string());
    let usage = (read, tokens(&content));
    world.usage.completions += 1;
    world.usage.read += usage.0;
    world.usage.written += usage.1;
    let message = json!({ "role": "assistant", "content": content, "refusal": null });
    let mut body = json!({
        "id": format!("chatcmpl-{}", world.usage.completions), "object": "chat.completion", "created": 1_796_000_000,
        "model": asked["model"],
        "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": usage.0, "completion_tokens": usage.1, "total_tokens": usage.0 + usage.1 },
    });
    if world.switches.uncounted {
        body["usage"] = Value::Null;
    }
    Json(body).into_response()
}

fn missing(parameter: &str) -> Response {
    let says = format!("Missing required parameter: '{parameter}'.");
    refused(StatusCode::BAD_REQUEST, "missing_required_parameter", &says)
}

/// Writes an analysis of the issue that a message quotes as JSON.
fn written(switches: &Switches, message: &str, secrets: &str) -> String {
    let issue: Value = serde_json::from_str(message).unwrap_or_default();
    let title = issue["title"].as_str().unwrap_or("an issue");
    let body = issue["body"].as_str().unwrap_or_default();
    let quoted = match (switches.leaked, switches.injected) {
        (true, _) => secrets.to_owned(),
        (false, true) => format!("{title} {body}"),
        (false, false) => String::new(),
    };
    let says = |text: String| if quoted.is_empty() { text } else { quoted.clone() };
    let first = title.split_whitespace().next().unwrap_or("It").to_lowercase();
    let (skills, hours) = if switches.injected {
        (json!([quoted.chars().take(40).collect::<String>(), "root access"]), json!(0.5))
    } else {
        (json!(["reading code", "testing"]), json!(3))
    };
    json!({
        "summary": says(format!("This issue asks for one change: {title}.")),
        "required_skills": skills,
        "estimated_hours": hours,
        "hints": [says(format!("Search the code for \"{first}\".")), says("Read the tests next to it.".to_owned())],
        "challenges": [says("The description names no file.".to_owned())],
        "suggested_approach": says("Write a failing test, make the change, and describe it in the documentation.".to_owned()),
        "confidence_explanation": says("The title is clear, and the description is short.".to_owned()),
    })
    .to_string()
}

/// Answers a request for vectors.
pub(super) fn embeddings(world: &mut World, asked: &Value) -> Response {
    let inputs: Vec<&str> = match &asked["input"] {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => return missing("input"),
    };
    if inputs.is_empty() || inputs.len() > MOST_INPUTS || inputs.iter().any(|text| text.is_empty())
    {
        return missing("input");
    }
    if asked["dimensions"].as_u64().unwrap_or_default() != DIMENSIONS as u64 {
        let says = "This model only makes vectors of 384 dimensions.";
        return refused(StatusCode::BAD_REQUEST, "invalid_value", says);
    }
    let read: u64 = inputs.iter().map(|text| tokens(text)).sum();
    world.usage.embeddings += inputs.len() as u64;
    world.usage.read += read;
    let mut count = DIMENSIONS;
    if take(&mut world.switches.wrong_schema) {
        count = 3;
    }
    let data = inputs.iter().enumerate().map(|(index, text)| {
        let vector = vector(text);
        json!({ "object": "embedding", "index": index, "embedding": &vector[..count] })
    });
    let mut body = json!({
        "object": "list", "data": data.collect::<Vec<_>>(), "model": asked["model"],
        "usage": { "prompt_tokens": read, "total_tokens": read },
    });
    if world.switches.uncounted {
        body["usage"] = Value::Null;
    }
    Json(body).into_response()
}

/// Returns the number of tokens of a text: one for four bytes, as English has about.
fn tokens(text: &str) -> u64 {
    text.len().div_ceil(4) as u64
}
