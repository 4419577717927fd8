use askama::Template;
use axum::extract::State;
use identity::access::Moderator;
use kernel::Timestamp;
use platform::{
    Context,
    web::{List, cursor_after},
};
use serde::Deserialize;
use ui::{
    PageResult, QueryString, Tag,
    format::{Instant, Number, asked},
    show,
};

use super::{days_left, tag_of};
use crate::{
    api::DisputeSearch,
    model::{DisputeKind, DisputePart},
    reads::{self, DisputeView},
};

/// The number of disputes per page.
const ROWS: i64 = 25;

const PATH: &str = "/admin/disputes";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DisputeCursor {
    after: String,
}

pub(in crate::pages) struct Row {
    pub(in crate::pages) number: i64,
    pub(in crate::pages) heading: &'static str,
    pub(in crate::pages) subject: String,
    opened_by: String,
    pub(in crate::pages) opened: Instant,
    /// The deadline of the open step, with the time that is left.
    pub(in crate::pages) due: Option<(Instant, String)>,
    is_late: bool,
    pub(in crate::pages) state: Tag,
}

impl Row {
    pub(in crate::pages) fn of(dispute: DisputeView, now: Timestamp) -> Self {
        let due = dispute.due_at();
        Self {
            number: dispute.number,
            heading: dispute.kind.heading(),
            state: tag_of(&dispute),
            opened: Instant(dispute.opened_at),
            due: due.map(|due| (Instant(due), days_left(due, now))),
            is_late: due.is_some_and(|due| due < now),
            subject: dispute.subject.label,
            opened_by: dispute.opened_by,
        }
    }
}

struct Tab {
    code: &'static str,
    label: &'static str,
    /// The number of disputes; absent for those that are decided.
    count: Option<Number>,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "disputes.html")]
struct QueuePage {
    tabs: Vec<Tab>,
    kinds: Vec<(DisputeKind, bool)>,
    state: &'static str,
    /// The kind that is listed; empty for all.
    kind: &'static str,
    is_decided: bool,
    is_filtered: bool,
    rows: Vec<Row>,
    is_first: bool,
    next: Option<String>,
    now: Instant,
}

/// `GET /admin/disputes`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Moderator,
    QueryString(search): QueryString<DisputeSearch>,
    QueryString(place): QueryString<DisputeCursor>,
) -> PageResult {
    let (filter, now) = (search.filter()?, context.now());
    let after = ui::paging::place(&place.after)?;
    let found = reads::dispute_queue(&context.db, filter, after, ROWS + 1).await?;
    let found = List::cut(found, ROWS, |dispute| cursor_after(filter.place(dispute)));
    let (disputes, appeals) = reads::open_disputes(&context.db).await?;
    let (state, kind) = (filter.part.code(), filter.kind.map_or("", DisputeKind::as_str));
    let next = found.next_cursor.map(|after| {
        let fields = [("state", state), ("kind", kind), ("after", after.as_str())];
        format!("{PATH}{}", asked(fields))
    });
    show(&QueuePage {
        tabs: tabs(filter.part, disputes, appeals),
        kinds: DisputeKind::ALL.map(|kind| (kind, filter.kind == Some(kind))).into(),
        state,
        kind,
        is_decided: filter.part == DisputePart::Decided,
        is_filtered: filter.kind.is_some(),
        rows: found.items.into_iter().map(|dispute| Row::of(dispute, now)).collect(),
        is_first: place.after.is_empty(),
        next,
        now: Instant(now),
    })
}

fn tabs(current: DisputePart, disputes: i64, appeals: i64) -> Vec<Tab> {
    let parts = [
        (DisputePart::Open, "Open", Some(Number(disputes))),
        (DisputePart::Appealed, "Appeals", Some(Number(appeals))),
        (DisputePart::Decided, "Decided", None),
    ];
    let tab = |(part, label, count): (DisputePart, &'static str, Option<Number>)| Tab {
        code: part.code(),
        label,
        count,
        is_current: part == current,
    };
    parts.map(tab).into()
}
