use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    audit::{Entry, Filter},
    module::{AuditKind, Modules},
    web::{List, ListQuery, WebError, cursor_after},
};
use recognition::Programmes;
use serde::Deserialize;
use ui::{
    PageError, PageResult, QueryString,
    csv::{self, Cell},
    download::{self, BATCH, Batch, Format, next_batch},
    format::{Instant, asked},
    show,
};
use uuid::Uuid;

use crate::{
    api::AuditLogEntry,
    audit::{self, AuditLine, AuditSearch, ShownEntry},
};

/// Entries on a page.
const ROWS: i64 = 40;

/// The cursor of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AuditQuery {
    after: Option<String>,
}

struct Row {
    at: Instant,
    shown: ShownEntry,
    reason: String,
    /// The network of the request; its ID is in the exports.
    network: String,
}

impl From<ShownEntry> for Row {
    fn from(shown: ShownEntry) -> Self {
        Self {
            at: Instant(shown.entry.created_at),
            reason: shown.entry.reason.clone().unwrap_or_default(),
            network: shown.entry.ip_prefix.clone().unwrap_or_default(),
            shown,
        }
    }
}

#[derive(Template)]
#[template(path = "admin_audit.html")]
struct AuditPage {
    search: AuditSearch,
    actions: Vec<AuditKind>,
    /// The search as a query string.
    asked: String,
    is_first: bool,
    rows: Vec<Row>,
    next: Option<String>,
    now: Instant,
}

/// `GET /admin/audit`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    Extension(programmes): Extension<Programmes>,
    _: Admin,
    QueryString(search): QueryString<AuditSearch>,
    QueryString(query): QueryString<AuditQuery>,
) -> PageResult {
    let is_first = query.after.is_none();
    let list = ListQuery { limit: None, cursor: query.after };
    let filter = search.filter(&context, list.place()?).await;
    let filter = filter.map_err(WebError::from)?;
    let found = audit::shown(&context, modules, programmes, &filter, ROWS + 1).await?;
    let found = List::cut(found, ROWS, |shown| cursor_after(place(&shown.entry)));
    let asked = asked(search.fields());
    let next = found.next_cursor.as_ref();
    let mut actions = modules.audit();
    actions.sort_by_key(|kind| kind.says);
    show(&AuditPage {
        actions,
        is_first,
        next: next.map(|after| format!("/admin/audit?after={after}{asked}")),
        asked,
        search,
        now: Instant(context.now()),
        rows: found.items.into_iter().map(Into::into).collect(),
    })
}

fn place(entry: &Entry) -> (Timestamp, Uuid) {
    (entry.created_at, entry.id)
}

/// `GET /admin/audit/log.csv`: every entry that matches the search.
pub(super) async fn csv(
    State(context): State<Context>,
    _: Admin,
    QueryString(search): QueryString<AuditSearch>,
) -> Result<Response, PageError> {
    let filter = search.filter(&context, None).await;
    let filter = filter.map_err(WebError::from)?;
    let read = move |filter| batch(context.clone(), filter, csv_line);
    Ok(csv::streamed(NAME, &HEAD, filter, read))
}

/// `GET /admin/audit/log.jsonl`: every entry that matches the search, as in the API.
pub(super) async fn jsonl(
    State(context): State<Context>,
    _: Admin,
    QueryString(search): QueryString<AuditSearch>,
) -> Result<Response, PageError> {
    let filter = search.filter(&context, None).await;
    let filter = filter.map_err(WebError::from)?;
    let read = move |filter| batch(context.clone(), filter, json_line);
    Ok(download::streamed(NAME, Format::JsonLines, String::new(), filter, read))
}

/// The name of an export.
const NAME: &str = "audit-log";

const HEAD: [&str; 11] = [
    "at",
    "actor",
    "action",
    "target_kind",
    "target_id",
    "target",
    "before",
    "after",
    "reason",
    "request_id",
    "network",
];

fn csv_line(line: AuditLine) -> String {
    let entry = line.entry;
    let text = |text: Option<String>| Cell::from(text.unwrap_or_default());
    csv::line(&[
        entry.created_at.into(),
        line.actor.into(),
        entry.action.into(),
        entry.target_kind.into(),
        entry.target_id.to_string().into(),
        line.target.into(),
        text(entry.before),
        text(entry.after),
        text(entry.reason),
        text(entry.request_id),
        text(entry.ip_prefix),
    ])
}

fn json_line(line: AuditLine) -> String {
    let line = serde_json::json!(AuditLogEntry::from(line));
    format!("{line}\n")
}

async fn batch(context: Context, filter: Filter, write: fn(AuditLine) -> String) -> Batch<Filter> {
    let lines = audit::lines(&context, &filter, BATCH).await?;
    let next = next_batch(&lines, |line| Filter { after: Some(place(&line.entry)), ..filter });
    Ok((lines.into_iter().map(write).collect(), next))
}
