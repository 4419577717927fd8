//! Tables of cases, then properties. The builders here create an ordinary merged pull request, so that a
//! case contains only its differences.

mod arithmetic;
mod comparison;
mod contradictions;
mod disputes;
mod documents;
mod eligibility;
mod explaining;
mod oracle;
mod overrides;
mod ownership;
mod properties;
mod reviews;
mod states;
mod texts;
mod trivial;
mod windows;

use std::sync::Arc;

use github::model::PullRequestId;
use kernel::{Month, Points, Timestamp};
use uuid::Uuid;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Returns a time after all others.
fn later() -> Timestamp {
    at("2030-01-01T00:00:00Z")
}

fn may() -> Month {
    "2026-05".parse().expect("a month")
}

fn rules(version: i32, document: &str) -> Arc<VersionedRules> {
    let document = RulesDocument::parse(document).expect("a rules document");
    Arc::new(VersionedRules { version, document })
}

fn defaults() -> Arc<VersionedRules> {
    rules(1, "{}")
}

/// Returns the facts of a pull request opened on May 1 and merged a day later, without ratings or a type.
fn facts(github_id: i64) -> PullFacts {
    PullFacts {
        pull_request_id: PullRequestId::new(Uuid::from_u128(github_id.unsigned_abs().into())),
        github_id,
        number: github_id,
        created_at: at("2026-05-01T12:00:00Z"),
        ready_at: Some(at("2026-05-01T12:00:00Z")),
        merged_at: Some(at("2026-05-02T12:00:00Z")),
        closed_at: None,
        title: "Teach the parser to count".to_owned(),
        labels: vec![],
        additions: Some(30),
        deletions: Some(10),
        changed_files: Some(2),
        paths: None,
        author_is_bot: false,
        author_owns_repository: false,
        author_banned_at_opening: false,
        self_merged: false,
        requested_merge: None,
        patch: None,
        account_created_at: None,
        ratings: vec![],
        marked_spam: false,
        marked_low_value: false,
        flag: None,
        repository_excluded: false,
        score_override: None,
    }
}

fn pull(facts: PullFacts) -> PullWithRules {
    PullWithRules {
        facts,
        rules: defaults(),
        openings_24h: 1,
        archived_at: None,
        inactive_since: None,
        frequency_rules: defaults(),
    }
}

fn window(pulls: Vec<PullWithRules>) -> Window {
    Window { month: may(), rules: defaults(), pulls }
}

fn file(path: &str, additions: i64) -> ChangedFile {
    ChangedFile { path: path.to_owned(), additions, deletions: 0 }
}

/// Returns the nonzero points of May, matured or not, as GitHub ID, reason and points.
fn points_of(window: &Window) -> Vec<(i64, EntryReason, Points)> {
    let id = |calculation: &PartCalculation| {
        let id = calculation.pull_request_id.0.as_u128();
        i64::try_from(id).expect("a small id")
    };
    settle(window, later())
        .iter()
        .flat_map(|calculation| {
            let all = calculation.entitlements.iter().chain(&calculation.pending);
            all.map(|one| (id(calculation), one.reason, one.points)).collect::<Vec<_>>()
        })
        .collect()
}

/// Returns the points of a single pull request with a change, by reason.
fn alone(change: impl FnOnce(&mut PullWithRules)) -> Vec<(EntryReason, Points)> {
    let mut pull = pull(facts(1));
    change(&mut pull);
    let all = points_of(&window(vec![pull]));
    all.into_iter().map(|(_, reason, points)| (reason, points)).collect()
}

/// Returns the merge award of a single pull request with a change.
fn merge_award(change: impl FnOnce(&mut PullWithRules)) -> Points {
    let all = alone(change);
    all.iter().find(|(reason, _)| *reason == EntryReason::PrMerged).map_or(0, |(_, points)| *points)
}

/// Returns the explanation of a part of a single pull request with a change.
fn explained(part: AwardPart, change: impl FnOnce(&mut PullWithRules)) -> Explanation {
    let mut pull = pull(facts(1));
    change(&mut pull);
    let calculations = settle(&window(vec![pull]), later());
    let wanted = calculations.into_iter().find(|calculation| calculation.part == part);
    wanted.expect("the part lies in May").explanation
}
