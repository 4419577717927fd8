use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, FakeNotion, TOKEN, VERSION};

/// Sends a request with the token; returns the status and the body.
async fn ask(fake: &FakeNotion, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Client::new()
        .request(method, format!("{}{path}", fake.url()))
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("notion-version", VERSION)
        .body(body.to_string());
    let answer = request.send().await.expect("sent");
    let status = answer.status();
    let text = answer.text().await.expect("read");
    (status, serde_json::from_str(&text).expect("JSON"))
}

fn page(properties: &Value) -> Value {
    json!({ "parent": { "database_id": DATABASE.replace('-', "") }, "properties": properties })
}

fn named(name: &str) -> Value {
    page(&json!({ "Name": { "title": [{ "text": { "content": name } }] } }))
}

#[tokio::test]
async fn pages_are_created_and_read_by_parts() {
    let fake = FakeNotion::start().await.expect("a free port");
    let unknown = Client::new().get(format!("{}/v1/databases/{DATABASE}", fake.url()));
    assert_eq!(unknown.send().await.expect("sent").status(), StatusCode::UNAUTHORIZED);
    for name in ["a", "b", "c"] {
        let (status, _) = ask(&fake, Method::POST, "/v1/pages", named(name)).await;
        assert_eq!(status, StatusCode::OK);
    }
    let first = fake.pages()[0].id.clone();
    let path = format!("/v1/pages/{first}");
    let archived = json!({ "archived": true });
    let (status, _) = ask(&fake, Method::PATCH, &path, archived.clone()).await;
    assert_eq!(status, StatusCode::OK);
    let (status, refused) = ask(&fake, Method::PATCH, &path, archived).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(refused["code"], "validation_error");
    fake.switch(|switches| switches.largest_page = 1);
    let query = format!("/v1/databases/{DATABASE}/query");
    let (_, part) = ask(&fake, Method::POST, &query, json!({ "page_size": 100 })).await;
    assert_eq!(part["has_more"], true);
    let rest = json!({ "start_cursor": part["next_cursor"] });
    let (_, rest) = ask(&fake, Method::POST, &query, rest).await;
    assert_eq!(rest["has_more"], false);
    let title = &rest["results"][0]["properties"]["Name"]["title"];
    assert_eq!(title[0]["plain_text"], "c");
    let (status, _) = ask(&fake, Method::POST, &query, json!({ "page_size": 101 })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn properties_are_added_and_checked() {
    let fake = FakeNotion::start().await.expect("a free port");
    let status = json!({ "Status": { "select": { "name": "Open" } } });
    let (refused, error) = ask(&fake, Method::POST, "/v1/pages", page(&status)).await;
    assert_eq!(refused, StatusCode::BAD_REQUEST);
    assert_eq!(error["message"], "Status is not a property that exists.");
    let added = json!({ "properties": { "Status": { "select": {} }, "Task": { "url": {} } } });
    let path = format!("/v1/databases/{DATABASE}");
    let (_, database) = ask(&fake, Method::PATCH, &path, added).await;
    assert_eq!(database["properties"]["Task"]["type"], "url");
    let (created, _) = ask(&fake, Method::POST, "/v1/pages", page(&status)).await;
    assert_eq!(created, StatusCode::OK);
    assert_eq!(fake.pages()[0].text("Status"), "Open");
    let (_, database) = ask(&fake, Method::GET, &path, Value::Null).await;
    let options = &database["properties"]["Status"]["select"]["options"];
    assert_eq!(options[0]["name"], "Open");
    for wrong in [
        json!({ "Status": { "url": "https://guild.example" } }),
        json!({ "Task": { "url": "" } }),
        json!({ "Name": { "title": [{ "text": { "content": "a".repeat(2_001) } }] } }),
    ] {
        let (refused, _) = ask(&fake, Method::POST, "/v1/pages", page(&wrong)).await;
        assert_eq!(refused, StatusCode::BAD_REQUEST, "{wrong}");
    }
}
