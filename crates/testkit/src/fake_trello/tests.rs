use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::{BOARD, FakeTrello, KEY, TOKEN};

#[tokio::test]
async fn cards_are_created_in_lists_and_read_by_pages() {
    let fake = FakeTrello::start().await.expect("a free port");
    let client = Client::new();
    let auth = format!("OAuth oauth_consumer_key=\"{KEY}\", oauth_token=\"{TOKEN}\"");
    let at = |path: &str| format!("{}{path}", fake.url());
    let body = |value: Value| value.to_string();
    let unknown = client.get(at(&format!("/1/boards/{BOARD}/lists"))).send();
    assert_eq!(unknown.await.expect("sent").status(), StatusCode::UNAUTHORIZED);
    let list = client
        .post(at("/1/lists"))
        .header("authorization", &auth)
        .body(body(json!({ "name": "Open", "idBoard": BOARD })));
    assert_eq!(list.send().await.expect("sent").status(), StatusCode::OK);
    let list = fake.lists()[0].id.clone();
    for name in ["a", "b", "c"] {
        let card = client
            .post(at("/1/cards"))
            .header("authorization", &auth)
            .body(body(json!({ "name": name, "idList": list })));
        assert_eq!(card.send().await.expect("sent").status(), StatusCode::OK);
    }
    fake.switch(|switches| switches.largest_page = 2);
    let cards = fake.cards();
    let path = format!("/1/boards/{BOARD}/cards?limit=1000");
    for (path, names) in
        [(path.clone(), vec!["c", "b"]), (format!("{path}&before={}", cards[1].id), vec!["a"])]
    {
        let page = client.get(at(&path)).header("authorization", &auth);
        let page = page.send().await.expect("sent").text().await.expect("read");
        let page: Vec<Value> = serde_json::from_str(&page).expect("cards");
        let found: Vec<_> = page.iter().map(|card| card["name"].as_str()).collect();
        assert_eq!(found, names.into_iter().map(Some).collect::<Vec<_>>());
    }
}
