use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    alerts::{self, Alert, Severity},
    outbox::{
        EMAIL, PUSH, SLACK, SMS, WEBHOOK,
        search::{self, ChannelCounts, Filter, Sent, State as MessageState},
    },
    web::{List, WebError},
};
use serde::Deserialize;
use ui::{
    Address, PageError, PageResult, QueryString, Tag,
    csv::{self, Cell},
    download::{BATCH, Batch, next_batch},
    format::{Instant, Number, asked},
    redirect, show,
};
use uuid::Uuid;

use crate::reads::messages::{self, MessageLine, MessageSearch};

/// Messages on a page.
const ROWS: i64 = 50;
/// Maximum number of alerts on the page.
const ALERTS: i64 = 10;
/// Maximum number of alerts in an export.
const ALL_ALERTS: i64 = 10_000;

/// Channels and their names on pages.
const CHANNELS: [(&str, &str); 5] = [
    (EMAIL, "Email"),
    (PUSH, "Browser"),
    (WEBHOOK, "Webhook"),
    (SLACK, "Slack"),
    (SMS, "Text message"),
];

fn name_of(channel: &str) -> &str {
    let known = CHANNELS.iter().find(|(code, _)| *code == channel);
    known.map_or(channel, |(_, name)| name)
}

/// The cursor of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MessageQuery {
    before: String,
}

struct ChannelRow {
    code: String,
    name: String,
    waiting: Number,
    done: Number,
    dead: Number,
}

impl From<ChannelCounts> for ChannelRow {
    fn from(held: ChannelCounts) -> Self {
        Self {
            name: name_of(&held.channel).to_owned(),
            code: held.channel,
            waiting: Number(held.waiting),
            done: Number(held.done),
            dead: Number(held.dead),
        }
    }
}

struct AlertRow {
    state: Tag,
    title: String,
    detail: String,
    link: String,
    severity: &'static str,
    began: Instant,
    notifications: Number,
    over: Option<Instant>,
}

impl From<Alert> for AlertRow {
    fn from(alert: Alert) -> Self {
        let class = match alert.severity {
            Severity::Critical | Severity::High => "t-gules",
            Severity::Medium => "t-or",
        };
        let state = match alert.resolved_at {
            None => Tag { class, word: "Ongoing" },
            Some(_) => Tag { class: "t-sable", word: "Resolved" },
        };
        Self {
            state,
            title: alert.title,
            detail: alert.detail,
            link: alert.link,
            severity: alert.severity.as_str(),
            began: Instant(alert.created_at),
            notifications: Number(alert.alerts_sent),
            over: alert.resolved_at.map(Instant),
        }
    }
}

struct Row {
    id: Uuid,
    state: Tag,
    is_dead: bool,
    /// True if it is not sent before a later time.
    is_later: bool,
    kind: String,
    person: String,
    channel: String,
    written: Instant,
    result: String,
}

