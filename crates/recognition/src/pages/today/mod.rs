//! Today, the home page of a signed-in person: what needs them in all modules, what runs, and their points.

mod columns;
mod figures;
mod first;

use askama::Template;
use axum::http::Extensions;
use identity::model::{Role, Viewer};
use kernel::{Timestamp, counted};
use platform::{
    Context,
    module::{Modules, PanelFigure, PanelPerson, PanelPlace, PanelRequest, PanelView},
    work::{KeptWork, Running},
};
use ui::{
    PageResult, Pic, TaskView, Who,
    format::{Instant, Number, segment},
    show,
};

use self::{
    columns::{Column, Columns},
    figures::Figures,
    first::{FirstStep, first_steps},
};

/// The number of tasks that are shown; the others are on the page of all work.
const SHOWN: usize = 8;

/// The number of things that run that are shown.
const RUNNING: usize = 6;

/// The number of those that are shown with their picture; the others are a list.
const PICTURED: usize = 3;

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    /// The first word of the person's name, or their login.
    called: String,
    /// The login, encoded for URLs.
    encoded: String,
    who: Who,
    now: Instant,
    /// The state of their work in a sentence, and what follows from it.
    says: (String, String),
    /// The first of the tasks, with the only primary button.
    lead: Option<TaskView>,
    tasks: Vec<TaskView>,
    /// The number of tasks that are not shown.
    more: Number,
    running: Vec<RunningView>,
    /// The other running things, as a list.
    also: Vec<RunningView>,
    figures: Figures,
    steps: Vec<FirstStep>,
    panels: Vec<PanelView>,
    columns: Columns,
}

impl TodayPage {
    /// Returns the panels that stand beside the figures, if they are in a column.
    fn panels_in(&self, column: Column) -> impl Iterator<Item = &PanelView> {
        let is_there = self.columns.panels == column;
        self.panels.iter().filter(move |panel| panel.is_half && is_there)
    }

    fn has_figures(&self, column: Column) -> bool {
        self.columns.figures == column
    }

    /// Returns whether nothing is in the right column.
    fn is_narrow(&self) -> bool {
        let right = Column::Right;
        self.running.is_empty() && !self.has_figures(right) && self.panels_in(right).count() == 0
    }

    /// Returns the number of sections below both columns.
    fn below(&self) -> usize {
        self.panels_in(Column::Below).count() + usize::from(self.has_figures(Column::Below))
    }

    /// Returns the picture of the first task: another one than that of an event beside it.
    fn pic_of(&self, lead: &TaskView) -> Pic {
        let is_beside = |it: &RunningView| lead.is_of(it.own.kind, &it.own.slug);
        if self.running.iter().any(is_beside) { lead.other_pic() } else { lead.pic() }
    }
}

/// Something that runs, as Today shows it.
struct RunningView {
    own: Running,
    until: Option<Instant>,
}

impl RunningView {
    /// Returns the picture of a hackathon or a season.
    fn pic(&self) -> Option<Pic> {
        let kind = self.own.kind;
        // The title is below it.
        let stored =
            (!self.own.picture.is_empty()).then(|| (self.own.picture.clone(), String::new()));
        let is_pictured = matches!(kind, "hackathon" | "season");
        is_pictured.then(|| Pic::banner(kind, &self.own.slug, stored))
    }

