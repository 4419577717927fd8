//! Today, the home page of a signed-in person: what needs them in all modules, what runs, and their points.

mod figures;
mod first;

use askama::Template;
use axum::http::{Extensions, HeaderMap};
use identity::model::{Role, Viewer};
use kernel::{Timestamp, counted, listed};
use platform::{
    Context,
    module::{EventMoment, Modules, PanelFigure, PanelPerson, PanelPlace, PanelRequest, PanelView},
    web::Cookies,
    work::{KeptWork, Running},
};
use ui::{
    PageResult, Pic, TaskView, Who,
    format::{Dated, Instant, Number, dated, segment},
    show,
};

pub(super) use self::first::hide;
use self::{
    figures::Figures,
    first::{FirstStep, are_hidden, first_steps},
};

/// The number of tasks that are shown; the others are on the page of all work.
const SHOWN: usize = 8;

/// The number of things that run that are shown.
const RUNNING: usize = 6;

/// The number of those that are shown with their picture; the others are a list.
const PICTURED: usize = 2;

/// The number of things that come that are listed.
const COMING: usize = 4;

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    /// The first word of the person's name, or their login.
    called: String,
    /// The roles in words, such as "Moderator and judge"; empty for who only takes part.
    roles: String,
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
    /// Events that come, in which the person takes part or that they can join.
    coming: Vec<RunningView>,
    figures: Figures,
    /// False if the figures say nothing to the person.
    shows_figures: bool,
    steps: Vec<FirstStep>,
    /// True if they are those of the community, which its admins can hide.
    begins: bool,
    /// True if the person has done nothing here yet.
    is_new: bool,
    panels: Vec<PanelView>,
}

impl TodayPage {
    /// Returns whether anything runs or comes.
    fn has_running(&self) -> bool {
        !self.running.is_empty() || !self.coming.is_empty()
    }

