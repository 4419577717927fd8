//! The page of events: what runs, what comes and what was, of all modules.

use askama::Template;
use axum::{Extension, extract::State};
use platform::{
    Context,
    module::{EventCard, EventMoment, MOST_EVENTS, Modules},
};
use ui::{
    PageResult,
    format::{Dated, Instant, dated},
    frame, show,
};

/// The number of past events on the page; the lists of the modules have the rest.
const PAST: usize = 12;

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage {
    /// The parts of the page that have events, with their IDs and headings.
    parts: Vec<(&'static str, &'static str, Vec<EventCard>)>,
    /// The pages that list all events of a kind, with their names.
    all: Vec<(&'static str, &'static str)>,
    now: Instant,
}

impl EventsPage {
    /// Returns the next date of an event; `None` of a past one.
    fn date(&self, card: &EventCard) -> Option<Dated> {
        let next = card.date.filter(|_| card.moment != EventMoment::Past);
        next.map(|date| dated(&date, &self.now))
    }
}

/// `GET /events`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
) -> PageResult {
    let mut cards = Vec::new();
    let mut all = Vec::new();
    for events in modules.events() {
        if events.flag.is_none_or(frame::shows) {
            cards.extend((events.list)(&context, MOST_EVENTS).await?);
            all.push(events.all);
        }
    }
    show(&EventsPage { parts: parts(cards), all, now: Instant(context.now()) })
}

/// Divides events by where they are in time: what has the next date first, what starts first, and what ended last comes first.
fn parts(cards: Vec<EventCard>) -> Vec<(&'static str, &'static str, Vec<EventCard>)> {
    let (mut running, mut coming, mut past) = (Vec::new(), Vec::new(), Vec::new());
    for card in cards {
        match card.moment {
            EventMoment::Running => running.push(card),
            EventMoment::Coming => coming.push(card),
            EventMoment::Past => past.push(card),
        }
    }
    let next = |card: &EventCard| card.date.map_or(card.ends, |date| date.at);
    running.sort_by(|one, other| (next(one), &one.address).cmp(&(next(other), &other.address)));
    coming.sort_by(|one, other| (one.starts, &one.address).cmp(&(other.starts, &other.address)));
    past.sort_by(|one, other| (other.ends, &one.address).cmp(&(one.ends, &other.address)));
    past.truncate(PAST);
    let parts =
        [("running", "Running", running), ("coming", "Upcoming", coming), ("past", "Past", past)];
    parts.into_iter().filter(|(.., cards)| !cards.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    fn event(title: &str, moment: EventMoment, day: i64) -> EventCard {
        let at = |day: i64| Timestamp::from_timestamp(day * 86_400, 0).expect("a day");
        EventCard {
            kind: "Season",
            title: title.to_owned(),
            address: format!("/seasons/{title}"),
            moment,
            state: ("Running".to_owned(), "t-azure"),
            starts: at(day),
            ends: at(day + 7),
            date: None,
            dates: String::new(),
            line: String::new(),
            picture: None,
        }
    }

    #[test]
    fn what_needs_attention_first_comes_first() {
        let cards = vec![
            event("last-year", EventMoment::Past, 10),
            event("last-month", EventMoment::Past, 300),
            event("in-a-month", EventMoment::Coming, 400),
            event("in-a-week", EventMoment::Coming, 380),
            event("now", EventMoment::Running, 360),
        ];
        let shown: Vec<(&str, Vec<String>)> = parts(cards)
            .into_iter()
            .map(|(id, _, cards)| (id, cards.into_iter().map(|card| card.title).collect()))
            .collect();
        let names =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            shown,
            [
                ("running", names(&["now"])),
                ("coming", names(&["in-a-week", "in-a-month"])),
                ("past", names(&["last-month", "last-year"])),
            ]
        );
        assert!(parts(Vec::new()).is_empty());
    }
}
