use std::{collections::BTreeSet, ops::Deref};

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use kernel::Problem;
use platform::{
    Context,
    web::{List, WebError},
};
use serde::Deserialize;
use ui::{
    Address, PageError, PageResult, QueryString, Tag,
    format::{Instant, Number, segment},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    actions,
    api::DeliverySearch,
    reads::{self, DeliveryDetail, DeliveryFilter, DeliveryState, DeliveryView},
};

/// The number of deliveries per page.
const ROWS: i64 = 20;
/// The number of failed deliveries before the others.
const DEAD_ROWS: usize = 10;
/// The maximum number of characters shown of a payload.
const SHOWN: usize = 200_000;

/// The cursor of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeliveryQuery {
    before: String,
}

/// The fields of the filter.
struct Search(DeliverySearch);

impl Deref for Search {
    type Target = DeliverySearch;

    fn deref(&self) -> &DeliverySearch {
        &self.0
    }
}

impl Search {
    /// Returns the URL of the same search for another state.
    fn address(&self, state: &str) -> String {
        let fields = [
            ("id", &self.id),
            ("event", &self.event),
            ("repository", &self.repository),
            ("q", &self.q),
        ];
        let mut address = format!("/admin/deliveries?state={state}");
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            address += &format!("&{name}={}", segment(value));
        }
        address
    }
}

struct Row {
    address: String,
    /// The event in words: "Pull request opened".
    event: String,
    repository: String,
    received: Instant,
    state: Tag,
    result: String,
    /// True if `result` is the error of the last attempt.
    is_error: bool,
    is_dead: bool,
    attempts: Number,
}

impl From<DeliveryView> for Row {
    fn from(view: DeliveryView) -> Self {
        let state = match (view.dead_at, view.completed_at) {
            (Some(_), _) => Tag { class: "t-gules", word: "Failed" },
            (None, Some(_)) => Tag { class: "t-vert solid", word: "Done" },
            (None, None) => Tag { class: "t-azure", word: "Pending" },
        };
        let id = view.repository_github_id;
        Self {
            address: format!("/admin/deliveries/{}", segment(&view.delivery_id)),
            event: view.in_words(),
            repository: view
                .repository
                .or_else(|| Some(id?.to_string()))
                .unwrap_or_else(|| "–".to_owned()),
            received: Instant(view.received_at),
            is_error: view.last_error.is_some(),
            result: view.last_error.or(view.outcome).unwrap_or_default(),
            is_dead: view.dead_at.is_some(),
            attempts: Number(view.attempts),
            state,
        }
    }
}

#[derive(Template)]
#[template(path = "deliveries.html")]
struct DeliveriesPage {
    search: Search,
    is_first: bool,
    rows: Vec<Row>,
    next: Option<String>,
    dead: Number,
    waiting: Number,
    /// True if the first rows are failed deliveries of which there are more.
    has_more_dead: bool,
    now: Instant,
}

/// `GET /admin/deliveries`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    QueryString(search): QueryString<DeliverySearch>,
    QueryString(query): QueryString<DeliveryQuery>,
) -> PageResult {
    let mut filter = search.filter(Uuid::try_parse(&query.before).ok())?;
    let search = Search(search);
    let is_first = query.before.is_empty();
    // Without a state, failed deliveries come first, on the first page.
    let mut dead = Vec::new();
    if filter.state.is_none() && is_first {
        let failed = DeliveryFilter { state: Some(DeliveryState::Dead), ..filter.clone() };
        dead = reads::find_deliveries(&context.db, &failed, DEAD_ROWS as i64 + 1).await?;
    }
    let has_more_dead = dead.len() > DEAD_ROWS;
    dead.truncate(DEAD_ROWS);
    filter.without_dead = filter.state.is_none();
    let found = reads::find_deliveries(&context.db, &filter, ROWS + 1).await?;
    let inbox = reads::inbox(&context.db).await?;
    let found = List::cut(found, ROWS, |row| row.id.to_string());
    let next = found.next_cursor.as_ref();
    let next = next.map(|id| format!("{}&before={id}", search.address(&search.state)));
    show(&DeliveriesPage {
        is_first,
        search,
        rows: dead.into_iter().chain(found.items).map(Into::into).collect(),
        next,
        dead: Number(inbox.dead),
        waiting: Number(inbox.undone),
        has_more_dead,
        now: Instant(context.now()),
    })
}

#[derive(Template)]
#[template(path = "delivery.html")]
struct DeliveryPage {
    row: Row,
    hook: String,
    size: Number,
    payload: Option<String>,
    is_cut: bool,
}

/// `GET /admin/deliveries/{id}`.
pub(super) async fn show_one(
    State(context): State<Context>,
    _: Admin,
    Address(id): Address<String>,
) -> PageResult {
    let detail = reads::delivery(&context.db, &id).await?.ok_or_else(|| {
        Problem::not_found("Unknown delivery. Search for it at /admin/deliveries.")
    })?;
    let DeliveryDetail { view, hook_id, body_size, body } = detail;
    let payload = body.map(formatted);
    show(&DeliveryPage {
        row: view.into(),
        hook: hook_id.map_or("–".to_owned(), |id| id.to_string()),
        size: Number(body_size),
        is_cut: payload.as_ref().is_some_and(|payload| payload.chars().nth(SHOWN).is_some()),
        payload: payload.map(|payload| payload.chars().take(SHOWN).collect()),
    })
}

/// Formats JSON with a line per field, and leaves anything else as received.
fn formatted(body: String) -> String {
    let read = serde_json::from_str::<serde_json::Value>(&body);
    let written = read.and_then(|json| serde_json::to_string_pretty(&json));
    written.unwrap_or(body)
}

/// `POST /admin/deliveries/{id}/retry`.
pub(super) async fn retry(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(id): Address<String>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let to = format!("/admin/deliveries/{}", segment(&id));
    let retried = actions::retry(&context, actor, &BTreeSet::from([id])).await;
    retried.map_err(WebError::from)?;
    Ok(redirect(&to, "The delivery is queued again"))
}

/// `POST /admin/deliveries/retry-dead`.
pub(super) async fn retry_dead(
    State(context): State<Context>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let count = actions::retry_all_dead(&context, actor).await?;
    let queued = Number(i64::try_from(count).unwrap_or(i64::MAX)).of("delivery", "deliveries");
    Ok(redirect("/admin/deliveries", &format!("{queued} queued again")))
}
