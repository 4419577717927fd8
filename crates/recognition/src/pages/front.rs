//! The page that visitors see first: who runs the server, how to take part, what to pick up, what runs, and what happened.

use std::{cmp::Reverse, sync::Arc};

use askama::Template;
use axum::http::Extensions;
use chrono::TimeDelta;
use identity::model::{DemoPeople, SignInMethods};
use kernel::Timestamp;
use platform::{
    Context,
    module::{EventMoment, FrontEvent, FrontIssue, Modules},
};
use ui::{
    Community, PageResult, Who, drawn, drawn_as,
    format::{Dated, Instant, Number, dated},
    patterns::{Shape, street_side},
    show,
};

use super::{
    FirstPeople,
    front_moments::{Moment, earned, lately, moment},
    front_people::FrontPeople,
};
use crate::{Programmes, reads::latest_badges};

/// The number of people on the board.
const TOP: i64 = 5;

/// The number of seasons and events that are shown with their picture; the others are lists.
const EVENTS: usize = 2;

/// The number of those that come, as a list; the page of events has the rest.
const COMING: usize = 6;

/// The number of issues shown.
const ISSUES: usize = 3;

/// The number of badges among which one is chosen, and that of the days within which they were earned.
const BADGES: i64 = 40;
const BADGE_DAYS: i64 = 45;

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage {
    community: Community,
    /// The description of the community: its last sentence apart from those before.
    words: (String, String),
    /// The way to sign in, as words that end a sentence; empty without one that is open to everyone.
    joins: String,
    now: Instant,
    /// The people on the board, in words.
    people: Option<String>,
    /// Events that people can join, before others; if nothing runs or comes, events that were over lately.
    events: Vec<Event>,
    /// The others that run.
    also: Vec<Event>,
    /// Events that come, beside those that run.
    coming: Vec<Event>,
    issues: Vec<Issue>,
    open_issues: Number,
    first: FirstPeople,
    /// The heading of the first people.
    first_heading: &'static str,
    /// The one that is shown large.
    led: Option<Moment>,
    moments: Vec<Moment>,
}

/// An issue that people can claim, with the drawing of its repository.
struct Issue {
    own: FrontIssue,
    mark: String,
    /// A reviewer of it, and their part there.
    reviewer: Option<(Who, String)>,
}

/// A season or an event, with its drawing.
struct Event {
    own: FrontEvent,
    picture: String,
    /// The class of the side of the picture that is shown.
    side: &'static str,
    date: Dated,
    progress: Option<(Number, Number, &'static str)>,
}

impl FrontPage {
    /// Returns the heading of the events.
    fn heading(&self) -> &'static str {
        let all = |is: fn(&FrontEvent) -> bool| self.events.iter().all(|event| is(&event.own));
        if self.events.is_empty() {
            if self.is_new() { "The first day" } else { "What comes next" }
        } else if all(|event| event.moment == EventMoment::Running) {
            "Running now"
        } else if all(|event| event.moment == EventMoment::Past) {
            "Over lately"
        } else if all(|event| event.moment == EventMoment::Coming) && self.also.is_empty() {
            "What comes next"
        } else {
            "Running now, and next"
        }
    }

    /// Returns the events that are not shown large, with their words.
    fn others(&self) -> [(&'static str, &[Event]); 2] {
        [("Also running", &self.also), ("Upcoming", &self.coming)]
    }

    /// Returns the path that visitors without an account begin at: what they can take, else what there is.
    fn first_look(&self) -> &'static str {
        if !self.issues.is_empty() {
            return "/discover";
        }
        let known = ["/projects", "/events"].into_iter().find(|path| ui::frame::has_link(path));
        known.unwrap_or("/leaderboards")
    }

    /// Returns true before the first points.
    fn is_new(&self) -> bool {
        self.first.board.rows.is_empty() && self.moments.is_empty() && self.led.is_none()
    }
}

