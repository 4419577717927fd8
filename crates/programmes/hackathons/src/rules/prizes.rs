//! Validation of prizes and claims, and decisions on awards.

use chrono::TimeDelta;
use kernel::{Checks, Problem, ProblemKind, typed};

use super::{
    invalid,
    tracks::{Track, all_known},
};
use crate::model::{Phase, PrizeState};

/// The maximum number of characters of the name of a prize, of its sponsor and its value.
pub const TEXT: usize = 100;
/// The maximum number of characters of claim details.
pub const CLAIM: usize = 1_000;
/// The maximum number of characters of a reason.
pub const REASON: usize = 500;
/// The maximum number of prizes of a hackathon.
pub const MOST_PRIZES: usize = 100;
/// The highest number of awards of a prize, and the highest position.
pub const MOST: i64 = 1_000;
/// How long an award waits until the organizers are reminded.
pub const ORGANIZERS_AFTER: TimeDelta = TimeDelta::days(7);
/// How long it waits until admins are alerted.
pub const ADMINS_AFTER: TimeDelta = TimeDelta::days(14);

/// The details of a prize as they were typed. Absent fields stay as they are, or have their default in a new prize.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrizeInput {
    pub name: Option<String>,
    /// The slug of a track of the hackathon; empty for none.
    pub track: Option<String>,
    /// The sponsor; empty for none.
    pub sponsor: Option<String>,
    /// The value in words; empty if it is not stated.
    pub value: Option<String>,
    /// The number of submissions that can get it.
    pub count: Option<String>,
    /// The position in lists, lowest first.
    pub position: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrizeDetails {
    pub name: String,
    /// The slug of a track of the hackathon; empty for none.
    pub track: String,
    /// The sponsor; empty for none.
    pub sponsor: String,
    /// The value in words; empty if it is not stated.
    pub value: String,
    /// The number of submissions that can get it, from 1 to [`MOST`].
    pub count: i64,
    /// The position in lists, from 0 to [`MOST`].
    pub position: i64,
}

impl PrizeDetails {
    /// Returns the details that an input describes, with those of `before` where it is silent. `awarded` is the number of
    /// submissions that have the prize, and `tracks` are those of the hackathon.
    ///
    /// # Errors
    /// When the name is missing, a field is not valid, the hackathon has no such track, or fewer prizes would be left than are
    /// awarded. The problem names the field.
    pub fn read(
        input: &PrizeInput,
        before: Option<&Self>,
        awarded: i64,
        tracks: &[Track],
    ) -> Result<Self, Problem> {
        let given = input.name.as_deref();
        let name = given.or(before.map(|it| it.name.as_str()));
        let name = typed::line(name.unwrap_or_default(), "The name", TEXT);
        let position = before.map_or(0, |it| it.position);
        let sponsor = before.map(|it| it.sponsor.as_str());
        let value = before.map(|it| it.value.as_str());
        let mut checks = Checks::default();
        let details = Self {
            name: checks.read(name.map_err(|detail| invalid("name", detail))),
            track: match (&input.track, before) {
                (Some(slug), _) => checks.read(known_track(slug.trim(), tracks)),
                (None, before) => before.map(|it| it.track.clone()).unwrap_or_default(),
            },
            sponsor: checks.read(line(
                "sponsor",
                "The sponsor",
                input.sponsor.as_deref().or(sponsor),
            )),
            value: checks.read(line("value", "The value", input.value.as_deref().or(value))),
            count: checks.read(count(input, before, awarded)),
            position: checks.read(number("position", input.position.as_deref(), 0, position)),
        };
        checks.finish(details)
    }
}

fn count(input: &PrizeInput, before: Option<&PrizeDetails>, awarded: i64) -> Result<i64, Problem> {
    let count = number("count", input.count.as_deref(), 1, before.map_or(1, |it| it.count))?;
    if count >= awarded {
        return Ok(count);
    }
    let detail = format!(
        "{awarded} of this prize are awarded. Take awards back first, or enter a higher number."
    );
    Err(invalid("count", detail))
}

fn known_track(slug: &str, tracks: &[Track]) -> Result<String, Problem> {
    if slug.contains(',') {
        Err(invalid("track", "A prize has one track. Choose one.".to_owned()))
    } else {
        all_known(tracks, slug).map(|()| slug.to_owned()).map_err(|problem| problem.at("track"))
    }
}

fn line(field: &'static str, what: &str, text: Option<&str>) -> Result<String, Problem> {
    let text = typed::optional_line(text.unwrap_or_default(), what, TEXT);
    text.map_err(|detail| invalid(field, detail))
}

/// Reads a whole number of at least `least`; the empty text is the default.
fn number(
    field: &'static str,
    given: Option<&str>,
    least: i64,
    default: i64,
) -> Result<i64, Problem> {
    let given = given.map(str::trim).unwrap_or_default();
    if given.is_empty() {
        return Ok(default);
    }
    match given.parse() {
        Ok(number) if (least..=MOST).contains(&number) => Ok(number),
        _ => {
            let detail =
                format!("'{given}' is not a whole number from {least} to {MOST}. Enter one.");
            Err(invalid(field, detail))
        }
    }
}

/// A submission that could get a prize, with everything that decides about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrizeCandidate {
    pub phase: Phase,
    /// True if the submission is judged, and after the results also has people who were stored with them.
    pub is_judged: bool,
    /// True if the prize has no track, or the submission chose it.
    pub is_in_track: bool,
    /// True if the submission has the prize.
    pub has_it: bool,
    /// The number of awards that are not forfeited.
    pub awarded: i64,
    /// The number of submissions that can get the prize.
    pub count: i64,
}

