//! Seasons on the page of events.

use kernel::Timestamp;
use platform::{
    Context,
    db::DbError,
    module::{EventCard, EventMoment, Events},
};

use ui::patterns::Shape;

use crate::{
    FLAG,
    reads::{self, SeasonPart, SeasonView},
};

/// The list of the seasons.
pub(crate) const EVENTS: &[Events] = &[Events {
    flag: Some(FLAG),
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
    EventCard {
        kind: "Season",
        title: season.name.clone(),
        address: format!("/seasons/{}", season.slug),
        moment: state.moment(),
        state: (state.to_string(), state.class()),
        starts: span.starts_at,
        ends: span.ends_at,
        date: state.date(days, now),
        dates: match state.moment() {
            EventMoment::Past => days.to_string(),
            _ if season.takes_registrations(now) => "Registration is open".to_owned(),
            _ => String::new(),
        },
        line: season.description.lines().next().unwrap_or_default().to_owned(),
        picture: Some(ui::drawn_as(Shape::Street, "season", &season.slug)),
    }
}