/// Shows the page.
pub(super) async fn page(
    context: &Context,
    modules: Modules,
    programmes: Programmes,
    extensions: &Extensions,
) -> PageResult {
    let now = context.now();
    let mut front = modules.front(context, extensions).await?;
    let first = FirstPeople::read(context, programmes, TOP).await?;
    let since = now - TimeDelta::days(BADGE_DAYS);
    let badges = latest_badges(&context.db, since, BADGES).await?;
    front.moments.extend(badges.into_iter().map(earned));
    front.moments.sort_by_key(|moment| Reverse(moment.at));
    let known = FrontPeople::read(context, &front).await?;
    let moments = front.moments.into_iter().filter_map(|own| moment(own, &known));
    let (led, moments) = lately(moments.collect());
    let [events, also, coming] = events(front.running, now);
    let people = first.board.people;
    show(&FrontPage {
        words: in_sentences(&ui::frame::community().description),
        community: ui::frame::community(),
        joins: joins(extensions),
        now: Instant(now),
        people: (people.0 > 0).then(|| people.of("person", "people")),
        events,
        also,
        coming,
        issues: issues(front.issues, &known),
        open_issues: Number(front.open_issues.unwrap_or(0)),
        first_heading: match first.month {
            Some(_) => "Most points this month",
            None => "Most all-time points",
        },
        first,
        led,
        moments,
    })
}

/// Returns the way to sign in that everyone has: a provider, or the accounts of a demo.
fn joins(extensions: &Extensions) -> String {
    let methods = extensions.get::<Arc<SignInMethods>>();
    let demo = extensions.get::<DemoPeople>().is_some_and(|demo| !demo.0.is_empty());
    match methods.and_then(|methods| methods.providers.first()) {
        Some((_, name)) => format!("with {name}"),
        None if demo => "with a demo account".to_owned(),
        None => String::new(),
    }
}

/// Returns the issues that are shown: those with a reviewer who may be named before others.
fn issues(found: Vec<FrontIssue>, people: &FrontPeople) -> Vec<Issue> {
    let mut issues: Vec<Issue> = found.into_iter().map(|own| issue(own, people)).collect();
    issues.sort_by_key(|issue| issue.reviewer.is_none());
    issues.truncate(ISSUES);
    issues
}

fn issue(own: FrontIssue, people: &FrontPeople) -> Issue {
    let name = own.repository.rsplit('/').next().unwrap_or_default();
    let reviewer = own.reviewers.iter().find_map(|reviewer| {
        let who = people.beside(reviewer.person, reviewer.part)?;
        Some((who.clone(), reviewer.words.clone()))
    });
    Issue { mark: drawn("project", name), reviewer, own }
}

