//! For each detector, people who game the programme and honest people whose work looks alike.

use github::model::{PullRequestId, RepositoryId};
use identity::model::UserId;
use kernel::Timestamp;
use uuid::Uuid;

use super::*;

mod look_alikes;

const ALICE: u128 = 1;
const BAO: u128 = 2;
const CLEO: u128 = 3;
const DARA: u128 = 4;
const OUTSIDER: u128 = 90;

fn person(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

fn repository(number: u128) -> RepositoryId {
    RepositoryId::new(Uuid::from_u128(1_000 + number))
}

/// Returns an instant, in minutes after the beginning of the period.
fn minute(minutes: i64) -> Timestamp {
    let begin: Timestamp = "2026-05-01T00:00:00Z".parse().expect("an instant");
    begin + chrono::TimeDelta::minutes(minutes)
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// An ordinary pull request: 40 lines, open for two days, merged by the maintainer 80 after an approval.
struct Case {
    author: u128,
    repository: u128,
    at: i64,
    title: String,
    lines: i64,
    open_for: i64,
    merged_by: Option<u128>,
    reviews: Vec<(u128, i64, bool)>,
    is_marked: bool,
    files: Option<&'static str>,
}

const MAINTAINER: u128 = 80;

fn case(author: u128, repository: u128, at: i64, title: &str) -> Case {
    Case {
        author,
        repository,
        at,
        title: title.to_owned(),
        lines: 40,
        open_for: 2 * DAY,
        merged_by: Some(MAINTAINER),
        reviews: vec![(MAINTAINER, 5 * HOUR, false), (MAINTAINER, DAY, true)],
        is_marked: false,
        files: None,
    }
}

impl Case {
    /// Changes little, and is merged by `merger` three minutes later without a review.
    fn farmed(self, merger: u128) -> Self {
        Self { lines: 2, open_for: 3, merged_by: Some(merger), reviews: vec![], ..self }
    }

    /// Changes little, and is closed without a merge.
    fn refused(self) -> Self {
        Self { lines: 2, merged_by: None, reviews: vec![], ..self }
    }

    fn of(self, number: u128) -> PullActivity {
        let words = ["typo".to_owned()];
        let files = self.files.map(|path| {
            let (path, additions) = (path.to_owned(), self.lines);
            [github::model::ChangedFile { path, additions, deletions: 0 }]
        });
        let opened_at = minute(self.at);
        PullActivity {
            id: PullRequestId::new(Uuid::from_u128(number)),
            repository: repository(self.repository),
            author: person(self.author),
            is_own: false,
            opened_at,
            ended_at: Some(minute(self.at + self.open_for)),
            is_merged: self.merged_by.is_some(),
            merged_by: self.merged_by.map(person),
            title: TitleDigest::of(&self.title),
            lines: Some(self.lines),
            is_small: is_small(&self.title, Some(self.lines), &words),
            is_marked: self.is_marked,
            changes: files.and_then(|files| PullChanges::of(&files)),
            reviews: self
                .reviews
                .into_iter()
                .map(|(reviewer, after, approves)| ReviewActivity {
                    reviewer: person(reviewer),
                    at: minute(self.at + after),
                    approves,
                })
                .collect(),
        }
    }
}

fn activity(mut cases: Vec<Case>) -> PeriodActivity {
    cases.sort_by_key(|case| case.at);
    let numbered = cases.into_iter().zip(1..);
    PeriodActivity {
        pulls: numbered.map(|(case, number)| case.of(number)).collect(),
        accounts: std::collections::BTreeMap::new(),
    }
}

fn found(activity: &PeriodActivity) -> Vec<(FindingKind, Vec<UserId>)> {
    findings(activity)
        .into_iter()
        .map(|finding| (finding.kind, finding.people.into_iter().collect()))
        .collect()
}

fn people(numbers: &[u128]) -> Vec<UserId> {
    numbers.iter().copied().map(person).collect()
}

fn series(count: i64, case: impl Fn(i64) -> Case) -> Vec<Case> {
    (0..count).map(case).collect()
}

#[test]
fn a_repository_of_instant_small_merges_is_junk() {
    let farmed = |number| {
        let author = if number % 2 == 0 { ALICE } else { BAO };
        case(author, 1, number * DAY, &format!("Add file {number}")).farmed(CLEO)
    };
    let found = found(&activity(series(8, farmed)));
    let expected = (FindingKind::JunkRepositories, people(&[ALICE, BAO, CLEO]));
    assert!(found.contains(&expected), "{found:?}");
}

#[test]
fn junk_repositories_that_share_a_merger_are_one_finding() {
    let farmed = |number| {
        let (author, repository) = if number % 2 == 0 { (ALICE, 1) } else { (BAO, 2) };
        case(author, repository, number * DAY, "Update list").farmed(CLEO)
    };
    let findings = findings(&activity(series(16, farmed)));
    let junk: Vec<_> =
        findings.iter().filter(|finding| finding.kind == FindingKind::JunkRepositories).collect();
    assert_eq!(junk.len(), 1);
    assert_eq!(junk[0].repositories.len(), 2);
    assert_eq!(junk[0].pulls.len(), 16);
}

#[test]
fn a_visitor_of_a_junk_repository_is_not_concerned() {
    let mut cases = series(8, |number| case(ALICE, 1, number * DAY, "Update list").farmed(CLEO));
    cases.push(case(OUTSIDER, 1, 3 * DAY, "Update list").farmed(CLEO));
    cases.extend(series(4, |number| {
        case(OUTSIDER, 2, number * DAY, &format!("Fix the {} parser", word(number)))
    }));
    let found = found(&activity(cases));
    let expected = (FindingKind::JunkRepositories, people(&[ALICE, CLEO]));
    assert!(found.contains(&expected), "{found:?}");
}

/// Returns a word without digits for a number.
fn word(number: i64) -> &'static str {
    const WORDS: [&str; 12] = [
        "tokens", "scanner", "matrix", "cursor", "planner", "socket", "cache", "render", "palette",
        "journal", "router", "ledger",
    ];
    let index = usize::try_from(number).expect("a small number") % WORDS.len();
    WORDS[index]
}

#[test]
fn a_maintainer_who_merges_fast_is_honest() {
    let merged = |number| Case {
        open_for: 10,
        reviews: vec![],
        ..case(ALICE, 1, number * DAY, &format!("Teach the {} to wait", word(number)))
    };
    assert_eq!(found(&activity(series(10, merged))), []);
}

#[test]
fn three_people_who_wave_each_other_through_are_a_ring() {
    let members = [ALICE, BAO, CLEO];
    let waved = |number: i64| {
        let author = members[usize::try_from(number).expect("small") % 3];
        let merger = members[usize::try_from(number + 1).expect("small") % 3];
        Case {
            reviews: vec![(merger, 2, true)],
            open_for: 5,
            lines: 30,
            merged_by: Some(merger),
            ..case(author, 1, number * DAY, &format!("Improve {}", word(number)))
        }
    };
    let found = found(&activity(series(12, waved)));
    assert_eq!(found, [(FindingKind::ApprovalRing, people(&members))]);
}

#[test]
fn a_team_that_reviews_each_other_is_honest() {
    let members = [ALICE, BAO, CLEO];
    let reviewed = |number: i64| {
        let author = members[usize::try_from(number).expect("small") % 3];
        let reviewer = members[usize::try_from(number + 1).expect("small") % 3];
        Case {
            reviews: vec![(reviewer, 3 * HOUR, false), (reviewer, DAY, true)],
            merged_by: Some(reviewer),
            ..case(author, 1, number * DAY, &format!("Rework the {}", word(number)))
        }
    };
    assert_eq!(found(&activity(series(24, reviewed))), []);
}

#[test]
fn many_small_changes_with_one_title_are_a_burst() {
    let split = |number: i64| Case {
        lines: 3,
        ..case(ALICE, 1, number * HOUR, &format!("Update file {number}"))
    };
    let found = found(&activity(series(9, split)));
    assert_eq!(found, [(FindingKind::Burst, people(&[ALICE]))]);
}

#[test]
fn a_sprint_day_and_a_docs_contributor_are_honest() {
    let sprint = |number: i64| case(ALICE, 1, number * HOUR, &format!("Port the {}", word(number)));
    let docs = |number: i64| Case {
        lines: 6,
        ..case(BAO, 2, number * 3 * DAY, &format!("Explain the {}", word(number)))
    };
    let mut cases = series(12, sprint);
    cases.extend(series(12, docs));
    assert_eq!(found(&activity(cases)), []);
}

#[test]
fn one_change_refused_in_many_repositories_is_the_same_diff() {
    let copied = |number: i64| Case {
        lines: 12,
        files: Some("Dockerfile"),
        reviews: vec![],
        merged_by: None,
        ..case(ALICE, u128::try_from(number).expect("small"), number * DAY, "Add badge")
    };
    let found = found(&activity(series(5, copied)));
    assert_eq!(found, [(FindingKind::SameDiff, people(&[ALICE]))]);
}

#[test]
fn one_fix_that_is_welcome_in_many_repositories_is_honest() {
    let fixed = |number: i64| Case {
        lines: 12,
        files: Some("src/clock.py"),
        ..case(ALICE, u128::try_from(number).expect("small"), number * DAY, "Replace utcnow")
    };
    assert_eq!(found(&activity(series(10, fixed))), []);
}

#[test]
fn changes_taken_from_another_person_are_the_same_diff() {
    let mut cases = Vec::new();
    for number in 0..3 {
        let files =
            Some(["src/a.rs", "src/b.rs", "src/c.rs"][usize::try_from(number).expect("small")]);
        let title = format!("Fix the {}", word(number));
        let first = case(OUTSIDER, 1, number * DAY, &title);
        cases.push(Case { files, ..first });
        let second = case(ALICE, 1, number * DAY + HOUR, &title);
        cases.push(Case { files, ..second });
    }
    let found = found(&activity(cases));
    assert_eq!(found, [(FindingKind::SameDiff, people(&[ALICE]))]);
}

#[test]
fn new_accounts_in_the_same_places_are_alternates() {
    let accounts = [ALICE, BAO, CLEO];
    let mut cases = Vec::new();
    for account in accounts {
        cases.extend(series(4, |number| Case {
            lines: 14,
            reviews: vec![],
            ..case(
                account,
                u128::try_from(number % 2).expect("small"),
                number * DAY,
                &format!("Update {}", word(number)),
            )
        }));
    }
    let mut activity = activity(cases);
    activity.accounts = accounts
        .iter()
        .zip([-9, -7, -2])
        .map(|(account, day)| (person(*account), minute(day * DAY)))
        .collect();
    assert_eq!(found(&activity), [(FindingKind::Alternates, people(&accounts))]);
}

#[test]
fn a_course_of_students_is_honest() {
    let students = [ALICE, BAO, CLEO, DARA];
    let mut cases = Vec::new();
    for student in students {
        cases.extend(series(3, |number| {
            let number_of_student = i64::try_from(student).expect("small");
            let (what, place) = (word(number_of_student), word(number));
            let title = format!("Handle the {what} in the {place}");
            case(student, u128::try_from(number).expect("small"), number * DAY, &title)
        }));
    }
    let mut activity = activity(cases);
    activity.accounts = students.map(|student| (person(student), minute(-3 * DAY))).into();
    assert_eq!(found(&activity), []);
}

#[test]
fn typos_in_many_repositories_are_of_low_value() {
    let typo = |number: i64| {
        let repository = u128::try_from(number).expect("small");
        let typo = case(ALICE, repository, number * DAY, &format!("Fix typo in {}", word(number)));
        let files = Some("README.md");
        Case { files, ..typo.refused() }
    };
    let found = found(&activity(series(5, typo)));
    assert_eq!(found, [(FindingKind::LowValue, people(&[ALICE]))]);
}

#[test]
fn a_first_typo_is_honest() {
    let mut cases = vec![case(ALICE, 1, 0, "Fix typo").refused()];
    cases.extend(series(3, |number| {
        case(ALICE, 1, (number + 1) * DAY, &format!("Fix the {}", word(number)))
    }));
    assert_eq!(found(&activity(cases)), []);
}

#[test]
fn titles_of_a_series_differ_in_numbers_only() {
    let digest = TitleDigest::of;
    assert_eq!(digest("Update file 12.md"), digest("update FILE (7).md"));
    assert_ne!(digest("Update file"), digest("Update line"));
}
