//! All work that waits for a person, in one list by deadline.

use askama::Template;
use axum::{Extension, extract::State};
use kernel::Timestamp;
use platform::{
    Context,
    work::{Due, KeptWork, Task, WorkCount},
};
use serde::Deserialize;
use ui::{PageResult, QueryString, TaskView, format::Number, show};

use crate::{access::SignedIn, rules::lede};

/// The number of tasks on a page.
const ROWS: usize = 25;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WorkQuery {
    kind: String,
    due: String,
    page: String,
}

struct KindFilter {
    label: &'static str,
    code: &'static str,
    count: Number,
    is_current: bool,
}

/// The tasks of which a part of the time is left.
struct DueFilter {
    due: Due,
    count: Number,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "work.html")]
struct WorkPage {
    /// The most urgent task in a sentence.
    says: &'static str,
    lede: String,
    /// The number of all tasks.
    total: Number,
    kinds: Vec<KindFilter>,
    /// The code of the chosen kind; empty for all.
    kind: String,
    /// The chosen part of the time.
    due: Option<Due>,
    dues: Vec<DueFilter>,
    /// The next task, with the only primary button; on the first page only.
    next: Option<TaskView>,
    rows: Vec<TaskView>,
    before: Option<usize>,
    after: Option<usize>,
}

/// `GET /work`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(_): SignedIn,
    kept: Option<Extension<KeptWork>>,
    QueryString(query): QueryString<WorkQuery>,
) -> PageResult {
    let work = kept.map(|Extension(kept)| kept).unwrap_or_default();
    show(&WorkPage::of(&work, &query, context.now()))
}

impl WorkPage {
    fn of(work: &KeptWork, query: &WorkQuery, now: Timestamp) -> Self {
        let is_known = work.counts.iter().any(|own| own.kind.code == query.kind);
        let kind = if is_known { query.kind.clone() } else { String::new() };
        let due = Due::ALL.into_iter().find(|due| due.code() == query.due);
        let is_wanted = |task: &&Task| {
            (kind.is_empty() || task.kind.code == kind)
                && due.is_none_or(|due| Due::of(task, now) == due)
        };
        let wanted: Vec<&Task> = work.tasks.iter().filter(is_wanted).collect();
        let late = wanted.iter().filter(|task| task.is_late(now)).count();
        let pages = wanted.len().div_ceil(ROWS).max(1);
        let page = query.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
        let shown = wanted.iter().skip((page - 1) * ROWS).take(ROWS);
        let first = wanted.first();
        Self {
            says: first.map_or("Nothing needs your attention", |task| task.kind.waits),
            lede: lede(late, wanted.len()),
            total: Number(work.total()),
            kinds: kind_filters(work, &kind),
            next: first.filter(|_| page == 1).map(|task| TaskView::of(task, now)),
            rows: shown.map(|task| TaskView::of(task, now)).collect(),
            before: (page > 1).then(|| page - 1),
            after: (page < pages).then_some(page + 1),
            dues: due_filters(work, due, now),
            kind,
            due,
        }
    }

    /// Returns the path of a page of what is chosen.
    fn address(&self, page: &usize) -> String {
        let kind = Some(("kind", self.kind.as_str())).filter(|(_, kind)| !kind.is_empty());
        let due = self.due.map(|due| ("due", due.code()));
        let chosen = kind.into_iter().chain(due);
        chosen.fold(format!("/work?page={page}"), |path, (name, value)| {
            format!("{path}&{name}={value}")
        })
    }
}

fn kind_filters(work: &KeptWork, kind: &str) -> Vec<KindFilter> {
    let filter = |own: &WorkCount| KindFilter {
        label: own.kind.label,
        code: own.kind.code,
        count: Number(own.count),
        is_current: own.kind.code == kind,
    };
    work.counts.iter().map(filter).collect()
}

/// Counts the tasks by the time that is left, without parts that have none.
fn due_filters(work: &KeptWork, chosen: Option<Due>, now: Timestamp) -> Vec<DueFilter> {
    let count = |due: Due| {
        let tasks = work.tasks.iter().filter(|task| Due::of(task, now) == due).count();
        let count = Number(i64::try_from(tasks).unwrap_or(i64::MAX));
        (tasks > 0).then_some(DueFilter { due, count, is_current: chosen == Some(due) })
    };
    Due::ALL.into_iter().filter_map(count).collect()
}
