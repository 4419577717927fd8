//! Work that resembles gaming, beside the gaming that it resembles.

use super::*;

#[test]
fn a_hackathon_is_over_before_it_is_a_ring() {
    let members = [ALICE, BAO, CLEO];
    let hacked = |number: i64| {
        let author = members[usize::try_from(number).expect("small") % 3];
        let merger = members[usize::try_from(number + 1).expect("small") % 3];
        Case {
            reviews: vec![(merger, 2, true)],
            open_for: 5,
            merged_by: Some(merger),
            ..case(author, 1, number * HOUR, "demo")
        }
    };
    assert_eq!(found(&activity(series(30, hacked))), []);
}

#[test]
fn students_whose_teacher_merges_are_no_ring() {
    let students = [ALICE, BAO];
    let approved = |number: i64| {
        let author = students[usize::try_from(number).expect("small") % 2];
        let neighbor = students[usize::try_from(number + 1).expect("small") % 2];
        Case {
            reviews: vec![(neighbor, 8, true)],
            ..case(author, 1, number * 2 * DAY, "Finish the exercise")
        }
    };
    assert_eq!(found(&activity(series(12, approved))), []);
}

#[test]
fn a_maintainer_who_works_alone_is_honest() {
    let tiny = |number| case(ALICE, 1, number * DAY, word(number)).farmed(ALICE);
    assert_eq!(found(&activity(series(12, tiny))), []);
}

#[test]
fn newcomers_who_practice_once_are_honest() {
    let named = |number: i64| {
        let newcomer = 10 + u128::try_from(number).expect("small");
        case(newcomer, 1, number * DAY, "Add my name").farmed(MAINTAINER)
    };
    assert_eq!(found(&activity(series(20, named))), []);
}

#[test]
fn a_farm_that_takes_its_time_is_junk() {
    let chapter = |number: i64| {
        let author = if number % 2 == 0 { ALICE } else { BAO };
        let repository = u128::try_from(number / 2 % 2).expect("small");
        let title = format!("Add a chapter about the {}", word(number));
        Case {
            files: Some(word(number)),
            reviews: vec![(CLEO, 9 * HOUR, true)],
            open_for: 10 * HOUR,
            merged_by: Some(CLEO),
            ..case(author, repository, number * 5 * DAY, &title)
        }
    };
    let chapters = series(12, chapter);
    let expected = (FindingKind::JunkRepositories, people(&[ALICE, BAO, CLEO]));
    assert_eq!(found(&activity(chapters)), [expected]);
    let mut discussed = series(12, chapter);
    for case in &mut discussed {
        case.reviews.push((CLEO, HOUR, false));
    }
    assert_eq!(found(&activity(discussed)), []);
}

/// A policy with another name for each of ten repositories.
fn policy(number: i64) -> Case {
    let repository = u128::try_from(number).expect("small");
    let files = Some(["SECURITY.md", "docs/SECURITY.md"][usize::from(number % 2 == 0)]);
    let title = format!("Publish a policy for the {}", word(number));
    let policy = case(ALICE, repository, number * 9 * DAY, &title);
    Case { files, ..policy }
}

#[test]
fn work_that_many_repositories_refuse_is_of_low_value() {
    let unwanted = |number: i64| {
        let policy = Case { reviews: vec![], ..policy(number) };
        if number < 3 { policy.refused() } else { policy }
    };
    let found = found(&activity(series(10, unwanted)));
    assert_eq!(found, [(FindingKind::LowValue, people(&[ALICE]))]);
}

#[test]
fn work_that_many_repositories_review_is_honest() {
    assert_eq!(found(&activity(series(10, policy))), []);
}

#[test]
fn a_file_kept_equal_by_those_who_review_there_is_honest() {
    let kept = |number: i64| Case {
        lines: 12,
        files: Some("Dockerfile"),
        reviews: vec![],
        merged_by: None,
        ..case(ALICE, u128::try_from(number).expect("small"), number * DAY, "Pin the base image")
    };
    let mut cases = series(5, kept);
    cases.push(Case {
        reviews: vec![(ALICE, HOUR, false), (ALICE, DAY, true)],
        ..case(BAO, 1, DAY, "Read the settings")
    });
    assert_eq!(found(&activity(cases)), []);
}
