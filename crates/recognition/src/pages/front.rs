//! The page that visitors see first: who runs the server, how to take part, what to pick up, what runs, and what happened.

use std::collections::HashMap;

use askama::Template;
use axum::http::Extensions;
use identity::model::UserId;
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
    /// The people on the board, in words.
    people: Option<String>,
    events: Vec<Event>,
    issues: Vec<Issue>,
    open_issues: Number,
    first: FirstPeople,
    /// The heading of the first people.
    first_heading: String,
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
}

impl FrontPage {
    /// Returns true if nothing runs now; what comes and what is over may be shown.
    fn is_between(&self) -> bool {
        !self.events.iter().any(|event| event.own.is_open)
    }

    /// Returns true before the first points.
    fn is_new(&self) -> bool {
        self.first.board.rows.is_empty() && self.moments.is_empty()
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
    let moments = moments(context, front.moments).await?;
    let people = first.board.people;
    show(&FrontPage {
        community: ui::frame::community(),
        people: (people.0 > 0).then(|| people.of("person", "people")),
        events: events(front.running),
        issues: front.issues.into_iter().map(issue).collect(),
        open_issues: Number(front.open_issues.unwrap_or(0)),
        first_heading: match first.month {
            Some(month) => format!("Most points in {}", format::month(month)),
            None => "Most all-time points".to_owned(),
        },
        first,
        moments,
    })
}

fn issue(own: FrontIssue) -> Issue {
    let name = own.repository.rsplit('/').next().unwrap_or_default();
    Issue { mark: drawn("project", name), own }
}

/// Chooses what is open, then what comes next, then what is over, each by its time.
fn events(mut running: Vec<FrontEvent>) -> Vec<Event> {
    let order = |event: &FrontEvent| {
        let time = event.at.map_or(0, |at| at.timestamp());
        (!event.is_open, event.is_over, if event.is_over { -time } else { time })
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
    Ok(found.into_iter().filter_map(|own| moment(own, &people)).take(MOMENTS).collect())
}

fn moment(own: FrontMoment, people: &HashMap<UserId, Who>) -> Option<Moment> {
    let person = match own.person {
        None => None,
        Some(id) => Some(people.get(&UserId::new(id)).filter(|who| who.has_page)?.clone()),
    };
    let (title, address) = own.link;
    Some(Moment { at: Instant(own.at), person, words: own.words, title, address })
}
