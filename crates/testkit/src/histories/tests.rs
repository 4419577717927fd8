use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::*;

fn lines(history: &History) -> Vec<String> {
    let line = |delivery: &Delivery| serde_json::to_string(delivery).expect("JSON");
    history.deliveries.iter().map(line).collect()
}

fn body(delivery: &Delivery) -> Value {
    serde_json::from_slice(delivery.bytes()).expect("JSON")
}

#[test]
fn a_seed_gives_the_same_history() {
    let spec = HistorySpec::small(1);
    assert_eq!(lines(&spec.generate()), lines(&spec.generate()));
    assert_ne!(lines(&spec.generate()), lines(&HistorySpec::small(2).generate()));
}

#[test]
fn every_kind_of_event_occurs() {
    let mut seen = BTreeSet::new();
    for seed in 0..40 {
        let history = HistorySpec::small(seed).generate();
        assert_eq!(history.stories.len(), 8);
        let mut instants = HashSet::new();
        for delivery in &history.deliveries {
            let body = body(delivery);
            let action = body["action"].as_str().unwrap_or("-");
            seen.insert(format!("{} {action}", delivery.event));
            let pull = &body["pull_request"];
            let notes = [
                (
                    "tie",
                    pull["updated_at"].is_string() && !instants.insert(pull["updated_at"].clone()),
                ),
                ("ghost", pull.is_object() && pull["user"].is_null()),
                ("nul", pull["title"].as_str().is_some_and(|title| title.contains('\0'))),
                ("bare", pull.is_object() && pull.get("draft").is_none()),
                ("merged", pull["merged"] == true),
                ("bot", body["sender"]["type"] == "Bot"),
                ("next month", delivery.at > "2025-10-01T00:00:00Z".parse().ok()),
            ];
            seen.extend(notes.iter().filter(|note| note.1).map(|note| note.0.to_owned()));
        }
    }
    let expected = [
        "bare",
        "bot",
        "ghost",
        "merged",
        "next month",
        "nul",
        "pull_request closed",
        "pull_request converted_to_draft",
        "pull_request edited",
        "pull_request labeled",
        "pull_request opened",
        "pull_request ready_for_review",
        "pull_request reopened",
        "pull_request synchronize",
        "pull_request unlabeled",
        "pull_request_review dismissed",
        "pull_request_review edited",
        "pull_request_review submitted",
        "push -",
        "repository renamed",
        "tie",
    ];
    assert_eq!(seen, expected.iter().map(|&name| name.to_owned()).collect());
}

#[test]
fn without_ties_the_newest_snapshot_is_the_final_state() {
    for seed in 0..8 {
        let history = HistorySpec { ties: false, ..HistorySpec::small(seed) }.generate();
        for story in &history.stories {
            let of_this = |delivery: &&Delivery| {
                let body = body(delivery);
                body["pull_request"]["id"] == story.pull.id
            };
            let stated: Vec<Value> = history.deliveries.iter().filter(of_this).map(body).collect();
            let instants: Vec<&str> = stated
                .iter()
                .filter_map(|body| body["pull_request"]["updated_at"].as_str())
                .collect();
            assert!(instants.is_sorted_by(|one, two| one < two), "{instants:?}");
            let last = &stated.last().expect("it was opened")["pull_request"];
            assert_eq!(last["title"], story.pull.title.as_str());
            assert_eq!(last["state"], story.pull.state());
        }
    }
}

#[test]
fn a_shuffle_keeps_all_deliveries_and_repeats_some() {
    let history = HistorySpec::small(3).generate();
    let shuffled = shuffle_and_double(9, &history.deliveries);
    assert!(shuffled.len() > history.deliveries.len());
    let ids = |list: &[Delivery]| list.iter().map(|one| one.delivery).collect::<BTreeSet<_>>();
    assert!(ids(&shuffled).is_superset(&ids(&history.deliveries)));
    let bodies = |list: &[Delivery]| {
        list.iter().map(|one| one.body.get().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(bodies(&shuffled), bodies(&history.deliveries));
    assert_ne!(shuffled[0].delivery, history.deliveries[0].delivery);
}

#[test]
fn worlds_with_the_same_seed_have_nothing_in_common() {
    let of_world = |world| {
        let spec = HistorySpec { world, repositories: 9, people: 14, ..HistorySpec::small(5) };
        spec.generate()
    };
    let worlds: Vec<History> = (0..3).map(of_world).collect();
    let names = |history: &History| -> BTreeSet<String> {
        let repositories = history.repositories.iter();
        let repositories = repositories.flat_map(|repo| [repo.id.to_string(), repo.full_name()]);
        let people = history.people.iter();
        let people = people.flat_map(|person| [person.id.to_string(), person.login.clone()]);
        let pulls = history.stories.iter().map(|story| story.pull.id.to_string());
        let deliveries = history.deliveries.iter();
        let deliveries = deliveries.map(|delivery| delivery.delivery.to_string());
        repositories.chain(people).chain(pulls).chain(deliveries).collect()
    };
    let apart: usize = worlds.iter().map(|history| names(history).len()).sum();
    let together = History::together(worlds).expect("three histories");
    assert_eq!(names(&together).len(), apart);
    let instants = together.deliveries.iter().map(|delivery| delivery.at);
    assert!(instants.is_sorted());
    assert!(History::together([]).is_none());
}
