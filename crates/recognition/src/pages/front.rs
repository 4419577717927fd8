//! The page that visitors see first: who runs the server, how to take part, what to pick up, what runs, and what happened.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::http::Extensions;
use identity::model::{SignInMethods, UserId};
use platform::{
    Context,
    module::{FrontEvent, FrontIssue, FrontMoment, Modules},
};
use ui::{
    Community, PageResult, Who, drawn, drawn_as,
    format::{self, Instant, Number},
    patterns::Shape,
    show,
};

use super::FirstPeople;
use crate::Programmes;

/// The number of people on the board.
const TOP: i64 = 5;

/// The number of seasons and events shown.
const EVENTS: usize = 2;

/// The number of issues shown.
const ISSUES: usize = 3;

/// The number of moments shown.
const MOMENTS: usize = 4;

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage {
    community: Community,
    /// The description of the community: its last sentence apart from those before.
    words: (String, String),
    /// True if people can sign in with GitHub.
    has_github: bool,
    now: Instant,
    /// The people on the board, in words.
    people: Option<String>,
    events: Vec<Event>,
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
    at: Option<Instant>,
    progress: Option<(Number, Number, &'static str)>,
}

/// Something that happened, with the name of the person.
struct Moment {
    at: Instant,
    person: Option<Who>,
    words: String,
    title: String,
    address: String,
    line: String,
    picture: Option<String>,
}

impl FrontPage {
    /// Returns true if nothing runs now; what comes and what is over may be shown.
    fn is_between(&self) -> bool {
        !self.events.iter().any(|event| event.own.is_open)
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
    let mut front = modules.front(context, extensions).await?;
    let first = FirstPeople::read(context, programmes, TOP).await?;
    front.issues.truncate(ISSUES);
    front.moments.sort_by_key(|moment| std::cmp::Reverse(moment.at));
    let mut moments = moments(context, front.moments).await?;
    let led = moments.iter().position(|moment| moment.picture.is_some());
    let led = led.map(|place| moments.remove(place));
    if led.is_some() && moments.iter().filter(|it| it.person.is_some()).count() >= MOMENTS {
        moments.retain(|moment| moment.person.is_some());
    }
    moments.truncate(MOMENTS);
    let methods = extensions.get::<Arc<SignInMethods>>();
    let is_github = |(key, _): &(String, String)| key == "github";
    let people = first.board.people;
    show(&FrontPage {
        words: in_sentences(&ui::frame::community().description),
        community: ui::frame::community(),
        has_github: methods.is_some_and(|all| all.providers.iter().any(is_github)),
        now: Instant(context.now()),
        people: (people.0 > 0).then(|| people.of("person", "people")),
        events: events(front.running),
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

/// Chooses what people can join now, then what is open, what comes next, and what is over, each by its time.
fn events(mut running: Vec<FrontEvent>) -> Vec<Event> {
    let order = |event: &FrontEvent| {
        let time = event.at.map_or(0, |at| at.timestamp());
        (
            !event.takes_people,
            !event.is_open,
            event.is_over,
            if event.is_over { -time } else { time },
        )
    };
    running.sort_by_key(order);
    running.truncate(EVENTS);
    let event = |own: FrontEvent| Event {
        at: own.at.map(Instant),
        picture: (own.stored.clone())
            .unwrap_or_else(|| drawn_as(Shape::Street, own.picture.0, &own.picture.1)),
        progress: own.progress.map(|(done, all, words)| (Number(done), Number(all), words)),
        own,
    };
    running.into_iter().map(event).collect()
}

/// Names the people of moments. Those of people without a profile are left out.
async fn moments(
    context: &Context,
    found: Vec<FrontMoment>,
) -> Result<Vec<Moment>, platform::web::WebError> {
    let people = found.iter().filter_map(|moment| moment.person.map(UserId::new));
    let people = identity::reads::who(&context.db, people).await?;
    Ok(found.into_iter().filter_map(|own| moment(own, &people)).collect())
}

fn moment(own: FrontMoment, people: &HashMap<UserId, Who>) -> Option<Moment> {
    let person = match own.person {
        None => None,
        Some(id) => Some(people.get(&UserId::new(id)).filter(|who| who.has_page)?.clone()),
    };
    let (title, address) = own.link;
    let picture = own.picture.map(|(kind, name)| drawn_as(Shape::Field, kind, &name));
    let at = Instant(own.at);
    Some(Moment { at, person, words: own.words, title, address, line: own.line, picture })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sentence_of_a_description_stands_apart() {
        let divided = |text: &str| in_sentences(text);
        assert_eq!(divided("We build. Join us."), ("We build.".to_owned(), "Join us.".to_owned()));
        assert_eq!(divided("We build."), ("We build.".to_owned(), String::new()));
        assert_eq!(divided(""), (String::new(), String::new()));
    }
}
