use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::access::SignedIn;
use kernel::Problem;
use platform::{
    Context,
    module::Modules,
    web::{List, ListQuery, cursor_after},
};
use serde::Deserialize;
use ui::{
    Address, PageError, PageResult, QueryString,
    format::{Instant, Number, segment},
    redirect, show,
};
use uuid::Uuid;

use super::subjects::subjects;
use crate::{actions, model::Notification, reads};

/// The number of notifications per page.
const ROWS: i64 = 30;

/// The part of the inbox that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InboxQuery {
    show: String,
    after: Option<String>,
}

struct Row {
    id: Uuid,
    title: String,
    /// The name of what it is about, if its title lacks it.
    subject: Option<String>,
    link: String,
    created: Instant,
    is_unread: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    unread: Number,
    only_unread: bool,
    is_first: bool,
    rows: Vec<Row>,
    next: Option<String>,
    now: Instant,
}

/// `GET /inbox`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    SignedIn(viewer): SignedIn,
    QueryString(query): QueryString<InboxQuery>,
) -> PageResult {
    let (db, only_unread) = (&context.db, query.show == "unread");
    let is_first = query.after.is_none();
    let part = ListQuery { limit: None, cursor: query.after };
    let found = reads::inbox(db, viewer.user_id, only_unread, part.place()?, ROWS + 1).await?;
    let found = List::cut(found, ROWS, |news| cursor_after((news.created_at, news.id)));
    let filter = if only_unread { "show=unread&" } else { "" };
    let next = found.next_cursor.as_ref();
    let next = next.map(|cursor| format!("/inbox?{filter}after={}", segment(cursor)));
    let named = subjects(&context, modules, &viewer, &found.items).await?;
    let row = |news: Notification| Row {
        id: news.id,
        subject: named.get(&news.object_id).cloned(),
        title: news.title,
        link: news.link,
        created: Instant(news.created_at),
        is_unread: news.read_at.is_none(),
    };
    show(&InboxPage {
        unread: Number(reads::unread(db, viewer.user_id).await?),
        only_unread,
        is_first,
        rows: found.items.into_iter().map(row).collect(),
        next,
        now: Instant(context.now()),
    })
}

/// `GET /inbox/{id}`: opens what a notification is about, which marks it as read.
pub(super) async fn open(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let found = reads::notification(&context.db, viewer.user_id, id).await?;
    let found = found.ok_or_else(unknown)?;
    if found.read_at.is_none() {
        actions::read(&context, &viewer, id).await?;
    }
    Ok(Redirect::to(own_path(&found.link)).into_response())
}

/// Returns the path of a link; the inbox for one that leads elsewhere.
fn own_path(link: &str) -> &str {
    let is_own = link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/\\");
    if is_own { link } else { "/inbox" }
}

fn unknown() -> Problem {
    let detail = "This notification is not among your notices. See /inbox for the current list.";
    Problem::not_found(detail)
}

/// `POST /inbox/{id}/read`.
pub(super) async fn read(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    if !actions::read(&context, &viewer, id).await? {
        return Err(unknown().into());
    }
    Ok(redirect("/inbox", "Marked as read"))
}

/// `POST /inbox/read`.
pub(super) async fn read_all(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    actions::read_all(&context, &viewer).await?;
    Ok(redirect("/inbox", "All notifications marked as read"))
}
