//! All work that waits for a person: their own, and what they may take, each by deadline.

use askama::Template;
use axum::{Extension, extract::State, http::Extensions};
use kernel::Timestamp;
use platform::{
    Context,
    module::{Modules, PanelFigure, PanelPerson, PanelPlace, PanelRequest, PanelView},
    web::WebError,
    work::{Due, KeptWork, Task, WorkCount},
};
use serde::Deserialize;
use ui::{
    PageResult, QueryString, TaskView, WorkRows,
    format::{Instant, Number},
    show,
};

use crate::{
    access::SignedIn,
    rules::{WORK_ROWS, WorkPart, chosen_work, heading, is_folded, lede, work_parts},
};

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

/// The tasks of the person, or those that they may take, by the time that is left.
struct Share {
    is_free: bool,
    parts: Vec<DuePart>,
}

/// The tasks of a share of which a part of the time is left.
struct DuePart {
    due: Due,
    /// The number of all of them, on all pages.
    count: Number,
    /// The tasks of the page, of which the next one is opened beside the list.
    list: WorkRows,
    is_folded: bool,
}

/// A part of which other pages have all tasks.
struct Elsewhere {
    label: String,
    count: Number,
    /// The page on which it begins.
    page: usize,
}

#[derive(Template)]
#[template(path = "work.html")]
struct WorkPage {
    /// The late tasks, or the most urgent one, in a sentence.
    says: String,
    lede: String,
    now: Instant,
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
    shares: Vec<Share>,
    /// True if some tasks, on any page, are free to take.
    has_free: bool,
    elsewhere: Vec<Elsewhere>,
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
    let kinds = modules.task_kinds();
    let codes = kinds.iter().map(|kind| kind.code);
    let due = chosen_work(&query.kind, &query.due, codes).map_err(WebError::from)?;
    let mut page = WorkPage::of(&work, &query, due, context.now());
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
    fn of(work: &KeptWork, query: &WorkQuery, due: Option<Due>, now: Timestamp) -> Self {
        let kind = query.kind.clone();
        let is_wanted = |task: &&Task| {
            (kind.is_empty() || task.kind.code == kind)
                && due.is_none_or(|due| Due::of(task, now) == due)
        };
        let mut wanted: Vec<&Task> = work.tasks.iter().filter(is_wanted).collect();
        // The person's own work first, then what is free to take, both in the order of their urgency.
        wanted.sort_by_key(|task| task.is_free);
        let first = wanted.first().copied();
        let late: Vec<_> = wanted.iter().filter(|task| task.is_late(now)).collect();
        let leading = late.iter().filter(|task| first.is_some_and(|it| it.is_free == task.is_free));
        let leading: Vec<_> = leading.map(|task| (task.kind.one, task.kind.label)).collect();
        let pages = wanted.len().div_ceil(WORK_ROWS).max(1);
        let page = query.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
        let next = first.filter(|_| page == 1);
        let free = wanted.iter().filter(|task| task.is_free).count();
        let waits = first.map_or("Nothing needs your attention", |task| task.kind.waits);
        let (shares, elsewhere) = shares(&wanted, page, next, now);
        Self {
            says: heading(&leading, waits),
            lede: lede(late.len(), wanted.len(), free),
            now: Instant(now),
            total: Number(work.total()),
            kinds: kind_filters(work, &kind),
            next: next.map(|task| TaskView::of(task, now)),
            panels: Vec::new(),
            shares,
            has_free: free > 0,
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

    /// Returns whether the last tasks of the page are folded, and the links to other pages with them.
    fn ends_folded(&self) -> bool {
        let last = self.shares.last().and_then(|share| share.parts.last());
        last.is_some_and(|part| part.is_folded)
    }

    /// Returns what the person did in the last week.
    fn week(&self) -> Vec<&PanelFigure> {
        self.panels.iter().flat_map(|panel| &panel.figures).collect()
    }
}

impl Share {
    /// Returns the ID of its heading, with which those of its parts begin.
    fn code(&self) -> &'static str {
        if self.is_free { "take" } else { "yours" }
    }

    /// Returns the ID of the heading of a part.
    fn part_id(&self, due: &Due) -> String {
        format!("{}-{}", self.code(), due.code())
    }
}

impl DuePart {
    /// Says when the first of the tasks is due; empty without a deadline.
    fn begins(&self) -> String {
        let first = self.list.rows.first().filter(|_| self.due != Due::Open);
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

/// Parts the tasks of a page by who has them, in the order of the list, and by the time that is left. The second value has the
/// parts of which the page has none.
fn shares(
    wanted: &[&Task],
    page: usize,
    next: Option<&Task>,
    now: Timestamp,
) -> (Vec<Share>, Vec<Elsewhere>) {
    let (mut shares, mut elsewhere): (Vec<Share>, Vec<Elsewhere>) = Default::default();
    let tasks: Vec<_> = wanted.iter().map(|task| (task.is_free, Due::of(task, now))).collect();
    let mut before = 0;
    for WorkPart { is_free, due, count, shown, begins } in work_parts(&tasks, page) {
        let count = Number(i64::try_from(count).unwrap_or(i64::MAX));
        let Some(first) = shown.first() else {
            let label = match is_free {
                true => format!("{}, to take", due.label()),
                false => due.label().to_owned(),
            };
            elsewhere.push(Elsewhere { label, count, page: begins });
            continue;
        };
        let has_next = next.is_some_and(|next| std::ptr::eq(next, wanted[*first]));
        let is_folded = !has_next && is_folded(due, before, shown.len());
        let rows = shown.iter().map(|place| TaskView::of(wanted[*place], now)).collect();
        let part = DuePart { due, count, list: WorkRows { rows, has_next }, is_folded };
        before += 1;
        match shares.last_mut().filter(|share| share.is_free == is_free) {
            Some(share) => share.parts.push(part),
            None => shares.push(Share { is_free, parts: vec![part] }),
        }
    }
    (shares, elsewhere)
}
