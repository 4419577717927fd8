use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{BOARD, Card, KEY, List, Shared, TOKEN, World};

/// Answers a request to the API.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> Response {
    let mut world = shared.world();
    world.calls += 1;
    if let Some(refused) = refused(&mut world, &method, &headers) {
        return refused;
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path = uri.path().trim_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["1", "boards", BOARD, "lists"]) => Json(&world.lists).into_response(),
        ("GET", ["1", "boards", BOARD, "cards"]) => page(&world, &uri),
        ("POST", ["1", "lists"]) if body["idBoard"] == BOARD => {
            let list = List {
                id: world.next_id(),
                name: text(&body["name"]),
            };
            world.lists.push(list.clone());
            Json(list).into_response()
        }
        ("POST", ["1", "cards"]) => create(&mut world, &body),
        ("PUT", ["1", "cards", id]) => {
            let Some(card) = world.cards.iter_mut().find(|card| card.id == *id) else {
                return missing();
            };
            change(card, &body);
            Json(card.clone()).into_response()
        }
        _ => missing(),
    }
}

fn missing() -> Response {
    (
        StatusCode::NOT_FOUND,
        "The requested resource was not found.",
    )
        .into_response()
}

/// Returns the fault that the switches cause for this request.
fn refused(world: &mut World, method: &Method, headers: &HeaderMap) -> Option<Response> {
    let switches = &mut world.switches;
    if switches.errors > 0 {
        switches.errors -= 1;
        return Some((StatusCode::SERVICE_UNAVAILABLE, "Service error").into_response());
    }
    if switches.limited > 0 {
        switches.limited -= 1;
        let wait = [(header::RETRY_AFTER, switches.retry_after.to_string())];
        return Some((StatusCode::TOO_MANY_REQUESTS, wait, "Rate limit exceeded").into_response());
    }
    let known = format!("OAuth oauth_consumer_key=\"{KEY}\", oauth_token=\"{TOKEN}\"");
    let given = headers.get(header::AUTHORIZATION);
    if switches.rejected || given.is_none_or(|given| given != known.as_str()) {
        return Some((StatusCode::UNAUTHORIZED, "invalid token").into_response());
    }
    let is_refused = switches.read_only && *method != Method::GET;
    is_refused.then(|| {
        (
            StatusCode::FORBIDDEN,
            "unauthorized card permission requested",
        )
            .into_response()
    })
}

/// Returns a page of cards, the newest first, before an ID.
fn page(world: &World, uri: &Uri) -> Response {
    let query = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let query = query.map(|query| query.0).unwrap_or_default();
    let value = |name: &str| {
        let mut query = query.iter();
        query.find(|(own, _)| own == name).map(|(_, value)| value)
    };
    let most = value("limit").and_then(|it| it.parse().ok());
    let most = most.unwrap_or(1_000).min(world.switches.largest_page);
    let before = value("before");
    let cards = world.cards.iter().rev();
    let cards = cards.filter(|card| before.is_none_or(|before| card.id < *before));
    Json(cards.take(most).collect::<Vec<_>>()).into_response()
}

fn create(world: &mut World, body: &Value) -> Response {
    let list = text(&body["idList"]);
    if world.lists.iter().all(|own| own.id != list) {
        return (StatusCode::BAD_REQUEST, "invalid value for idList").into_response();
    }
    let mut card = Card {
        id: world.next_id(),
        name: String::new(),
        desc: String::new(),
        due: None,
        closed: false,
        list,
    };
    change(&mut card, body);
    world.cards.push(card.clone());
    if world.switches.lost > 0 {
        world.switches.lost -= 1;
        return (StatusCode::BAD_GATEWAY, "Bad gateway").into_response();
    }
    Json(card).into_response()
}

fn change(card: &mut Card, body: &Value) {
    for (name, field) in [
        ("name", &mut card.name),
        ("desc", &mut card.desc),
        ("idList", &mut card.list),
    ] {
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
    json!(value).as_str().unwrap_or_default().to_owned()
}
