use std::collections::BTreeMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{DATABASE, Notion, Page, VERSION, failed, values};
use crate::fake_board::{BoardRequest, Service as _, World};

/// The largest part of a list that can be asked for.
const LARGEST_PART: usize = 100;

/// The reason why a request is refused.
pub(super) enum Refusal {
    /// It names another version, or none.
    Version,
    /// The page or database does not exist.
    Missing,
    /// Its body is not valid, for this reason.
    Invalid(String),
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = match &refusal {
            Refusal::Missing => return Notion::error(StatusCode::NOT_FOUND),
            Refusal::Version => ("missing_version", "Notion-Version header failed validation."),
            Refusal::Invalid(message) => ("validation_error", &**message),
        };
        failed(StatusCode::BAD_REQUEST, code, message)
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::Invalid(message.to_owned())
}

/// Returns whether a text is an ID, with or without dashes.
fn is(text: &str, id: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|read| read.to_string() == id)
}

/// Answers a request to the API.
pub(super) fn answer(world: &mut World<Notion>, asked: &BoardRequest) -> Result<Response, Refusal> {
    let version = asked.headers.get("notion-version");
    if version.is_none_or(|version| version != VERSION) {
        return Err(Refusal::Version);
    }
    let body = &asked.body;
    let path = asked.uri.path().trim_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["v1", "databases", id]) if is(id, DATABASE) => Ok(database(&world.service)),
        ("PATCH", ["v1", "databases", id]) if is(id, DATABASE) => {
            for (name, given) in body["properties"].as_object().into_iter().flatten() {
                add_property(&mut world.service, name, given)?;
            }
            Ok(database(&world.service))
        }
        ("POST", ["v1", "databases", id, "query"]) if is(id, DATABASE) => query(world, body),
        ("POST", ["v1", "pages"]) => create(world, body),
        ("PATCH", ["v1", "pages", id]) => change(&mut world.service, id, body),
        _ => Err(Refusal::Missing),
    }
}

fn database(notion: &Notion) -> Response {
    let stated = json!({ "object": "database", "id": DATABASE, "properties": notion.properties });
    Json(stated).into_response()
}

/// Gives the database a property, or a property other settings.
fn add_property(notion: &mut Notion, name: &str, given: &Value) -> Result<(), Refusal> {
    let kinds = ["select", "rich_text", "date", "url"];
    let Some(kind) = kinds.iter().find(|kind| given.get(**kind).is_some()) else {
        return Err(invalid(&format!("{name} has no known type.")));
    };
    let mut settings = given[*kind].clone();
    if *kind == "select" && settings["options"].is_null() {
        settings["options"] = json!([]);
    }
    let property = values::property(name, kind, &settings);
    notion.properties.insert(name.to_owned(), property);
    Ok(())
}

/// Returns a part of the pages that are not archived, in the order of creation.
fn query(world: &World<Notion>, body: &Value) -> Result<Response, Refusal> {
    let size = body["page_size"]
        .as_u64()
        .map_or(LARGEST_PART, |size| usize::try_from(size).unwrap_or(usize::MAX));
    if size > LARGEST_PART {
        return Err(invalid("body failed validation: body.page_size should be ≤ `100`."));
    }
    let pages: Vec<&Page> = world.service.pages.iter().filter(|page| !page.archived).collect();
    let start = match body["start_cursor"].as_str() {
        None => 0,
        Some(cursor) => {
            let start = pages.iter().position(|page| page.id == cursor);
            start.ok_or_else(|| invalid("The start_cursor provided is invalid."))?
        }
    };
    let end = pages.len().min(start + size.min(world.switches.largest_page).max(1));
    let results: Vec<Value> = pages[start..end].iter().map(|page| stated(page)).collect();
    let next = pages.get(end).map(|page| &page.id);
    let part = json!({
        "object": "list", "results": results, "has_more": next.is_some(), "next_cursor": next
    });
    Ok(Json(part).into_response())
}

fn stated(page: &Page) -> Value {
    json!({
        "object": "page", "id": page.id, "archived": page.archived, "properties": page.properties,
        "parent": { "type": "database_id", "database_id": DATABASE },
    })
}

fn create(world: &mut World<Notion>, body: &Value) -> Result<Response, Refusal> {
    let parent = body["parent"]["database_id"].as_str().unwrap_or_default();
    if !is(parent, DATABASE) {
        return Err(Refusal::Missing);
    }
    let properties = properties(&mut world.service, &body["properties"])?;
    let id = Uuid::from_u128(0x4000_8000_0000_0000_0000 + u128::from(world.next()));
    let page = Page { id: id.to_string(), archived: false, properties };
    let answer = Json(stated(&page)).into_response();
    world.service.pages.push(page);
    Ok(world.created(answer))
}

fn change(notion: &mut Notion, id: &str, body: &Value) -> Result<Response, Refusal> {
    let at = notion.pages.iter().position(|page| is(id, &page.id));
    let at = at.ok_or(Refusal::Missing)?;
    let archives = body["archived"].as_bool();
    if notion.pages[at].archived && archives != Some(false) {
        return Err(invalid(
            "Can't edit block that is archived. You must unarchive the block before editing.",
        ));
    }
    let properties = properties(notion, &body["properties"])?;
    let page = &mut notion.pages[at];
    page.properties.extend(properties);
    page.archived = archives.unwrap_or(page.archived);
    Ok(Json(stated(page)).into_response())
}

/// Reads the values of properties. A select gets the options that it lacks.
fn properties(notion: &mut Notion, given: &Value) -> Result<BTreeMap<String, Value>, Refusal> {
    let mut read = BTreeMap::new();
    for (name, given) in given.as_object().into_iter().flatten() {
        let Some(property) = notion.properties.get_mut(name) else {
            return Err(invalid(&format!("{name} is not a property that exists.")));
        };
        let kind = property["type"].as_str().unwrap_or_default().to_owned();
        let value = values::value(name, &kind, given).map_err(Refusal::Invalid)?;
        if let Some(option) = value["select"]["name"].as_str() {
            let options = property["select"]["options"].as_array_mut();
            if let Some(options) = options
                && options.iter().all(|own| own["name"] != option)
            {
                options.push(json!({ "name": option }));
            }
        }
        read.insert(name.clone(), value);
    }
    Ok(read)
}
