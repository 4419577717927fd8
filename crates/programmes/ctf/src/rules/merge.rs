//! Changes of the stored solves and events by an answer of the game platform. Nothing is ever deleted: what a later answer
//! contradicts is corrected and marked, and what a complete answer no longer lists is marked as vanished.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::model::SolveSource;

/// A solve as the platform reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SolveFacts {
    /// The platform's ID of the solve.
    pub solve_id: String,
    /// The platform's ID of the challenge.
    pub challenge_id: String,
    pub title: String,
    /// The category as the platform writes it.
    pub category: String,
    pub points: i64,
    pub solved_at: Timestamp,
    pub source: SolveSource,
    /// The event of a solve in a Flash CTF.
    pub event_id: Option<String>,
    /// True for a solve in a Flash CTF that on-demand learning lists and counts as well.
    pub in_both: bool,
    /// True if the challenge is no longer offered.
    pub is_retired: bool,
    /// The codes of NICE work roles.
    pub nice_work_roles: Vec<String>,
    /// The platform's own words.
    pub raw: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSolve {
    pub id: Uuid,
    /// The stored values. The platform's own words are not compared.
    pub facts: SolveFacts,
    /// True if the platform no longer lists it.
    pub is_vanished: bool,
}

/// The stored solves of which an answer lists all that exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListedSolves {
    /// A part of them: the answer has a cursor, or lists fewer solves than it counts.
    Part,
    /// All of on-demand learning.
    AllOdl,
    /// All of Flash CTFs, except for these events, of which fewer solves are listed than counted.
    AllFlash(BTreeSet<String>),
}

impl ListedSolves {
    /// Returns what an answer about on-demand learning lists.
    #[must_use]
    pub fn odl(has_cursor: bool, listed: usize, counted: i64) -> Self {
        let is_complete = i64::try_from(listed).unwrap_or(i64::MAX) >= counted;
        if !has_cursor && is_complete { Self::AllOdl } else { Self::Part }
    }

    /// Returns whether a stored solve would be listed if it still existed there.
    fn would_list(&self, facts: &SolveFacts) -> bool {
        let is_flash = facts.source == SolveSource::FlashCtf;
        match self {
            Self::Part => false,
            Self::AllOdl => !is_flash || facts.in_both,
            Self::AllFlash(incomplete) => {
                let event = facts.event_id.as_ref();
                is_flash && event.is_none_or(|event| !incomplete.contains(event))
            }
        }
    }

    /// Returns what remains of a solve of both that this answer no longer lists.
    fn without(&self, facts: &SolveFacts) -> SolveFacts {
        let rest = SolveFacts { in_both: false, ..facts.clone() };
        match self {
            Self::AllFlash(_) => SolveFacts { source: SolveSource::Odl, event_id: None, ..rest },
            Self::Part | Self::AllOdl => rest,
        }
    }
}

/// A stored solve that differs from the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SolveCorrection {
    pub id: Uuid,
    /// The values that the platform reports now.
    pub facts: SolveFacts,
    /// The corrected values as they were, as JSON; `None` if only details changed that no figure depends on.
    pub previous: Option<String>,
    /// True if it was marked as vanished.
    pub is_back: bool,
}

/// A solve whose ID is stored with another challenge. It is shown as an error; the stored solve stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub solve_id: String,
    /// The stored challenge.
    pub stored: String,
    pub reported: String,
}

impl Conflict {
    /// Returns what happened and the next step.
    #[must_use]
    pub fn message(&self) -> String {
        let Self { solve_id, stored, reported } = self;
        format!(
            "The game platform reports solve {solve_id} for challenge {reported}, but it is stored for challenge {stored}. \
             The stored solve was kept. Ask the platform's support which one is right."
        )
    }
}

/// The changes that an answer causes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    pub inserts: Vec<SolveFacts>,
    pub corrections: Vec<SolveCorrection>,
    /// Rows to mark as vanished.
    pub vanished: Vec<Uuid>,
    /// Errors to show.
    pub conflicts: Vec<Conflict>,
}

