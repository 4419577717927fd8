//! The part of the visitors' page: hackathons that run or come, and those who won.

use chrono::TimeDelta;
use identity::model::ProfilePart;
use kernel::Timestamp;
use platform::{
    Context,
    module::{EventMoment, Front, FrontEvent, FrontMoment, MOST_EVENTS},
    web::WebError,
};
use ui::format::Number;
use uuid::Uuid;

use crate::{
    model::Phase,
    reads::{self, HackathonWithPeople, PublicProject},
    rules::{
        applications::takes_everyone, taken::Taken, timeline::event_date, waitlist::free_places,
    },
};

/// The number of winners that the page chooses from.
const WINNERS: i64 = 4;

/// The most characters of the line about a project.
const LINE: usize = 160;

/// The number of days for which a hackathon is shown after its results.
const AFTER: i64 = 30;

/// Reads the part.
pub(crate) async fn front(context: &Context) -> Result<Front, WebError> {
    let now = context.now();
    let found = reads::listed_with_people(&context.db, MOST_EVENTS).await?;
    let winners = reads::winners(&context.db, WINNERS).await?;
    Ok(Front {
        running: found.iter().filter_map(|hackathon| event(hackathon, now)).collect(),
        moments: winners.into_iter().map(moment).collect(),
        ..Front::default()
    })
}

/// Describes a hackathon, unless it does not take place or was over long ago.
fn event(found: &HackathonWithPeople, now: Timestamp) -> Option<FrontEvent> {
    let hackathon = &found.hackathon;
    let times = hackathon.timeline();
    let phase = hackathon.phase(now);
    let moment = phase.moment();
    let date = event_date(phase, &times, &hackathon.steps())?;
    let was_long_ago = phase > Phase::JudgingClosed && now - date.at > TimeDelta::days(AFTER);
    if phase == Phase::Archived || was_long_ago {
        return None;
    }
    let free = free_places(hackathon.capacity, found.people);
    let takes_people =
        takes_everyone(hackathon.visibility, phase, hackathon.late_registration, free);
    let action = match phase {
        Phase::Completed => "See the results",
        _ if takes_people => "Apply",
        _ => "Details",
    };
    let capacity = hackathon.capacity.filter(|_| takes_people);
    let taken = Taken::of(capacity, found.people, hackathon.places);
    let begins = times.submission_opens_at.with_timezone(&hackathon.zone());
    let aside = match taken.progress {
        Some(_) if moment == EventMoment::Coming => {
            begins.format("begins on %a %-d %b").to_string()
        }
        Some(_) => String::new(),
        None if found.people > 0 => Number(found.people).of("person is in", "people are in"),
        None => String::new(),
    };
    let action = if taken.note.is_empty() { action } else { "Join the waitlist" };
    Some(FrontEvent {
        title: hackathon.title.clone(),
        address: hackathon.address(),
        line: hackathon.summary.clone(),
        moment,
        date,
        takes_people,
        action,
        progress: taken.progress,
        note: taken.note.to_owned(),
        aside,
        picture: ("hackathon", hackathon.slug.clone()),
        stored: hackathon.picture().map(|(path, _)| path),
    })
}

fn moment((project, people): (PublicProject, Vec<Uuid>)) -> FrontMoment {
    let address = project.address();
    let picture = Some(("submission", project.id.to_string()));
    FrontMoment {
        at: project.results_published_at,
        kind: "win",
        is_routine: false,
        part: ProfilePart::Results.as_str(),
        person: None,
        words: format!("won {}", project.hackathon),
        link: (project.title, address),
        line: project.summary.lines().next().unwrap_or_default().chars().take(LINE).collect(),
        picture,
        stored: project.picture,
        people,
        otherwise: None,
    }
}
