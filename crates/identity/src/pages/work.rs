//! All work that waits for a person, in one list by deadline.

use askama::Template;
use axum::{Extension, extract::State};
use platform::{
    Context,
    work::{KeptWork, Task},
};
use serde::Deserialize;
use ui::{PageResult, QueryString, TaskView, format::Number, show};

use crate::access::SignedIn;

/// The number of tasks on a page.
const ROWS: usize = 25;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WorkQuery {
    kind: String,
    page: String,
}

struct KindFilter {
    label: &'static str,
    code: &'static str,
    count: Number,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "work.html")]
struct WorkPage {
    says: String,
    late: String,
    /// The number of all tasks.
    total: Number,
    kinds: Vec<KindFilter>,
    /// The code of the chosen kind; empty for all.
    kind: String,
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
    fn of(work: &KeptWork, query: &WorkQuery, now: kernel::Timestamp) -> Self {
        let is_known = work.counts.iter().any(|own| own.kind.code == query.kind);
        let kind = if is_known { query.kind.clone() } else { String::new() };
        let is_wanted = |task: &&Task| kind.is_empty() || task.kind.code == kind;
        let wanted: Vec<&Task> = work.tasks.iter().filter(is_wanted).collect();
        let late = wanted.iter().filter(|task| task.is_late(now)).count();
        let pages = wanted.len().div_ceil(ROWS).max(1);
        let page = query.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
        let shown = wanted.iter().skip((page - 1) * ROWS).take(ROWS);
        let filter = |own: &platform::work::WorkCount| KindFilter {
            label: own.kind.label,
            code: own.kind.code,
            count: Number(own.count),
            is_current: own.kind.code == kind,
        };
        let kinds = work.counts.iter().map(filter).collect();
        let first = wanted.first().filter(|_| page == 1);
        Self {
            says: title(wanted.len()),
            late: late_words(late, wanted.len()),
            total: Number(work.total()),
            kinds,
            next: first.map(|task| TaskView::of(task, now)),
            rows: shown.map(|task| TaskView::of(task, now)).collect(),
            before: (page > 1).then(|| page - 1),
            after: (page < pages).then_some(page + 1),
            kind,
        }
    }

    /// Returns the path of a page of the chosen kind.
    fn address(&self, page: &usize) -> String {
        match self.kind.as_str() {
            "" => format!("/work?page={page}"),
            kind => format!("/work?kind={kind}&page={page}"),
        }
    }
}

fn title(rows: usize) -> String {
    match rows {
        0 => "Nothing needs your attention".to_owned(),
        1 => "One thing waits for you".to_owned(),
        many => format!("{many} things wait for you"),
    }
}

fn late_words(late: usize, all: usize) -> String {
    match (late, all) {
        (_, 0) => "What is asked of you in projects, events and teams appears here.".to_owned(),
        (0, _) => "Nothing is late. Most urgent first.".to_owned(),
        (1, 1) => "It is late.".to_owned(),
        (1, _) => "One of them is late. Most urgent first.".to_owned(),
        (many, _) => format!("{many} of them are late. Most urgent first."),
    }
}
