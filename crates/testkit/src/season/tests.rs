use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::*;
use crate::delivery::Delivery;

fn until() -> Timestamp {
    "2026-11-01T09:30:00Z".parse().expect("an instant")
}

fn season(pull_requests: usize) -> Season {
    Season::new(SeasonSpec { pull_requests, ..SeasonSpec::demo(until()) })
}

fn body(delivery: &Delivery) -> Value {
    serde_json::from_slice(delivery.bytes()).expect("JSON")
}

#[test]
fn the_demo_has_all_projects_and_unique_people() {
    let season = season(0);
    let repositories: Vec<_> = season.projects.iter().flat_map(|one| &one.repositories).collect();
    assert_eq!((season.projects.len(), repositories.len(), season.people.len()), (6, 14, 400));
    let names: HashSet<String> = repositories.iter().map(|repo| repo.full_name()).collect();
    assert_eq!(names.len(), 14);
    let many = Season::new(SeasonSpec { people: 5000, projects: 20, ..season.spec });
    let logins: HashSet<&str> = many.people.iter().map(|one| one.login.as_str()).collect();
    let slugs: HashSet<&str> = many.projects.iter().map(|one| one.slug.as_str()).collect();
    let names = many.projects.iter().flat_map(|one| &one.repositories);
    let names: HashSet<String> = names.map(|repo| repo.full_name()).collect();
    assert_eq!((logins.len(), slugs.len(), names.len()), (5000, 20, 47));
    assert_eq!(season.deliveries().count(), 0);
}

#[test]
fn a_seed_gives_the_same_deliveries_ordered_by_time() {
    let season = season(120);
    let all: Vec<Delivery> = season.deliveries().collect();
    assert!(all.is_sorted_by_key(|delivery| delivery.at));
    assert!(all.iter().all(|one| one.at >= Some(season.spec.from) && one.at < Some(until())));
    let again: Vec<Delivery> = season.deliveries().collect();
    let texts = |list: &[Delivery]| {
        list.iter().map(|one| serde_json::to_string(one).expect("JSON")).collect::<Vec<_>>()
    };
    assert_eq!(texts(&all), texts(&again));
    let ids: HashSet<_> = all.iter().map(|one| one.delivery).collect();
    assert_eq!(ids.len(), all.len());
}

#[test]
fn the_season_is_realistic() {
    let season = season(600);
    let mut events: BTreeMap<String, usize> = BTreeMap::new();
    let mut authors: HashMap<String, usize> = HashMap::new();
    let mut burst: HashMap<(String, i64), Vec<Timestamp>> = HashMap::new();
    for delivery in season.deliveries() {
        let body = body(&delivery);
        let action = body["action"].as_str().unwrap_or_default();
        let merged = if body["pull_request"]["merged"] == true { " merged" } else { "" };
        *events.entry(format!("{} {action}{merged}", delivery.event)).or_default() += 1;
        if action == "opened" {
            let author = body["sender"]["login"].as_str().expect("a login").to_owned();
            let repo = body["repository"]["id"].as_i64().expect("an id");
            *authors.entry(author.clone()).or_default() += 1;
            burst.entry((author, repo)).or_default().extend(delivery.at);
        }
    }
    assert_eq!(events["pull_request opened"], 600);
    assert!((300..480).contains(&events["pull_request closed merged"]), "{events:?}");
    assert_eq!(events["push "], events["pull_request closed merged"]);
    for name in [
        "pull_request closed",
        "pull_request reopened",
        "pull_request labeled",
        "pull_request synchronize",
        "pull_request ready_for_review",
        "pull_request edited",
        "pull_request converted_to_draft",
        "pull_request_review submitted",
        "pull_request_review dismissed",
        "pull_request_review edited",
    ] {
        assert!(events.contains_key(name), "{name}: {events:?}");
    }
    let mut counts: Vec<usize> = authors.values().copied().collect();
    counts.sort_unstable_by(|one, two| two.cmp(one));
    assert!(counts.len() > 120 && counts[0] < 90, "{} authors, {}", counts.len(), counts[0]);
    assert!(counts[..counts.len() / 10].iter().sum::<usize>() > 200, "{counts:?}");
    assert!(authors.contains_key("keelbot[bot]"));
    let within_a_day = |instants: &Vec<Timestamp>| {
        instants.windows(11).any(|some| some[10] - some[0] < TimeDelta::days(1))
    };
    assert!(burst.values().any(within_a_day));
}

#[test]
fn only_pull_requests_in_progress_are_in_memory() {
    let season = season(600);
    let mut deliveries = season.deliveries();
    let mut most = 0;
    while deliveries.next().is_some() {
        most = most.max(deliveries.in_progress());
    }
    assert!(most < 250, "{most}");
}