impl Merge {
    /// Returns whether figures change.
    #[must_use]
    pub fn has_news(&self) -> bool {
        let is_news =
            |correction: &SolveCorrection| correction.previous.is_some() || correction.is_back;
        !self.inserts.is_empty()
            || !self.vanished.is_empty()
            || self.corrections.iter().any(is_news)
    }

    /// Returns whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inserts.is_empty() && self.vanished.is_empty() && self.corrections.is_empty()
    }
}

/// Compares an answer with the stored solves of the same person.
#[must_use]
pub fn merge(stored: &[StoredSolve], answer: &[SolveFacts], lists: &ListedSolves) -> Merge {
    let known: BTreeMap<&str, &StoredSolve> =
        stored.iter().map(|solve| (solve.facts.solve_id.as_str(), solve)).collect();
    let (mut merge, mut seen) = (Merge::default(), BTreeMap::<&str, &SolveFacts>::new());
    for facts in answer {
        let id = facts.solve_id.as_str();
        if let Some(first) = seen.get(id) {
            merge.conflicts.extend(conflict(first, facts));
            continue;
        }
        seen.insert(id, facts);
        match known.get(id) {
            None => merge.inserts.push(facts.clone()),
            Some(solve) => match conflict(&solve.facts, facts) {
                Some(conflict) => merge.conflicts.push(conflict),
                None => merge.corrections.extend(correction(solve, facts)),
            },
        }
    }
    let gone = stored.iter().filter(|solve| {
        let is_listed = seen.contains_key(solve.facts.solve_id.as_str());
        !solve.is_vanished && !is_listed && lists.would_list(&solve.facts)
    });
    for solve in gone {
        if solve.facts.in_both {
            merge.corrections.push(SolveCorrection {
                id: solve.id,
                facts: lists.without(&solve.facts),
                previous: None,
                is_back: false,
            });
        } else {
            merge.vanished.push(solve.id);
        }
    }
    merge
}

fn conflict(stored: &SolveFacts, reported: &SolveFacts) -> Option<Conflict> {
    (stored.challenge_id != reported.challenge_id).then(|| Conflict {
        solve_id: stored.solve_id.clone(),
        stored: stored.challenge_id.clone(),
        reported: reported.challenge_id.clone(),
    })
}

/// Returns a stored solve with what an answer reports of it. Of a solve that both list, the event's values count: it is one solve
/// of the event, which on-demand learning counts too.
fn combined(solve: &StoredSolve, reported: &SolveFacts) -> SolveFacts {
    use SolveSource::{FlashCtf, Odl};
    let stored = &solve.facts;
    let (facts, in_both) = match (stored.source, reported.source) {
        (FlashCtf, Odl) if !solve.is_vanished => (stored, true),
        (Odl, FlashCtf) if !solve.is_vanished => (reported, true),
        (FlashCtf, FlashCtf) => (reported, stored.in_both),
        _ => (reported, false),
    };
    SolveFacts { in_both, ..facts.clone() }
}

fn correction(solve: &StoredSolve, reported: &SolveFacts) -> Option<SolveCorrection> {
    let stored = &solve.facts;
    let mut facts = combined(solve, reported);
    facts.raw.clone_from(&stored.raw);
    let differs = facts != *stored;
    facts.raw.clone_from(&reported.raw);
    let is_corrected = (&stored.title, &stored.category, stored.points, stored.solved_at)
        != (&facts.title, &facts.category, facts.points, facts.solved_at);
    let previous = is_corrected.then(|| {
        let previous = json!({
            "title": stored.title, "category": stored.category, "points": stored.points,
            "solved_at": stored.solved_at,
        });
        previous.to_string()
    });
    (differs || solve.is_vanished).then_some(SolveCorrection {
        id: solve.id,
        facts,
        previous,
        is_back: solve.is_vanished,
    })
}

