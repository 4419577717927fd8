use std::collections::HashSet;

use chrono::Datelike;

use super::*;
use crate::season::SeasonSpec;

fn season(until: &str) -> Season {
    let until: Timestamp = until.parse().expect("an instant");
    Season::new(SeasonSpec::demo(until))
}

#[test]
fn every_act_is_possible_and_in_the_season() {
    // Also after the shortest month, and on the last day of a long one.
    for until in ["2026-11-01T09:30:00.123456Z", "2026-03-01T00:00:00Z", "2026-07-31T23:59:59Z"] {
        let season = season(until);
        let highlights = Highlights::new(&season);
        for pull in &highlights.pulls {
            let (story, deliveries) = pull.play();
            let title = &story.pull.title;
            assert_eq!(deliveries.len(), 1 + pull.script.steps.len(), "{title}");
            assert_eq!(story.pull.changed_files, pull.files.len() as i64, "{title}");
            let times: Vec<_> = deliveries.iter().filter_map(|one| one.at).collect();
            assert!(times.is_sorted(), "{title}: {times:?}");
            let is_within = |at: &Timestamp| *at > season.spec.from && *at < season.spec.until;
            assert!(times.iter().all(is_within), "{title}: {times:?}");
        }
    }
}

#[test]
fn a_season_has_the_same_highlights_each_time() {
    let season = season("2026-11-01T09:30:00Z");
    let texts = || -> Vec<String> {
        let deliveries = Highlights::new(&season).deliveries().collect::<Vec<_>>();
        let text = |one: &Delivery| format!("{} {} {}", one.event, one.delivery, one.body);
        deliveries.iter().map(text).collect()
    };
    assert_eq!(texts(), texts());
}

#[test]
fn nothing_is_confused_with_the_rest_of_the_season() {
    let season = season("2026-11-01T09:30:00Z");
    let highlights = Highlights::new(&season);
    let repositories = season.projects.iter().flat_map(|one| &one.repositories);
    let known: HashSet<(i64, String)> =
        repositories.map(|repo| (repo.id, repo.full_name())).collect();
    for own in [&highlights.main.repo, &highlights.junk.repo] {
        let is_other = |(id, name): &(i64, String)| *id != own.id && *name != own.full_name();
        assert!(known.iter().all(is_other), "{}", own.full_name());
    }
    let numbers: HashSet<_> =
        highlights.pulls.iter().map(|pull| (pull.repo.id, pull.number)).collect();
    assert_eq!(numbers.len(), highlights.pulls.len());
    let deliveries: HashSet<_> = highlights.deliveries().map(|one| one.delivery).collect();
    assert_eq!(deliveries.len(), highlights.deliveries().count());
}

#[test]
fn the_large_changes_are_in_one_month() {
    let season = season("2026-11-01T09:30:00Z");
    let highlights = Highlights::new(&season);
    let author = &highlights.tagged("large").next().expect("tagged").author;
    let own = highlights.pulls.iter().filter(|pull| pull.author == *author);
    let months: HashSet<_> = own
        .map(|pull| {
            let (story, _) = pull.play();
            let lines = story.pull.additions + story.pull.deletions;
            assert!(lines >= 1_000, "{}: {lines}", story.pull.title);
            story.pull.merged_at.expect("merged").month()
        })
        .collect();
    assert_eq!(months, HashSet::from([10]));
}
