//! Hackathons on the page of events.

use platform::{
    Context,
    db::DbError,
    module::{EventCard, EventMoment, Events},
};

use super::HackathonCard;
use crate::{
    FLAG,
    model::Phase,
    reads::{self, HackathonPart},
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
    EventCard {
        kind: "Hackathon",
        title: card.title.clone(),
        address: card.address(),
        moment: match card.phase {
            Phase::Submission | Phase::SubmissionClosed | Phase::Judging => EventMoment::Running,
            phase if phase.has_ended() => EventMoment::Past,
            _ => EventMoment::Coming,
        },
        state: (card.phase.heading().to_owned(), card.phase.class()),
        starts: card.timeline.submission_opens_at,
        ends: card.timeline.submission_closes_at,
        dates: card.when(),
        line: card.summary.clone(),
        picture: Some(card.banner()),
    }
}
