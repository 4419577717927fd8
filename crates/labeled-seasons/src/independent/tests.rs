use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::generate;
use crate::gaming::{PersonKind, PullRequest, PullScene, Purpose, Season};
use testkit::{
    payloads::PullState,
    story::{Act, Story},
};

/// Seeds that every test looks at.
const SEEDS: [u64; 4] = [1, 2, 77, 2_026];

fn seasons() -> Vec<Season> {
    SEEDS.into_iter().map(generate).collect()
}

fn unique<T: std::hash::Hash + Eq>(all: impl Iterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    all.into_iter().all(|one| seen.insert(one))
}

#[test]
fn a_seed_gives_one_season_of_the_promised_size() {
    assert_eq!(generate(5), generate(5));
    assert_ne!(generate(5).pull_requests, generate(6).pull_requests);
    for season in seasons() {
        assert!(
            (1350..=1900).contains(&season.pull_requests.len()),
            "{}",
            season.pull_requests.len()
        );
        assert!((190..=230).contains(&season.people.len()), "{}", season.people.len());
        assert!((55..=70).contains(&season.repositories.len()), "{}", season.repositories.len());
        assert_eq!(season.scale.pull_requests, season.pull_requests.len());
        let gaming = season.pull_requests.iter().filter(|own| own.is_gaming()).count();
        let percent = 100 * gaming / season.pull_requests.len();
        assert!((12..=26).contains(&percent), "{percent} % are gaming");
    }
}

#[test]
fn each_label_occurs_and_agrees_with_the_others() {
    use PullScene::*;
    let scenes = [
        Everyday,
        Team,
        Fast,
        Docs,
        Translation,
        Sprint,
        Course,
        Bump,
        Migration,
        FirstTypo,
        Solo,
        ListEntry,
        Practice,
        Series,
        Backport,
        Duplicate,
        Stray,
        Cover,
        Farming,
        RingTrade,
        Junk,
        TypoSpam,
        Copy,
        Stolen,
        AlternateRun,
    ];
    for season in seasons() {
        for scene in scenes {
            let count = season.pull_requests.iter().filter(|own| own.scene == scene).count();
            assert!(count >= 4, "{scene:?}: {count} in season {}", season.seed);
        }
        for person in &season.people {
            assert_eq!(person.kind == PersonKind::Honest, person.habit.is_some());
            assert_ne!(person.habit.is_some(), person.care.is_some());
        }
        for pull in &season.pull_requests {
            let kind = season.people[pull.author].kind;
            assert!(!pull.is_gaming() || kind != PersonKind::Honest, "{pull:?}");
            assert_eq!(pull.scene == Cover, !pull.is_gaming() && kind != PersonKind::Honest);
            let junk = season.repositories[pull.repository].is_junk();
            assert_eq!(junk, matches!(pull.scene, Junk | Stray), "{pull:?}");
        }
    }
}

#[test]
fn every_gamer_games_and_every_kind_is_there() {
    for season in seasons() {
        let mut gamed: HashMap<usize, usize> = HashMap::new();
        for pull in season.pull_requests.iter().filter(|own| own.is_gaming()) {
            *gamed.entry(pull.author).or_default() += 1;
        }
        let kinds: HashSet<PersonKind> = season.people.iter().map(|own| own.kind).collect();
        assert_eq!(kinds.len(), 15, "{kinds:?}");
        for (place, person) in season.people.iter().enumerate() {
            let owner = matches!(person.kind, PersonKind::JunkOwner(_));
            let count = gamed.get(&place).copied().unwrap_or_default();
            assert_eq!(
                person.kind != PersonKind::Honest,
                count >= 3 || owner,
                "{person:?}: {count}"
            );
        }
        let purposes: HashSet<Purpose> =
            season.repositories.iter().map(|own| own.purpose).collect();
        assert!(purposes.contains(&Purpose::Practice) && purposes.contains(&Purpose::Junk(2)));
    }
}

