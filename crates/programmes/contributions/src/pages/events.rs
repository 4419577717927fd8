//! Seasons on the page of events.

use kernel::Timestamp;
use platform::{
    Context,
    db::DbError,
    module::{EventCard, EventMoment, Events},
};

use ui::patterns::Shape;

use crate::{
    reads::{self, SeasonPart, SeasonView},
    rules::seasons::SeasonState,
};

/// The list of the seasons.
pub(crate) const EVENTS: &[Events] = &[Events {
    flag: None,
    list: |context, most| Box::pin(seasons(context, most)),
    all: ("/seasons", "All seasons"),
}];

async fn seasons(context: &Context, most: i64) -> Result<Vec<EventCard>, DbError> {
    let found = reads::seasons(&context.db, SeasonPart::Public, None, most).await?;
    let now = context.now();
    Ok(found.iter().map(|season| card(season, now)).collect())
}

fn card(season: &SeasonView, now: Timestamp) -> EventCard {
    let (days, state) = (season.days(), season.state(now));
    let span = days.span(chrono_tz::UTC);
    let until = format!("{} to {}", days.first.format("%-d %b"), days.last.format("%-d %b %Y"));
    let opens = season.takes_registrations(now);
    EventCard {
        kind: "Season",
        title: season.name.clone(),
        address: format!("/seasons/{}", season.slug),
        moment: match state {
            SeasonState::Running => EventMoment::Running,
            SeasonState::Draft | SeasonState::Registration => EventMoment::Coming,
            SeasonState::Canceled | SeasonState::Ended | SeasonState::SignedOff => {
                EventMoment::Past
            }
        },
        state: (state.to_string(), state.class()),
        starts: span.starts_at,
        ends: span.ends_at,
        dates: if opens { format!("{until}, registration is open") } else { until },
        line: season.description.lines().next().unwrap_or_default().to_owned(),
        picture: Some(ui::drawn_as(Shape::Street, "season", &season.slug)),
    }
}