/// Divides a description before its last sentence.
fn in_sentences(text: &str) -> (String, String) {
    match text.rsplit_once(". ") {
        Some((before, last)) => (format!("{before}."), last.to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

/// Divides events: those that are shown large, which people can join if there are some, what else runs, and what else comes. What
/// runs is before what comes, and that before what is over, the latest first; of each what is next.
fn events(mut all: Vec<FrontEvent>, now: Timestamp) -> [Vec<Event>; 3] {
    let order = |event: &FrontEvent| {
        let time = event.date.at.timestamp();
        let time = if event.moment == EventMoment::Past { -time } else { time };
        (!event.takes_people, event.moment, time)
    };
    all.sort_by_key(order);
    let has_present = all.iter().any(|event| event.moment != EventMoment::Past);
    all.retain(|event| !has_present || event.moment != EventMoment::Past);
    let mut all = all.into_iter().map(|own| event(own, now));
    let events: Vec<Event> = all.by_ref().take(EVENTS).collect();
    let (also, rest): (Vec<Event>, Vec<Event>) =
        all.partition(|event| event.own.moment == EventMoment::Running);
    let coming = rest.into_iter().filter(|event| event.own.moment == EventMoment::Coming);
    [events, also, coming.take(COMING).collect()]
}

fn event(own: FrontEvent, now: Timestamp) -> Event {
    Event {
        date: dated(&own.date, &Instant(now)),
        side: match own.stored {
            Some(_) => "",
            None => street_side(own.picture.0, &own.picture.1),
        },
        picture: (own.stored.clone())
            .unwrap_or_else(|| drawn_as(Shape::Street, own.picture.0, &own.picture.1)),
        progress: own.progress.map(|(done, all, words)| (Number(done), Number(all), words)),
        own,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use identity::model::ProfilePart;
    use platform::module::FrontReviewer;

    use super::*;

    #[test]
    fn the_last_sentence_of_a_description_stands_apart() {
        let divided = |text: &str| in_sentences(text);
        assert_eq!(divided("We build. Join us."), ("We build.".to_owned(), "Join us.".to_owned()));
        assert_eq!(divided("We build."), ("We build.".to_owned(), String::new()));
        assert_eq!(divided(""), (String::new(), String::new()));
    }

    #[test]
    fn issues_with_a_reviewer_who_may_be_named_come_first() {
        let [ada, bo, minor] = [1, 2, 3].map(uuid::Uuid::from_u128);
        let people = FrontPeople(HashMap::from([
            (ada.into(), (Who::of("ada"), vec![ProfilePart::Badges])),
            (bo.into(), (Who::of("bo"), vec![ProfilePart::Work])),
        ]));
        let reviewer = |person| FrontReviewer {
            person,
            part: ProfilePart::Work.as_str(),
            words: "reviews in Lantern".to_owned(),
        };
        let issue = |title: &str, reviewers: &[uuid::Uuid]| FrontIssue {
            title: title.to_owned(),
            address: String::new(),
            line: String::new(),
            language: None,
            effort: String::new(),
            repository: "octo-org/lantern".to_owned(),
            repository_id: uuid::Uuid::nil(),
            answers: String::new(),
            reviewers: reviewers.iter().copied().map(reviewer).collect(),
        };
        let found = vec![
            issue("first", &[]),
            issue("second", &[minor, bo]),
            issue("third", &[bo, ada]),
            issue("fourth", &[]),
        ];
        let shown = issues(found, &people);
        let shown = shown.iter().map(|it| {
            let reviewer = it.reviewer.as_ref().map(|(who, _)| who.called());
            (it.own.title.as_str(), reviewer)
        });
        let expected = [("third", Some("ada")), ("first", None), ("second", None)];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_runs_comes_before_what_can_be_joined_later() {
        use EventMoment::{Coming, Past, Running};
        let event = |title: &str, moment, takes_people, day: i64| FrontEvent {
            title: title.to_owned(),
            address: String::new(),
            line: String::new(),
            moment,
            date: platform::module::EventDate {
                says: "Closes",
                at: Timestamp::UNIX_EPOCH + TimeDelta::days(day),
                is_day: true,
            },
            takes_people,
            action: "Details",
            progress: None,
            note: String::new(),
            aside: String::new(),
            picture: ("hackathon", title.to_owned()),
            stored: None,
        };
        let running = [
            event("closed", Running, false, 30),
            event("ends soon", Running, false, 21),
            event("open", Running, true, 40),
        ];
        let others = vec![
            event("over", Past, false, 19),
            event("long over", Past, false, 1),
            event("later", Coming, false, 22),
            event("applications", Coming, true, 29),
        ];
        let shown = |all: Vec<FrontEvent>| {
            let parts = events(all, Timestamp::UNIX_EPOCH + TimeDelta::days(20));
            parts.map(|part| part.into_iter().map(|it| it.own.title).collect::<Vec<_>>().join(", "))
        };
        let all = running.iter().chain(&others).cloned().collect();
        assert_eq!(shown(all), ["open, applications", "ends soon, closed", "later"]);
        assert_eq!(shown(running.to_vec()), ["open, ends soon", "closed", ""]);
        assert_eq!(shown(others), ["applications, later", "", ""]);
        let over = vec![event("over", Past, false, 19), event("long over", Past, false, 1)];
        assert_eq!(shown(over), ["over, long over", "", ""]);
    }
}
