//! Hackathons on the page of events.

use platform::{
    Context,
    db::DbError,
    module::{EventCard, EventMoment, Events},
};

use super::HackathonCard;
use crate::{
    FLAG,
    reads::{self, HackathonPart},
    rules::timeline::event_date,
};

/// The list of the hackathons.
pub(crate) const EVENTS: &[Events] = &[Events {
    flag: Some(FLAG),
    list: |context, most| Box::pin(hackathons(context, most)),
    all: ("/hackathons", "All hackathons"),
}];

async fn hackathons(context: &Context, most: i64) -> Result<Vec<EventCard>, DbError> {
    let found = reads::hackathons(&context.db, HackathonPart::Listed, None, most).await?;
    let now = context.now();
    Ok(found.iter().map(|hackathon| card(&HackathonCard::of(hackathon, now))).collect())
}

fn card(card: &HackathonCard) -> EventCard {
    let moment = card.phase.moment();
    EventCard {
        kind: "Hackathon",
        title: card.title.clone(),
        address: card.address(),
        moment,
        state: (card.phase.heading().to_owned(), card.phase.class()),
        starts: card.timeline.submission_opens_at,
        ends: card.timeline.submission_closes_at,
        date: event_date(card.phase, &card.timeline, &card.steps),
        dates: match moment {
            EventMoment::Past => card.when(),
            EventMoment::Running | EventMoment::Coming => String::new(),
        },
        line: card.summary.clone(),
        picture: Some(card.banner()),
    }
}
