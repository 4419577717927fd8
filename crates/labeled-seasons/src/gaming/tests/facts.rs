use super::*;
use testkit::{payloads::Verdict, story::Act};

#[test]
fn nothing_happens_before_the_actors_and_the_repository_exist() {
    let others = (20..40).map(|seed| Season::generate(seed, Scale::small()));
    let others: Vec<Season> = others.collect();
    for season in others.iter().chain([&*SMALL, &*LARGE]) {
        for pull in &season.pull_requests {
            let founded = season.repositories[pull.repository].repo.created_at;
            assert!(pull.opened_at > founded, "{pull:?}");
            assert!(pull.steps.is_sorted_by_key(|step| step.at), "{pull:?}");
            for step in &pull.steps {
                let during = season.scale.from..season.scale.until;
                assert!(during.contains(&step.at), "{pull:?}");
                assert!(step.at > season.people[step.by].created_at, "{pull:?}");
            }
        }
    }
}

#[test]
fn only_people_who_may_merge_do() {
    for season in [&*SMALL, &*LARGE] {
        for pull in &season.pull_requests {
            let place = &season.repositories[pull.repository];
            let may = |person| {
                place.maintainers.contains(&person) || place.collaborators.contains(&person)
            };
            assert!(pull.merged_by.is_none_or(may), "{pull:?}");
            let own = |review: &Review| {
                review.reviewer == pull.author && review.verdict != Verdict::Commented
            };
            assert!(!pull.reviews.iter().any(own), "{pull:?}");
        }
    }
}

#[test]
fn the_last_push_has_the_size_of_the_files() {
    for pull in &LARGE.pull_requests {
        let mut pushes = pull.steps.iter().filter_map(|step| match &step.act {
            Act::Synchronized(diff) => Some(diff),
            _ => None,
        });
        let size = pushes.next_back().unwrap_or(&pull.opening);
        let sum =
            |of: fn(&testkit::fake_github::ChangedFile) -> i64| pull.files.iter().map(of).sum();
        let (added, removed): (i64, i64) = (sum(|file| file.additions), sum(|file| file.deletions));
        assert_eq!((size.additions, size.deletions), (added, removed), "{pull:?}");
        assert_eq!(size.changed_files, pull.files.len() as i64);
        assert!(added >= 0 && removed >= 0 && added + removed > 0, "{pull:?}");
    }
}

#[test]
fn a_story_ends_with_the_facts() {
    for (index, pull) in SMALL.pull_requests.iter().enumerate().step_by(11) {
        let story = SMALL.story(index);
        let state = &story.pull;
        assert_eq!(state.merged_at, pull.merged_at);
        assert_eq!(state.closed_at, pull.closed_at);
        assert_eq!(state.draft, pull.draft);
        assert_eq!(story.reviews.len(), pull.reviews.len());
        let labels: Vec<&str> = state.labels.iter().map(|label| label.name.as_str()).collect();
        assert_eq!(labels, pull.labels);
        let merged_by = pull.merged_by.map(|by| &SMALL.people[by].account);
        assert_eq!(state.merged_by.as_ref(), merged_by);
        assert_eq!(state.changed_files, pull.files.len() as i64);
    }
}