/// The numbers by which an answer with a cursor is compared with what is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SolveNumbers {
    /// The platform's number of solves in this answer. Platforms count all, or those since the cursor.
    pub counted: i64,
    /// The number of solves that this answer lists; `None` if the platform is known to count all.
    pub listed: Option<i64>,
    /// The number that is stored, with those of this answer.
    pub stored: i64,
    /// The platform's number in the last answer without a cursor, with the solves that were new since.
    pub expected: i64,
}

/// Returns whether the platform's number differs from ours, so that everything is asked without a cursor.
#[must_use]
pub fn needs_whole(totals: &SolveNumbers) -> bool {
    let SolveNumbers { counted, listed, stored, expected } = *totals;
    counted != stored && counted != expected && listed != Some(counted)
}

/// Says that fewer solves are stored than the platform states; `None` if all are stored.
#[must_use]
pub fn shortfall(stated: i64, stored: i64) -> Option<String> {
    (stored < stated).then(|| {
        format!(
            "The game platform states {stated} solves, but lists only {stored} of them. The others are stored as soon \
             as it lists them."
        )
    })
}

/// Returns the ID of an event: its name and its start, because the platform gives it none.
#[must_use]
pub fn event_id(name: &str, started_at: Timestamp) -> String {
    format!("{}@{}", name.trim(), started_at.timestamp())
}

/// Counts the solves that on-demand learning lists.
#[must_use]
pub fn live_odl(stored: &[StoredSolve]) -> i64 {
    let is_listed = |facts: &SolveFacts| facts.source == SolveSource::Odl || facts.in_both;
    let live = stored.iter().filter(|solve| !solve.is_vanished && is_listed(&solve.facts));
    i64::try_from(live.count()).unwrap_or(i64::MAX)
}

/// A result in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFacts {
    /// The ID, from [`event_id`].
    pub event_id: String,
    pub name: String,
    /// The platform's number of solves.
    pub challenges_solved: i64,
    pub points_earned: i64,
    /// The most points that the event gives.
    pub max_points: i64,
    pub rank: Option<i64>,
    pub started_at: Timestamp,
    /// The platform's own words.
    pub raw: String,
}

/// A stored result in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// The ID of the row.
    pub id: Uuid,
    /// The stored values.
    pub facts: EventFacts,
    /// True if the platform no longer lists it.
    pub is_vanished: bool,
}

/// The changes of events that an answer causes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventMerge {
    /// Results to insert or to replace.
    pub upserts: Vec<EventFacts>,
    /// Rows to mark as vanished.
    pub vanished: Vec<Uuid>,
}

impl EventMerge {
    /// Returns whether anything changes.
    #[must_use]
    pub fn has_news(&self) -> bool {
        !self.upserts.is_empty() || !self.vanished.is_empty()
    }
}

/// Compares an answer with the stored results in events of the same person. The answer lists all events.
#[must_use]
pub fn merge_events(stored: &[StoredEvent], answer: &[EventFacts]) -> EventMerge {
    let known: BTreeMap<&str, &StoredEvent> =
        stored.iter().map(|event| (event.facts.event_id.as_str(), event)).collect();
    let (mut merge, mut seen) = (EventMerge::default(), BTreeSet::new());
    for facts in answer {
        if !seen.insert(facts.event_id.as_str()) {
            continue;
        }
        let is_known = known.get(facts.event_id.as_str()).is_some_and(|event| {
            let mut reported = facts.clone();
            reported.raw.clone_from(&event.facts.raw);
            !event.is_vanished && event.facts == reported
        });
        if !is_known {
            merge.upserts.push(facts.clone());
        }
    }
    let gone = stored
        .iter()
        .filter(|event| !event.is_vanished && !seen.contains(event.facts.event_id.as_str()));
    merge.vanished = gone.map(|event| event.id).collect();
    merge
}

#[cfg(test)]
mod tests;