    /// Returns the panels of what needs the person, or those of what they may do next.
    fn panels(&self, is_needed: bool) -> impl Iterator<Item = &PanelView> {
        self.panels.iter().filter(move |panel| panel.is_aside == is_needed)
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
    date: Option<Dated>,
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
    (cookies, headers): (Cookies, &HeaderMap),
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
    let roles = roles(viewer.role, &running);
    let left = if viewer.role == Role::Admin && !are_hidden(cookies, headers) {
        modules.first_steps(context).await?
    } else {
        Vec::new()
    };
    let begins = !left.is_empty();
    let steps = if is_new || begins { first_steps(&left, &running) } else { Vec::new() };
    // Whoever has something open of their own is about to earn points.
    let shows_figures = figures.say_something(is_new || panels.iter().any(|it| it.is_open_work));
    let mut tasks = work.tasks.iter().take(SHOWN).map(|task| TaskView::of(task, now));
    let lead = tasks.next();
    let tasks: Vec<TaskView> = tasks.collect();
    let shown = i64::try_from(tasks.len()).unwrap_or(i64::MAX) + i64::from(lead.is_some());
    let [running, also, coming] = shown_now(running, now);
    show(&TodayPage {
        called: greeted(&viewer.who).to_owned(),
        roles,
        encoded: segment(&viewer.login),
        who: viewer.who.clone(),
        now: Instant(now),
        says: says(&work, lead.as_ref(), idle(!steps.is_empty()), now),
        more: Number(work.total() - shown),
        lead,
        tasks,
        running,
        also,
        coming,
        figures,
        shows_figures,
        steps,
        begins,
        is_new,
        panels,
    })
}

/// Returns the first word of the name of a person, or the login of a person who chose none.
fn greeted(who: &Who) -> &str {
    let name = who.name.as_deref().and_then(|name| name.split_whitespace().next());
    name.unwrap_or(&who.login)
}

/// Names the roles of a person on the server and in what runs and comes.
fn roles(own: Role, running: &[Running]) -> String {
    let of_server = match own {
        Role::Admin => "Admin",
        Role::Moderator => "Moderator",
        Role::User => "",
    };
    let mut words: Vec<String> = Vec::new();
    for word in std::iter::once(of_server).chain(running.iter().map(|it| it.role)) {
        let word = if words.is_empty() { word.to_owned() } else { word.to_lowercase() };
        let is_known = words.iter().any(|known| known.eq_ignore_ascii_case(&word));
        if !word.is_empty() && !is_known {
            words.push(word);
        }
    }
    listed(&words, "and")
}

/// Divides what runs and comes, which is in its order: what runs now with its pictures, what else runs, and what comes that the
/// person takes part in or can join.
fn shown_now(all: Vec<Running>, now: Timestamp) -> [Vec<RunningView>; 3] {
    let view = |own: Running| {
        let date = own.date.map(|date| dated(&date, &Instant(now)));
        RunningView { own, date }
    };
    let (running, coming): (Vec<Running>, Vec<Running>) =
        all.into_iter().partition(|it| it.moment == EventMoment::Running);
    let coming = coming.into_iter().filter(|it| it.is_mine || it.can_join).take(COMING);
    let mut running: Vec<RunningView> = running.into_iter().take(RUNNING).map(view).collect();
    let also = running.split_off(running.len().min(PICTURED));
    [running, also, coming.map(view).collect()]
}

/// Returns the sentences below the greeting: what is to be done first and what is left of it, and how much more waits.
fn says(
    work: &KeptWork,
    lead: Option<&TaskView>,
    (first, then): (&str, &str),
    now: Timestamp,
) -> (String, String) {
    let Some(lead) = lead else {
        return (first.to_owned(), then.to_owned());
    };
    let late = work.tasks.iter().skip(1).filter(|task| task.is_late(now)).count();
    let sentences = [lead.remains(), others(work.total() - 1, late)];
    let then = sentences.into_iter().filter(|sentence| !sentence.is_empty());
    (lead.sentence(), then.collect::<Vec<_>>().join(" "))
}

/// Returns the sentences for a person without tasks.
fn idle(has_steps: bool) -> (&'static str, &'static str) {
    if has_steps {
        ("Begin with whichever you like.", "Each of these takes less than an evening.")
    } else if ui::frame::has_link("/discover") {
        ("Nothing needs your attention.", "Claim an issue that fits you, or see what runs.")
    } else {
        ("Nothing needs your attention.", "See what runs.")
    }
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
        is_taken: None,
        is_stuck: false,
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
            is_free: false,
        };
        KeptWork::of(days.iter().map(task).collect())
    }

    #[test]
    fn roles_are_named_once() {
        let running =
            ["", "Judge", "Organizer", "Judge"].map(|role| Running { role, ..Running::default() });
        assert_eq!(roles(Role::Moderator, &running), "Moderator, judge and organizer");
        assert_eq!(roles(Role::User, &running[..2]), "Judge");
        assert_eq!(roles(Role::User, &[]), "");
    }

    #[test]
    fn the_sentence_names_the_first_and_counts_the_others() {
        let nothing = "Nothing needs your attention.";
        let first = "A pull request waits for your review.";
        let left = "4\u{a0}days are left.";
        for (days, strong, then) in [
            (&[][..], nothing, "See what runs.".to_owned()),
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
            let said = says(&work, lead.as_ref(), idle(false), at(5));
            assert_eq!((said.0.as_str(), said.1), (strong, then));
        }
    }

    #[test]
    fn what_runs_is_parted_from_what_comes() {
        let one =
            |moment, is_mine, can_join| Running { moment, is_mine, can_join, ..Running::default() };
        let running = vec![one(EventMoment::Running, false, false); 5];
        let coming = [(true, false), (false, true), (false, false)]
            .map(|(is_mine, can_join)| one(EventMoment::Coming, is_mine, can_join));
        let all = running.into_iter().chain(coming).collect();
        assert_eq!(shown_now(all, at(1)).map(|part| part.len()), [2, 3, 2]);
    }
}