    /// Returns the classes of the shields of a progress of few parts: `on` for those that are reached.
    fn shields(&self) -> Vec<&'static str> {
        match self.own.progress {
            Some((done, goal @ 1..=12)) => {
                (0..goal).map(|part| if part < done { "on" } else { "" }).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Shows the home page of `viewer`.
pub(super) async fn page(
    context: &Context,
    modules: Modules,
    extensions: Extensions,
    viewer: &Viewer,
) -> PageResult {
    let now = context.now();
    let work = extensions.get::<KeptWork>().cloned().unwrap_or_default();
    let running = modules.running(context, Some(viewer.worker().flag_viewer())).await?;
    let figures = Figures::read(context, viewer).await?;
    let request = PanelRequest {
        person: Some(PanelPerson { id: viewer.user_id.into(), login: viewer.login.clone() }),
        extensions,
        ..PanelRequest::default()
    };
    let mut panels = modules.panels(context, PanelPlace::Home, &request).await?;
    let own: Vec<PanelFigure> = panels.iter_mut().flat_map(|it| it.figures.drain(..)).collect();
    let figures = figures.with(own);
    panels.retain(|panel| !panel.html.is_empty());
    let is_new = work.tasks.is_empty() && figures.is_new() && !running.iter().any(|it| it.is_mine);
    let steps = if is_new {
        first_steps(context, modules, viewer.role == Role::Admin, &running).await?
    } else {
        Vec::new()
    };
    let mut tasks = work.tasks.iter().take(SHOWN).map(|task| TaskView::of(task, now));
    let lead = tasks.next();
    let tasks: Vec<TaskView> = tasks.collect();
    let shown = i64::try_from(tasks.len()).unwrap_or(i64::MAX) + i64::from(lead.is_some());
    let mut running = shown_now(running);
    let also = running.split_off(running.len().min(PICTURED));
    let columns = Columns::of(
        tasks.len() + usize::from(lead.is_some()),
        figures.rows(),
        &panels,
        (&running, &also),
    );
    show(&TodayPage {
        called: greeted(&viewer.who).to_owned(),
        encoded: segment(&viewer.login),
        who: viewer.who.clone(),
        now: Instant(now),
        says: says(&work, lead.as_ref(), is_new, now),
        more: Number(work.total() - shown),
        lead,
        tasks,
        running,
        also,
        figures,
        steps,
        panels,
        columns,
    })
}

/// Returns the first word of the name of a person, or the login of a person who chose none.
fn greeted(who: &Who) -> &str {
    let name = who.name.as_deref().and_then(|name| name.split_whitespace().next());
    name.unwrap_or(&who.login)
}

/// Returns what the person takes part in; if that is nothing, what everyone can take part in.
fn shown_now(mut running: Vec<Running>) -> Vec<RunningView> {
    if running.iter().any(|it| it.is_mine) {
        running.retain(|it| it.is_mine);
    }
    let view = |own: Running| RunningView { until: own.until.map(Instant), own };
    running.into_iter().take(RUNNING).map(view).collect()
}

/// Returns the sentences below the greeting: what is to be done first and what is left of it, and how much more waits.
fn says(
    work: &KeptWork,
    lead: Option<&TaskView>,
    is_new: bool,
    now: Timestamp,
) -> (String, String) {
    let Some(lead) = lead else {
        let (first, then) = if is_new {
            ("Begin with whichever you like.", "Each of these takes less than an evening.")
        } else {
            ("Nothing needs your attention.", "Pick up something that fits you, or see what runs.")
        };
        return (first.to_owned(), then.to_owned());
    };
    let late = work.tasks.iter().skip(1).filter(|task| task.is_late(now)).count();
    let sentences = [lead.remains(), others(work.total() - 1, late)];
    let then = sentences.into_iter().filter(|sentence| !sentence.is_empty());
    (lead.sentence(), then.collect::<Vec<_>>().join(" "))
}

/// Counts the tasks after the first one, and the late ones among them, in a sentence.
fn others(more: i64, late: usize) -> String {
    match (more, late) {
        (..=0, _) => String::new(),
        (1, 0) => "One more thing waits.".to_owned(),
        (1, _) => "One more thing waits, and it is late.".to_owned(),
        (more, 0) => format!("{} more things wait.", Number(more)),
        (more, late) => {
            let late = counted(late, "of them is late", "of them are late");
            format!("{} more things wait; {late}.", Number(more))
        }
    }
}

#[cfg(test)]
mod tests {
    use platform::{
        module::Audience,
        work::{Task, TaskIcon, TaskKind, TaskText},
    };

    use super::*;

    const KIND: TaskKind = TaskKind {
        code: "review",
        label: "Reviews",
        one: "Review",
        list: "/work?kind=review",
        waits: "A pull request waits for your review",
        icon: TaskIcon::Review,
        picture: None,
        is_about: false,
        audience: Audience::SignedIn,
        flag: None,
        target: None,
        rows: |_| String::new(),
        text: |_| TaskText::default(),
    };

    #[test]
    fn people_are_greeted_by_their_first_name() {
        let mut who = Who::of("wren-oak");
        assert_eq!(greeted(&who), "wren-oak");
        who.name = Some("Wren Alder Oak".to_owned());
        assert_eq!(greeted(&who), "Wren");
    }

    fn at(day: u32) -> Timestamp {
        format!("2026-12-{day:02}T00:00:00Z").parse().expect("an instant")
    }

    fn work(days: &[u32]) -> KeptWork {
        let task = |day: &u32| Task {
            kind: &KIND,
            title: "Review it".to_owned(),
            is_name: false,
            line: String::new(),
            action: "Review",
            address: String::new(),
            since: at(1),
            due: Some(at(*day)),
            slug: String::new(),
            person: None,
            quote: String::new(),
        };
        KeptWork::of(days.iter().map(task).collect())
    }

    #[test]
    fn the_sentence_names_the_first_and_counts_the_others() {
        let nothing = "Nothing needs your attention.";
        let first = "Review it.";
        let left = "4\u{a0}days are left.";
        for (days, strong, then) in [
            (&[][..], nothing, "Pick up something that fits you, or see what runs.".to_owned()),
            (&[9], first, left.to_owned()),
            (&[3], first, "It is 2\u{a0}days late.".to_owned()),
            (&[9, 10], first, format!("{left} One more thing waits.")),
            (
                &[2, 3],
                first,
                "It is 3\u{a0}days late. One more thing waits, and it is late.".to_owned(),
            ),
            (
                &[2, 3, 9],
                first,
                "It is 3\u{a0}days late. 2 more things wait; 1 of them is late.".to_owned(),
            ),
        ] {
            let work = work(days);
            let lead = work.tasks.first().map(|task| TaskView::of(task, at(5)));
            let said = says(&work, lead.as_ref(), false, at(5));
            assert_eq!((said.0.as_str(), said.1), (strong, then));
        }
    }

    #[test]
    fn own_things_hide_those_of_others() {
        let one = |is_mine| Running { is_mine, ..Running::default() };
        assert_eq!(shown_now(vec![one(true), one(false)]).len(), 1);
        assert_eq!(shown_now(vec![one(false), one(false)]).len(), 2);
    }
}
