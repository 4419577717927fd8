//! Today, the home page of a signed-in person: what needs them in all modules, what runs, and their points.

mod first;

use askama::Template;
use axum::http::Extensions;
use identity::model::{Role, Viewer};
use kernel::{Month, Timestamp, counted};
use platform::{
    Context,
    module::{Modules, PanelPerson, PanelPlace, PanelRequest, PanelView},
    work::{KeptWork, Running},
};
use ui::{
    PageResult, TaskView, Who,
    charts::{self, Bars},
    format::{self, Instant, Number, segment},
    show,
};

use self::first::{FirstStep, first_steps};
use super::{RankAndDays, RankView};

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
}

impl TodayPage {
    /// Returns whether the main column has nothing but figures: no work and no notices.
    fn is_calm(&self) -> bool {
        self.lead.is_none() && !self.panels.iter().any(|panel| panel.is_aside)
    }

    /// Returns whether the figures stand in the columns at the top, where else one of the two would be empty.
    fn has_figures_on_top(&self) -> bool {
        self.is_calm() || self.running.is_empty()
    }

    /// Returns whether there is nothing for a second column: only figures.
    fn is_narrow(&self) -> bool {
        self.running.is_empty() && self.is_calm() && !self.has_halves()
    }

    /// Returns whether there are panels to show beside the figures.
    fn has_halves(&self) -> bool {
        self.panels.iter().any(|panel| panel.is_half)
    }
}

/// Something that runs, as Today shows it.
struct RunningView {
    own: Running,
    until: Option<Instant>,
}

impl RunningView {
    /// Returns the picture of a hackathon or a season.
    fn pic(&self) -> Option<ui::Pic> {
        let kind = self.own.kind;
        matches!(kind, "hackathon" | "season").then(|| ui::Pic::banner(kind, &self.own.slug, None))
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

/// The points of the person.
struct Figures {
    total: Number,
    month: String,
    month_points: Number,
    rank: Option<RankView>,
    /// True if no leaderboard lists the person.
    is_unlisted: bool,
    weeks: Bars,
    /// The number of weeks in a row with points, up to this one.
    streak: Number,
}

impl Figures {
    async fn read(context: &Context, viewer: &Viewer) -> Result<Self, platform::web::WebError> {
        let (month, today) = (Month::of(context.now()), context.now().date_naive());
        let since = charts::first_week(today).and_time(chrono::NaiveTime::MIN);
        let own = RankAndDays::read(context, viewer.user_id, since.and_utc()).await?;
        let weeks = Bars::by_week(&own.days, today);
        Ok(Self {
            streak: Number(streak(&weeks)),
            total: Number(own.points(context, viewer.user_id).await?),
            month: format::month(month),
            month_points: Number(own.points_in(month, None)),
            rank: own.position().map(RankView::of),
            is_unlisted: own.is_unlisted,
            weeks,
        })
    }

    /// Returns whether the person never earned anything.
    fn is_new(&self) -> bool {
        self.total.0 == 0 && self.weeks.is_empty()
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
    let panels = modules.panels(context, PanelPlace::Home, &request).await?;
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

/// Returns the number of weeks in a row with points, up to this one. This week counts once it has some, and ends no streak.
fn streak(weeks: &Bars) -> i64 {
    let mut latest = weeks.bars.iter().rev().map(|bar| bar.points.0 > 0);
    let this_week = latest.next().unwrap_or_default();
    i64::from(this_week) + latest.take_while(|has| *has).map(i64::from).sum::<i64>()
}

/// Returns the sentences below the greeting: the number of tasks, and how the first one or the late ones stand.
fn says(
    work: &KeptWork,
    lead: Option<&TaskView>,
    is_new: bool,
    now: Timestamp,
) -> (String, String) {
    let late = work.tasks.iter().filter(|task| task.is_late(now)).count();
    let left = lead.filter(|lead| lead.word == "left").map(|lead| lead.span.as_str());
    match (work.total(), late) {
        (0, _) if is_new => (
            "Begin with whichever you like.".to_owned(),
            "Each of these takes less than an evening.".to_owned(),
        ),
        (0, _) => (
            "Nothing needs your attention.".to_owned(),
            "Pick up something that fits you, or see what runs.".to_owned(),
        ),
        (1, 0) => ("One thing needs you.".to_owned(), has_left("It", left)),
        (1, _) => ("One thing needs you, and it is late.".to_owned(), String::new()),
        (all, 0) => (format!("{all} things need you."), has_left("The first", left)),
        (all, late) => {
            let late = counted(late, "of them is late.", "of them are late.");
            (format!("{all} things need you."), late)
        }
    }
}

/// Returns the time that is left in a sentence; empty without a deadline.
fn has_left(what: &str, left: Option<&str>) -> String {
    left.map_or(String::new(), |span| format!("{what} has {span} left."))
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
            title: String::new(),
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
    fn the_sentence_counts_what_is_listed() {
        for (days, first, then) in [
            (
                &[][..],
                "Nothing needs your attention.",
                "Pick up something that fits you, or see what runs.",
            ),
            (&[9], "One thing needs you.", "It has 4\u{a0}days left."),
            (&[3], "One thing needs you, and it is late.", ""),
            (&[3, 9, 10], "3 things need you.", "1 of them is late."),
            (&[9, 10], "2 things need you.", "The first has 4\u{a0}days left."),
        ] {
            let work = work(days);
            let lead = work.tasks.first().map(|task| TaskView::of(task, at(5)));
            let said = says(&work, lead.as_ref(), false, at(5));
            assert_eq!((said.0.as_str(), said.1.as_str()), (first, then));
        }
    }

    #[test]
    fn own_things_hide_those_of_others() {
        let one = |is_mine| Running { is_mine, ..Running::default() };
        assert_eq!(shown_now(vec![one(true), one(false)]).len(), 1);
        assert_eq!(shown_now(vec![one(false), one(false)]).len(), 2);
    }
}
