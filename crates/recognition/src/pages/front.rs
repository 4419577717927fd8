//! The page that visitors see first: who runs the server, how to take part, what to pick up, what runs, and what happened.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::http::Extensions;
use identity::model::{DemoPeople, SignInMethods, UserId};
use kernel::{Timestamp, listed};
use platform::{
    Context,
    module::{EventMoment, FrontEvent, FrontIssue, FrontMoment, Modules},
};
use ui::{
    Community, PageResult, Who, drawn, drawn_as,
    format::{self, Dated, Instant, Number, dated},
    patterns::{Shape, street_side},
    show,
};

use super::FirstPeople;
use crate::Programmes;

/// The number of people on the board.
const TOP: i64 = 5;

/// The number of seasons and events that are shown with their picture; the others are lists.
const EVENTS: usize = 2;

/// The number of those that come, as a list; the page of events has the rest.
const COMING: usize = 6;

/// The number of issues shown.
const ISSUES: usize = 3;

/// The number of moments shown, and that of one kind while there are others.
const MOMENTS: usize = 4;
const OF_A_KIND: usize = 2;

/// The number of faces of a team.
const FACES: usize = 4;

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
    first_heading: String,
    /// The one that is shown large.
    led: Option<Moment>,
    moments: Vec<Moment>,
}

/// An issue that people can claim, with the drawing of its repository.
struct Issue {
    own: FrontIssue,
    mark: String,
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

/// Something that happened, with the name of the person.
struct Moment {
    at: Instant,
    kind: &'static str,
    person: Option<Who>,
    /// The people who did it together, and their names in words.
    people: Vec<Who>,
    names: String,
    words: String,
    title: String,
    address: String,
    line: String,
    picture: Option<String>,
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
        [("Also running", &self.also), ("Coming", &self.coming)]
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
    front.issues.truncate(ISSUES);
    front.moments.sort_by_key(|moment| std::cmp::Reverse(moment.at));
    let mut moments = moments(context, front.moments).await?;
    let led = moments.iter().position(|moment| moment.picture.is_some());
    let led = led.map(|place| moments.remove(place));
    // The page shows one victory large: another beside it would read like the same one.
    if led.is_some() {
        moments.retain(|moment| moment.picture.is_none());
    }
    let moments = mixed(moments);
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
        issues: front.issues.into_iter().map(issue).collect(),
        open_issues: Number(front.open_issues.unwrap_or(0)),
        first_heading: match first.month {
            Some(month) => format!("Most points in {}", format::month(month)),
            None => "Most all-time points".to_owned(),
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

/// Chooses the latest moments, at most two of a kind while there are others.
fn mixed(moments: Vec<Moment>) -> Vec<Moment> {
    let mut of_kind: HashMap<&'static str, usize> = HashMap::new();
    let (mut chosen, others): (Vec<Moment>, Vec<Moment>) =
        moments.into_iter().partition(|moment| {
            let count = of_kind.entry(moment.kind).or_default();
            *count += 1;
            *count <= OF_A_KIND
        });
    chosen.truncate(MOMENTS);
    let missing = MOMENTS - chosen.len();
    chosen.extend(others.into_iter().take(missing));
    chosen.sort_by_key(|moment| std::cmp::Reverse(moment.at));
    chosen
}

fn issue(own: FrontIssue) -> Issue {
    let name = own.repository.rsplit('/').next().unwrap_or_default();
    Issue { mark: drawn("project", name), own }
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

/// Names the people of moments. Those of people without a profile are left out.
async fn moments(
    context: &Context,
    found: Vec<FrontMoment>,
) -> Result<Vec<Moment>, platform::web::WebError> {
    let all = found.iter().flat_map(|moment| moment.people.iter().chain(&moment.person));
    let people: Vec<UserId> = all.map(|id| UserId::new(*id)).collect();
    let people = identity::reads::who(&context.db, people).await?;
    Ok(found.into_iter().filter_map(|own| moment(own, &people)).collect())
}

fn moment(own: FrontMoment, people: &HashMap<UserId, Who>) -> Option<Moment> {
    let person = match own.person {
        None => None,
        Some(id) => Some(people.get(&UserId::new(id)).filter(|who| who.has_page)?.clone()),
    };
    let (title, address) = own.link;
    let drawn = own.picture.map(|(kind, name)| drawn_as(Shape::Field, kind, &name));
    let team = own.people.iter().filter_map(|id| people.get(&UserId::new(*id)));
    let team: Vec<Who> = team.filter(|who| !who.is_gone()).cloned().collect();
    Some(Moment {
        at: Instant(own.at),
        kind: own.kind,
        person,
        names: names(&team),
        people: team.into_iter().take(FACES).collect(),
        words: own.words,
        title,
        address,
        line: own.line,
        picture: own.stored.or(drawn),
    })
}

/// Returns the names of the people of a team; the number of those after the first ones.
fn names(team: &[Who]) -> String {
    let mut names: Vec<String> =
        team.iter().take(FACES).map(|who| format::tame(who.called())).collect();
    if team.len() > FACES {
        names.truncate(FACES - 1);
        names.push(format!("{} others", team.len() - names.len()));
    }
    listed(&names, "and")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_last_sentence_of_a_description_stands_apart() {
        let divided = |text: &str| in_sentences(text);
        assert_eq!(divided("We build. Join us."), ("We build.".to_owned(), "Join us.".to_owned()));
        assert_eq!(divided("We build."), ("We build.".to_owned(), String::new()));
        assert_eq!(divided(""), (String::new(), String::new()));
    }

    fn moment(kind: &'static str, minute: i64) -> Moment {
        Moment {
            at: Instant(Timestamp::UNIX_EPOCH - TimeDelta::minutes(minute)),
            kind,
            person: None,
            people: Vec::new(),
            names: String::new(),
            words: String::new(),
            title: minute.to_string(),
            address: String::new(),
            line: String::new(),
            picture: None,
        }
    }

    #[test]
    fn two_of_a_kind_leave_a_place_for_others() {
        for (kinds, shown) in [
            (&["merge", "merge", "merge", "merge", "win", "first"][..], &["0", "1", "4", "5"][..]),
            (&["merge", "merge", "merge", "merge", "merge", "win"], &["0", "1", "2", "5"]),
            (&["merge", "merge", "merge"], &["0", "1", "2"]),
        ] {
            let all = kinds.iter().enumerate();
            let all = all.map(|(minute, kind)| moment(kind, minute as i64)).collect();
            let titles: Vec<String> = mixed(all).into_iter().map(|moment| moment.title).collect();
            assert_eq!(titles, shown);
        }
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
            action: "Look at it",
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

    #[test]
    fn large_teams_are_counted_after_three_names() {
        let team = |count: usize| -> Vec<Who> {
            ["ada", "bo", "cy", "di", "ed"].iter().take(count).map(|name| Who::of(*name)).collect()
        };
        for (count, words) in
            [(0, ""), (2, "ada and bo"), (4, "ada, bo, cy and di"), (5, "ada, bo, cy and 2 others")]
        {
            assert_eq!(names(&team(count)), words);
        }
    }
}
