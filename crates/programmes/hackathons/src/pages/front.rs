//! The part of the visitors' page: hackathons that run or come, and those who won.

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    Context,
    module::{Front, FrontEvent, FrontMoment},
    web::WebError,
};
use ui::format::Number;
use uuid::Uuid;

use crate::{
    model::Phase,
    reads::{self, HackathonWithPeople, PublicProject},
    rules::taken::Taken,
};

/// The number of hackathons read, latest first.
const HACKATHONS: i64 = 20;

/// The number of winners shown.
const WINNERS: i64 = 2;

/// The most characters of the line about a project.
const LINE: usize = 160;

/// The number of days for which a hackathon is shown after its results.
const AFTER: i64 = 30;

/// Reads the part.
pub(crate) async fn front(context: &Context) -> Result<Front, WebError> {
    let now = context.now();
    let found = reads::listed_with_people(&context.db, HACKATHONS).await?;
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
    let (state, at, action) = match hackathon.phase(now) {
        Phase::Upcoming => ("Applications open", times.application_opens_at, "Look at it"),
        Phase::Applications => ("Applications close", times.application_closes_at, "Apply"),
        Phase::ApplicationsClosed => ("Begins", times.submission_opens_at, "Look at it"),
        Phase::Submission => ("Submissions close", times.submission_closes_at, "Look at it"),
        Phase::SubmissionClosed => ("Judging begins", times.judging_opens_at, "Look at it"),
        Phase::Judging => ("Judging ends", times.judging_closes_at, "Look at it"),
        Phase::JudgingClosed => ("Judging ended", times.judging_closes_at, "Look at it"),
        Phase::Completed => {
            let at = hackathon.steps().results_published_at?;
            if now - at > TimeDelta::days(AFTER) {
                return None;
            }
            ("Results published", at, "See the results")
        }
        Phase::Draft | Phase::Archived | Phase::Canceled => return None,
    };
    let is_over = hackathon.phase(now).has_ended();
    let takes_people = hackathon.phase(now) == Phase::Applications;
    let capacity = hackathon.capacity.filter(|_| takes_people);
    let taken = Taken::of(capacity, found.people, hackathon.places);
    let begins = times.submission_opens_at.with_timezone(&hackathon.zone());
    let aside = match taken.progress {
        Some(_) => begins.format("begins on %a %-d %b").to_string(),
        None if found.people > 0 => Number(found.people).of("person is in", "people are in"),
        None => String::new(),
    };
    let action = if taken.note.is_empty() { action } else { "Join the waitlist" };
    Some(FrontEvent {
        title: hackathon.title.clone(),
        address: hackathon.address(),
        line: hackathon.summary.clone(),
        state,
        at: Some(at),
        is_open: !is_over && hackathon.phase(now) != Phase::Upcoming,
        takes_people,
        is_over,
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
        person: None,
        words: format!("won {}", project.hackathon),
        link: (project.title, address),
        line: project.summary.lines().next().unwrap_or_default().chars().take(LINE).collect(),
        picture,
        stored: project.picture,
        people,
    }
}
