//! All work that waits for a person, in one list by deadline.

use askama::Template;
use axum::{Extension, extract::State, http::Extensions};
use kernel::Timestamp;
use platform::{
    Context,
    module::{Modules, PanelFigure, PanelPerson, PanelPlace, PanelRequest, PanelView},
    work::{Due, KeptWork, Task, WorkCount},
};
use serde::Deserialize;
use ui::{PageResult, QueryString, TaskView, format::Number, show};

use crate::{
    access::SignedIn,
    rules::{heading, is_folded, lede},
};

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
struct DuePart {
    due: Due,
    /// The number of all of them, on all pages.
    count: Number,
    /// The tasks of the page.
    rows: Vec<TaskView>,
    /// True for the part with the most urgent task of the page.
    is_first: bool,
    is_folded: bool,
}

#[derive(Template)]
#[template(path = "work.html")]
struct WorkPage {
    /// The late tasks, or the most urgent one, in a sentence.
    says: String,
    lede: String,
    /// The number of all tasks.
    total: Number,
    kinds: Vec<KindFilter>,
    /// The code of the chosen kind; empty for all.
    kind: String,
    /// The chosen part of the time.
    due: Option<Due>,
    /// The next task, with the only primary button; on the first page only.
    next: Option<TaskView>,
    /// The parts of modules about the next task, and about the last week of the person.
    panels: Vec<PanelView>,
    dues: Vec<DuePart>,
    /// The parts of which other pages have all tasks, with their number.
    elsewhere: Vec<(Due, Number)>,
    before: Option<usize>,
    after: Option<usize>,
}

/// `GET /work`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Extension(modules): Extension<Modules>,
    extensions: Extensions,
    QueryString(query): QueryString<WorkQuery>,
) -> PageResult {
    let work = extensions.get::<KeptWork>().cloned().unwrap_or_default();
    let mut page = WorkPage::of(&work, &query, context.now());
    if let Some(next) = &page.next {
        let request = PanelRequest {
            person: Some(PanelPerson { id: viewer.user_id.into(), login: viewer.login.clone() }),
            path: next.address.clone(),
            extensions,
            ..PanelRequest::default()
        };
        page.panels = modules.panels(&context, PanelPlace::Work, &request).await?;
    }
    show(&page)
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
        let late = wanted.iter().filter(|task| task.is_late(now));
        let late: Vec<_> = late.map(|task| (task.kind.one, task.kind.label)).collect();
        let pages = wanted.len().div_ceil(ROWS).max(1);
        let page = query.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
        let shown: Vec<&Task> = wanted.iter().skip((page - 1) * ROWS).take(ROWS).copied().collect();
        let first = wanted.first();
        let waits = first.map_or("Nothing needs your attention", |task| task.kind.waits);
        let (dues, elsewhere) = parts(&wanted, &shown, now);
        Self {
            says: heading(&late, waits),
            lede: lede(late.len(), wanted.len()),
            total: Number(work.total()),
            kinds: kind_filters(work, &kind),
            next: first.filter(|_| page == 1).map(|task| TaskView::of(task, now)),
            panels: Vec::new(),
            dues,
            elsewhere,
            before: (page > 1).then(|| page - 1),
            after: (page < pages).then_some(page + 1),
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

    /// Returns the path of the tasks of the chosen kind of which a part of the time is left.
    fn due_address(&self, due: &Due) -> String {
        match self.kind.as_str() {
            "" => format!("/work?due={}", due.code()),
            kind => format!("/work?kind={kind}&due={}", due.code()),
        }
    }

    /// Returns whether the last tasks of the page are folded, and the links to other pages with them.
    fn ends_folded(&self) -> bool {
        self.dues.last().is_some_and(|part| part.is_folded)
    }

    /// Returns what the person did in the last week.
    fn week(&self) -> Vec<&PanelFigure> {
        self.panels.iter().flat_map(|panel| &panel.figures).collect()
    }
}

impl DuePart {
    /// Says when the first of the tasks is due; empty without a deadline.
    fn begins(&self) -> String {
        let first = self.rows.first().filter(|_| self.due != Due::Open);
        first.map_or(String::new(), |row| format!("the first has {} left", row.span))
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

/// Parts the tasks of a page by the time that is left. The second value has the parts of which the page has none.
fn parts(wanted: &[&Task], shown: &[&Task], now: Timestamp) -> (Vec<DuePart>, Vec<(Due, Number)>) {
    let (mut parts, mut elsewhere): (Vec<DuePart>, Vec<(Due, Number)>) = Default::default();
    for due in Due::ALL {
        let is_in = |task: &&&Task| Due::of(task, now) == due;
        let all = wanted.iter().filter(is_in).count();
        let count = Number(i64::try_from(all).unwrap_or(i64::MAX));
        let rows: Vec<TaskView> =
            shown.iter().filter(is_in).map(|task| TaskView::of(task, now)).collect();
        if !rows.is_empty() {
            let (is_first, is_folded) = (parts.is_empty(), is_folded(due, parts.len(), rows.len()));
            parts.push(DuePart { due, count, rows, is_first, is_folded });
        } else if all > 0 {
            elsewhere.push((due, count));
        }
    }
    (parts, elsewhere)
}
