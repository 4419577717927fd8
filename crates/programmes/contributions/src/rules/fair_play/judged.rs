//! The detectors, judged by seasons whose people are labeled, from `labeled_seasons`.

use std::collections::{BTreeMap, BTreeSet};

use github::model::{ChangedFile, PullRequestId, RepositoryId};
use identity::model::UserId;
use labeled_seasons::{
    gaming::{Care, PersonKind, PullRequest, Scale, Season},
    independent,
};
use testkit::payloads::{AccountKind, Verdict};
use uuid::Uuid;

use super::*;
use crate::rules::{RulesDocument, labels, paths};

fn person(place: usize) -> UserId {
    UserId::new(Uuid::from_u128(place as u128 + 1))
}

fn place(person: UserId) -> usize {
    usize::try_from(person.0.as_u128() - 1).expect("a place")
}

fn is_bot(season: &Season, place: usize) -> bool {
    season.people[place].account.kind == AccountKind::Bot
}

/// Returns the season as detectors see it.
fn observed(season: &Season) -> PeriodActivity {
    let pulls = season.pull_requests.iter();
    let pulls = pulls.filter(|pull| !is_bot(season, pull.author));
    let accounts = season.people.iter().enumerate();
    PeriodActivity {
        pulls: pulls.map(|pull| observed_pull(season, pull)).collect(),
        accounts: accounts.map(|(place, known)| (person(place), known.created_at)).collect(),
    }
}

fn observed_pull(season: &Season, pull: &PullRequest) -> PullActivity {
    let rules = RulesDocument::default();
    let files: Vec<ChangedFile> = pull
        .files
        .iter()
        .map(|file| ChangedFile {
            path: file.filename.clone(),
            additions: file.additions,
            deletions: file.deletions,
        })
        .collect();
    let lines = Some(paths::counted_lines(&files));
    let repository = &season.repositories[pull.repository];
    let reviews = pull
        .reviews
        .iter()
        .filter(|review| review.reviewer != pull.author && !is_bot(season, review.reviewer));
    PullActivity {
        id: PullRequestId::new(Uuid::from_u128(pull.id.unsigned_abs().into())),
        repository: RepositoryId::new(Uuid::from_u128(pull.repository as u128 + 1)),
        author: person(pull.author),
        is_own: repository.repo.owner.id == season.people[pull.author].account.id,
        opened_at: pull.opened_at,
        ended_at: pull.merged_at.or(pull.closed_at),
        is_merged: pull.merged_at.is_some(),
        merged_by: pull.merged_by.map(person),
        title: TitleDigest::of(&pull.title),
        lines,
        is_small: is_small(&pull.title, lines, &rules.low_value.words),
        is_marked: labels::first_of(&pull.labels, &rules.spam.labels).is_some(),
        changes: PullChanges::of(&files),
        reviews: reviews
            .map(|review| ReviewActivity {
                reviewer: person(review.reviewer),
                at: review.at,
                approves: review.verdict == Verdict::Approved,
            })
            .collect(),
    }
}

/// The flagged people, compared with the labels.
#[derive(Debug, Default)]
struct Judgment {
    right: usize,
    wrong: usize,
    missed: usize,
    /// For each label or kind of finding, the people found of all, or wrongly flagged.
    details: BTreeMap<String, (usize, usize)>,
}

impl Judgment {
    fn of(season: &Season) -> Self {
        let found = findings(&observed(season));
        let mut judgment = Self::default();
        let flagged: BTreeSet<usize> =
            found.iter().flat_map(|finding| finding.people.iter().copied().map(place)).collect();
        for (place, person) in season.people.iter().enumerate() {
            judgment.count(person.kind, flagged.contains(&place), person.care);
        }
        for finding in &found {
            let wrong = finding.people.iter().copied().map(place);
            let wrong = wrong.filter(|place| season.people[*place].kind == PersonKind::Honest);
            for place in wrong {
                let habit = season.people[place].habit;
                let key = format!("{:?} on {habit:?}", finding.kind);
                judgment.details.entry(key).or_default().0 += 1;
            }
        }
        judgment
    }

    fn count(&mut self, kind: PersonKind, is_flagged: bool, care: Option<Care>) {
        match (kind == PersonKind::Honest, is_flagged) {
            (true, true) => self.wrong += 1,
            (true, false) => {}
            (false, true) => self.right += 1,
            (false, false) => self.missed += 1,
        }
        if kind != PersonKind::Honest {
            let key = format!("{} {care:?}", kind.name());
            let entry = self.details.entry(key).or_default();
            entry.0 += usize::from(is_flagged);
            entry.1 += 1;
        }
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

fn expect_good(seed: u64, season: &Season) {
    let judgment = Judgment::of(season);
    let (precision, recall) = (judgment.precision(), judgment.recall());
    let figures =
        format!("seed {seed}: precision {precision:.2}, recall {recall:.2}: {judgment:#?}");
    println!("{figures}");
    assert!(precision >= 0.9 && recall >= 0.8, "{figures}");
}

#[test]
fn nine_of_ten_flagged_people_game_and_four_of_five_gamers_are_flagged() {
    for seed in [7, 11, 23, 42] {
        expect_good(seed, &Season::generate(seed, Scale::default()));
    }
}

/// The author of these seasons had not seen the detectors.
#[test]
fn the_same_holds_for_seasons_by_someone_else() {
    for seed in [7, 11, 23, 42] {
        expect_good(seed, &independent::generate(seed));
    }
}