#[test]
fn ids_and_names_are_unique_and_grow_with_time() {
    for season in seasons() {
        assert!(unique(season.people.iter().map(|own| own.account.id)));
        assert!(unique(season.people.iter().map(|own| own.account.login.to_lowercase())));
        assert!(unique(season.repositories.iter().map(|own| own.repo.id)));
        assert!(unique(season.repositories.iter().map(|own| own.repo.full_name())));
        assert!(unique(season.pull_requests.iter().map(|own| (own.repository, own.number))));
        assert!(season.pull_requests.windows(2).all(|two| two[0].id < two[1].id));
        assert!(season.pull_requests.windows(2).all(|two| two[0].opened_at <= two[1].opened_at));
        let mut people: Vec<_> = season.people.iter().collect();
        people.sort_by_key(|own| own.created_at);
        assert!(people.windows(2).all(|two| two[0].account.id < two[1].account.id));
        for pull in &season.pull_requests {
            assert_eq!(season.pull_request(pull.id), Some(pull));
        }
    }
}

/// Checks the order of a pull request's life and that its end agrees with its steps.
fn check(season: &Season, pull: &PullRequest) {
    assert!(pull.opened_at >= season.scale.from && pull.opened_at < season.scale.until);
    assert!(pull.opened_at > season.people[pull.author].created_at, "{pull:?}");
    assert!(!pull.title.is_empty() && !pull.files.is_empty(), "{pull:?}");
    assert!(unique(pull.files.iter().map(|file| &file.filename)), "{pull:?}");
    assert!(pull.files.iter().all(|file| file.additions + file.deletions > 0), "{pull:?}");
    assert_eq!(pull.steps[0].act, Act::Opened);
    assert!(pull.steps.windows(2).all(|two| two[0].at <= two[1].at), "{pull:?}");
    assert!(pull.steps.iter().all(|step| step.at < season.scale.until));
    for review in &pull.reviews {
        assert!(review.at >= pull.opened_at && review.reviewer != pull.author, "{pull:?}");
        assert!(pull.closed_at.is_none_or(|closed| review.at <= closed), "{pull:?}");
        assert!(review.at > season.people[review.reviewer].created_at, "{pull:?}");
    }
    assert_eq!(pull.merged_at.is_some(), pull.merged_by.is_some());
    if let Some(merged) = pull.merged_at {
        assert!(
            merged >= pull.opened_at && pull.closed_at == Some(merged) && !pull.draft,
            "{pull:?}"
        );
        let repository = &season.repositories[pull.repository];
        let by = pull.merged_by.expect("someone merged it");
        assert!(
            repository.maintainers.contains(&by) || repository.collaborators.contains(&by),
            "{pull:?}"
        );
    }
}

#[test]
fn every_life_is_in_order() {
    for season in seasons() {
        for pull in &season.pull_requests {
            check(&season, pull);
        }
        let merged = season.pull_requests.iter().filter(|own| own.merged_at.is_some()).count();
        let percent = 100 * merged / season.pull_requests.len();
        assert!((55..=90).contains(&percent), "{percent} % are merged");
    }
}

#[test]
fn github_would_allow_every_step() {
    let season = generate(4);
    for pull in &season.pull_requests {
        let repo = Arc::new(season.repositories[pull.repository].repo.clone());
        let author = season.people[pull.author].account.clone();
        let mut state = PullState::opened(repo, pull.number, pull.id, author, pull.opened_at);
        state.draft = pull.opened_as_draft;
        let mut story = Story::new(state);
        for step in &pull.steps {
            let by = &season.people[step.by].account;
            assert!(story.act(step.act.clone(), by, step.at).is_some(), "{pull:?}");
        }
        assert_eq!(story.pull.merged_at, pull.merged_at);
        assert_eq!(story.pull.closed_at, pull.closed_at);
        assert_eq!(story.pull.draft, pull.draft);
        assert_eq!(story.reviews.len(), pull.reviews.len());
        assert_eq!(story.pull.labels.len(), pull.labels.len());
    }
}

#[test]
fn the_season_is_delivered_as_webhooks() {
    let season = generate(3);
    let steps: usize = season.pull_requests.iter().map(|own| own.steps.len()).sum();
    assert!(season.deliveries().count() >= steps);
}