/// Refuses an award.
///
/// # Errors
/// When submissions are open or the hackathon is canceled, the submission does not count, is not in the track of the prize or has
/// it, or all of it are awarded.
pub fn admit_award(candidate: &PrizeCandidate) -> Result<(), Problem> {
    let PrizeCandidate { awarded, count, .. } = *candidate;
    if !is_time(candidate.phase) {
        let detail = "Prizes are awarded once submissions are closed, unless the hackathon is canceled. See its dates.";
        return Err(Problem::new(ProblemKind::Conflict, "HACKATHON_PHASE", detail));
    }
    if !candidate.is_judged {
        let detail = "This submission does not count: it is withdrawn, disqualified or not valid, or is not in \
                      the results. Choose another one.";
        return Err(Problem::new(ProblemKind::Conflict, "SUBMISSION_NOT_JUDGED", detail));
    }
    if !candidate.is_in_track {
        let detail = "This submission is not in the track of the prize. Choose another one, or remove the track from the prize.";
        return Err(Problem::new(ProblemKind::Conflict, "PRIZE_TRACK", detail));
    }
    if candidate.has_it {
        let detail = "This submission has the prize already. Choose another one.";
        return Err(Problem::new(ProblemKind::Conflict, "PRIZE_ALREADY_AWARDED", detail));
    }
    if awarded < count {
        Ok(())
    } else {
        let detail = format!(
            "All {count} of this prize are awarded. Take an award back, or mark it as forfeited, first."
        );
        Err(Problem::new(ProblemKind::Conflict, "PRIZE_COUNT_REACHED", detail))
    }
}

/// Refuses to publish an award that could not be made any longer.
///
/// # Errors
/// When the submission does not count, or is not in the track of the prize. The problem names both.
pub fn admit_publication(
    prize: &str,
    project: &str,
    is_judged: bool,
    is_in_track: bool,
) -> Result<(), Problem> {
    let why = match (is_judged, is_in_track) {
        (true, true) => return Ok(()),
        (false, _) => "does not count: it is withdrawn, disqualified or not valid",
        (true, false) => "is not in the track of the prize",
    };
    let detail = format!(
        "{prize} is awarded to {project}, which {why}. Take the award back, or award the prize to another submission, first."
    );
    Err(Problem::new(ProblemKind::Conflict, "AWARD_NOT_VALID", detail))
}

/// Refuses a track of a prize that a submission holds that is not in it.
///
/// # Errors
/// Names the first of the submissions.
pub fn admit_track(outside: Option<&str>) -> Result<(), Problem> {
    match outside {
        None => Ok(()),
        Some(project) => {
            let detail = format!(
                "{project} has this prize, and is not in the track. Take the award back first, or leave the track as it is."
            );
            Err(Problem::new(ProblemKind::Conflict, "PRIZE_TRACK", detail))
        }
    }
}

/// Returns whether prizes can be awarded in a phase.
#[must_use]
pub fn is_time(phase: Phase) -> bool {
    phase >= Phase::SubmissionClosed && phase != Phase::Canceled
}

/// Refuses a change of state by an organizer: a prize that waits is sent or received, one that was sent is received, and each is
/// forfeited until it is received.
///
/// # Errors
/// When the change is none of these.
pub fn admit_step(from: PrizeState, to: PrizeState) -> Result<(), Problem> {
    let is_admitted = match to {
        PrizeState::Awarded | PrizeState::Claimed => false,
        PrizeState::Sent => from.waits(),
        PrizeState::Received | PrizeState::Forfeited => from.is_open(),
    };
    if is_admitted { Ok(()) } else { Err(wrong_state(from, to)) }
}

/// Refuses a claim: people claim a prize that is awarded, and the one who claimed it changes the details until it is sent. Another
/// member can once the details are gone.
///
/// # Errors
/// When it was sent, received or forfeited, or another member claimed it.
pub fn admit_claim(from: PrizeState, claimed_by_other: bool) -> Result<(), Problem> {
    match from {
        PrizeState::Claimed if claimed_by_other => {
            let detail =
                "Another member of your team claimed this prize. Ask them to change the details.";
            Err(Problem::new(ProblemKind::Conflict, "PRIZE_STATE", detail))
        }
        PrizeState::Awarded | PrizeState::Claimed => Ok(()),
        _ => Err(wrong_state(from, PrizeState::Claimed)),
    }
}

fn wrong_state(from: PrizeState, to: PrizeState) -> Problem {
    let detail = format!(
        "The prize is {}, so it cannot become {}. Reload the page.",
        from.as_str(),
        to.as_str()
    );
    Problem::new(ProblemKind::Conflict, "PRIZE_STATE", detail)
}

/// Reads claim details: an address, or whatever the organizers need to hand the prize over.
///
/// # Errors
/// When they are missing or not valid.
pub fn read_claim(text: &str) -> Result<String, Problem> {
    let refused = |detail| invalid("claim", detail);
    let claim = typed::paragraphs(text, "The text", CLAIM).map_err(refused)?;
    if claim.is_empty() {
        Err(refused(
            "Enter where and how the organizers hand the prize over, such as your postal address."
                .to_owned(),
        ))
    } else {
        Ok(claim)
    }
}

/// Reads the reason of a change of state, which a forfeited prize needs.
///
/// # Errors
/// When it is missing for a forfeited prize, or not valid.
pub fn read_reason(to: PrizeState, text: &str) -> Result<Option<String>, Problem> {
    let refused = |detail| invalid("reason", detail);
    match to {
        PrizeState::Forfeited => typed::line(text, "The reason", REASON).map(Some).map_err(refused),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests;