impl Row {
    fn of(line: MessageLine, now: Timestamp) -> Self {
        let MessageLine { sent, recipient } = line;
        let state = match sent.state() {
            MessageState::Dead => Tag { class: "t-gules", word: "Failed" },
            MessageState::Done => Tag { class: "t-vert solid", word: "Sent" },
            MessageState::GivenUp => Tag { class: "t-sable", word: "Given up" },
            MessageState::Waiting => Tag { class: "t-azure", word: "Queued" },
        };
        Self {
            id: sent.id,
            state,
            is_dead: sent.dead_at.is_some(),
            is_later: is_later(&sent, now),
            kind: sent.kind,
            person: recipient,
            channel: name_of(&sent.channel).to_owned(),
            written: Instant(sent.created_at),
            result: sent.last_error.or(sent.outcome).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "messages.html")]
struct NotificationsPage {
    search: MessageSearch,
    /// The search as a query string.
    asked: String,
    channels: Vec<ChannelRow>,
    alerts: Vec<AlertRow>,
    is_first: bool,
    rows: Vec<Row>,
    /// True if one of them was tried, and waits to be tried again.
    has_later: bool,
    next: Option<String>,
    now: Instant,
}

/// `GET /admin/notifications`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    QueryString(search): QueryString<MessageSearch>,
    QueryString(query): QueryString<MessageQuery>,
) -> PageResult {
    let before = Uuid::try_parse(&query.before).ok();
    let filter = search.filter(&context, before).await;
    let filter = filter.map_err(WebError::from)?;
    let found = messages::lines(&context, &filter, ROWS + 1).await?;
    let found = List::cut(found, ROWS, |line| line.sent.id.to_string());
    let asked = asked(search.fields());
    let next = found.next_cursor.as_ref();
    let held = search::held(&context.db).await?;
    let latest = alerts::latest(&context.db, ALERTS).await?;
    let now = context.now();
    show(&NotificationsPage {
        channels: held.into_iter().map(Into::into).collect(),
        alerts: latest.into_iter().map(Into::into).collect(),
        is_first: before.is_none(),
        now: Instant(now),
        next: next.map(|before| format!("/admin/notifications?before={before}{asked}")),
        asked,
        search,
        has_later: found
            .items
            .iter()
            .any(|line| line.sent.attempts > 0 && is_later(&line.sent, now)),
        rows: found.items.into_iter().map(|line| Row::of(line, now)).collect(),
    })
}

fn is_later(sent: &Sent, now: Timestamp) -> bool {
    sent.due_at.is_some_and(|due| due > now)
}

/// `POST /admin/notifications/{id}/retry`.
pub(super) async fn retry(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let retried = search::retry(&context, actor, id).await;
    retried.map_err(WebError::from)?;
    Ok(redirect("/admin/notifications", "The message is queued again"))
}

/// `GET /admin/notifications/messages.csv`: every message that matches the search.
pub(super) async fn csv(
    State(context): State<Context>,
    _: Admin,
    QueryString(search): QueryString<MessageSearch>,
) -> Result<Response, PageError> {
    let filter = search.filter(&context, None).await;
    let filter = filter.map_err(WebError::from)?;
    let read = move |filter| batch(context.clone(), filter);
    Ok(csv::streamed("messages", &HEAD, filter, read))
}

const HEAD: [&str; 11] = [
    "id",
    "created_at",
    "recipient",
    "kind",
    "channel",
    "state",
    "attempts",
    "due_at",
    "ended_at",
    "outcome",
    "error",
];

fn csv_line(line: MessageLine) -> String {
    let MessageLine { sent, recipient } = line;
    let state = sent.state().as_str();
    csv::line(&[
        sent.id.to_string().into(),
        sent.created_at.into(),
        recipient.into(),
        sent.kind.into(),
        sent.channel.into(),
        state.into(),
        sent.attempts.into(),
        sent.due_at.into(),
        sent.completed_at.or(sent.dead_at).into(),
        sent.outcome.unwrap_or_default().into(),
        sent.last_error.unwrap_or_default().into(),
    ])
}

async fn batch(context: Context, filter: Filter) -> Batch<Filter> {
    let lines = messages::lines(&context, &filter, BATCH).await?;
    let next = next_batch(&lines, |line| Filter { before: Some(line.sent.id), ..filter });
    Ok((lines.into_iter().map(csv_line).collect(), next))
}

/// `GET /admin/notifications/alerts.csv`.
pub(super) async fn alerts_csv(
    State(context): State<Context>,
    _: Admin,
) -> Result<Response, PageError> {
    let head = [
        "id",
        "kind",
        "subject",
        "severity",
        "title",
        "started_at",
        "last_sent_at",
        "alerts_sent",
        "resolved_at",
    ];
    let latest = alerts::latest(&context.db, ALL_ALERTS).await?;
    let rows = latest.into_iter().map(|alert| -> [Cell; 9] {
        [
            alert.id.to_string().into(),
            alert.kind.into(),
            alert.subject.into(),
            alert.severity.as_str().into(),
            alert.title.into(),
            alert.created_at.into(),
            alert.last_sent_at.into(),
            alert.alerts_sent.into(),
            alert.resolved_at.into(),
        ]
    });
    Ok(csv::file("alerts", head, rows))
}
