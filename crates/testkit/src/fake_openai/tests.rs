use serde_json::{Value, json};

use super::*;

async fn post(fake: &FakeOpenai, path: &str, key: &str, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new().post(format!("{}{path}", fake.url()));
    let response = request.bearer_auth(key).json(body).send().await.expect("sent");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or_default())
}

fn question() -> Value {
    json!({
        "model": "m", "messages": [
            { "role": "system", "content": "Analyze." },
            { "role": "user", "content": "{\"title\": \"Sort stations\", \"body\": \"\"}" },
        ],
        "response_format": { "type": "json_schema", "json_schema": { "name": "a", "schema": {} } },
    })
}

#[tokio::test]
async fn a_key_is_needed_and_faults_end() {
    let fake = FakeOpenai::start().await.expect("a port");
    let path = "/chat/completions";
    let (status, body) = post(&fake, path, "wrong", &question()).await;
    assert_eq!((status, &body["error"]["code"]), (401, &json!("invalid_api_key")));
    fake.switch(|switches| (switches.limited, switches.errors) = (1, 1));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(post(&fake, path, KEY, &question()).await.0);
    }
    assert_eq!(statuses, [429, 503, 200]);
    let (status, _) = post(&fake, path, KEY, &json!({ "model": "m" })).await;
    assert_eq!(status, 400);
    assert_eq!((fake.usage().requests, fake.usage().completions), (5, 1));
}

#[tokio::test]
async fn an_answer_has_the_form_of_the_api() {
    let fake = FakeOpenai::start().await.expect("a port");
    let (_, body) = post(&fake, "/chat/completions", KEY, &question()).await;
    let content = body["choices"][0]["message"]["content"].as_str().expect("text");
    let content: Value = serde_json::from_str(content).expect("JSON");
    assert!(content["summary"].as_str().is_some_and(|text| text.contains("Sort stations")));
    assert!(body["usage"]["prompt_tokens"].as_u64().is_some_and(|count| count > 0));
    let input = json!({ "model": "e", "input": ["a crash", "a panic"], "dimensions": 384 });
    let (_, body) = post(&fake, "/embeddings", KEY, &input).await;
    assert_eq!(body["data"][0]["embedding"], body["data"][1]["embedding"]);
    assert_eq!(body["data"][1]["index"], 1);
}

#[test]
fn synonyms_are_near_and_other_words_are_not() {
    let near = |a: &str, b: &str| {
        let (a, b) = (vector(a), vector(b));
        a.iter().zip(&b).map(|(x, y)| x * y).sum::<f32>()
    };
    assert!(near("the parser panics", "syntax crash") > 0.95);
    assert!(near("sort stations", "order stations") > 0.95);
    assert!(near("tide tables", "login button").abs() < 0.3);
    for text in ["", "the", "naïve café", "x"] {
        let length = near(text, text);
        assert!((length - 1.0).abs() < 1e-4, "{text}: {length}");
    }
}
