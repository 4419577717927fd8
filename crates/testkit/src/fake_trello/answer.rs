use axum::{
    Json,
    extract::Query,
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

use super::{BOARD, Card, List, Trello};
use crate::fake_board::{BoardRequest, Service as _, World};

/// Answers a request to the API.
pub(super) fn answer(world: &mut World<Trello>, asked: &BoardRequest) -> Response {
    let body = &asked.body;
    let path = asked.uri.path().trim_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["1", "boards", BOARD, "lists"]) => Json(&world.service.lists).into_response(),
        ("GET", ["1", "boards", BOARD, "cards"]) => page(world, &asked.uri),
        ("POST", ["1", "lists"]) if body["idBoard"] == BOARD => {
            let list = List { id: next_id(world), name: text(&body["name"]) };
            world.service.lists.push(list.clone());
            Json(list).into_response()
        }
        ("POST", ["1", "cards"]) => create(world, body),
        ("PUT", ["1", "cards", id]) => {
            let mut cards = world.service.cards.iter_mut();
            let Some(card) = cards.find(|card| card.id == *id) else {
                return Trello::error(StatusCode::NOT_FOUND);
            };
            change(card, body);
            Json(card.clone()).into_response()
        }
        _ => Trello::error(StatusCode::NOT_FOUND),
    }
}

/// Returns an ID that is greater than all before it.
fn next_id(world: &mut World<Trello>) -> String {
    format!("{:024x}", world.next())
}

/// Returns a page of cards, the newest first, before an ID.
fn page(world: &World<Trello>, uri: &Uri) -> Response {
    let query = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let query = query.map(|query| query.0).unwrap_or_default();
    let value = |name: &str| {
        let mut query = query.iter();
        query.find(|(own, _)| own == name).map(|(_, value)| value)
    };
    let most = value("limit").and_then(|it| it.parse().ok());
    let most = most.unwrap_or(1_000).min(world.switches.largest_page);
    let before = value("before");
    let cards = world.service.cards.iter().rev();
    let cards = cards.filter(|card| before.is_none_or(|before| card.id < *before));
    Json(cards.take(most).collect::<Vec<_>>()).into_response()
}

fn create(world: &mut World<Trello>, body: &Value) -> Response {
    let list = text(&body["idList"]);
    if world.service.lists.iter().all(|own| own.id != list) {
        return (StatusCode::BAD_REQUEST, "invalid value for idList").into_response();
    }
    let mut card = Card {
        id: next_id(world),
        name: String::new(),
        desc: String::new(),
        due: None,
        closed: false,
        list,
    };
    change(&mut card, body);
    world.service.cards.push(card.clone());
    world.created(Json(card).into_response())
}

fn change(card: &mut Card, body: &Value) {
    for (name, field) in
        [("name", &mut card.name), ("desc", &mut card.desc), ("idList", &mut card.list)]
    {
        if let Some(value) = body[name].as_str() {
            value.clone_into(field);
        }
    }
    if let Some(due) = body.get("due") {
        card.due = due.as_str().map(str::to_owned);
    }
    if let Some(closed) = body["closed"].as_bool() {
        card.closed = closed;
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
