use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::gaming::{
    changes::{self, PullContent, file},
    life::PullLife,
    model::{PullScene, Purpose},
    people::Habit,
    stage::SketchStage,
    themes::THEMES,
};
use testkit::{payloads::Verdict, story::Act};

/// The same deprecated call in ten repositories.
const REPOSITORIES: usize = 10;

/// A person replaces a deprecated call wherever it is used. The first of these people change the same lines of the
/// same file everywhere, the others one or two source files.
pub(super) fn migrations(stage: &mut SketchStage<'_>) {
    for (place, author) in stage.with_habit(Habit::Migrator).into_iter().enumerate() {
        let projects = stage.projects();
        let mut at = stage.moment(author, stage.scale.from);
        for repository in projects.into_iter().take(REPOSITORIES) {
            let at_most = stage.scale.until - TimeDelta::hours(2);
            at = at.max(stage.earliest(author, repository)).min(at_most);
            let change = match place % 3 {
                0 => workflow(stage),
                _ => call(stage, repository, place),
            };
            stage.add((author, repository, at), PullScene::Migration, change, welcomed);
            at += TimeDelta::minutes(stage.rng.between(15, 2000));
        }
    }
}

fn workflow(stage: &mut SketchStage<'_>) -> PullContent {
    let lines = stage.rng.between(1, 3);
    PullContent {
        title: String::from("ci: replace the deprecated set-output command"),
        body: Some(String::from(
            "The `set-output` command is deprecated and will stop working. This writes to \
             `$GITHUB_OUTPUT` instead, as GitHub recommends.",
        )),
        branch: String::from("replace-set-output"),
        files: vec![file(".github/workflows/ci.yml", lines, lines)],
        label: "maintenance",
    }
}

fn call(stage: &mut SketchStage<'_>, repository: usize, place: usize) -> PullContent {
    let theme = &THEMES[stage.repositories[repository].theme];
    let names = ["openSync", "utcNow", "readAll", "spawnBlocking"];
    let name = names[place % names.len()];
    let rng = &mut stage.rng;
    let lines = rng.between(1, 7);
    let mut paths = vec![changes::source(rng, theme), changes::source(rng, theme)];
    paths.dedup();
    PullContent {
        title: format!("Replace deprecated `{name}`"),
        body: Some(format!(
            "`{name}` was deprecated last year and prints a warning now. I found it here with a search and \
             am replacing it in every project that uses it. The tests pass locally."
        )),
        branch: format!("replace-{}", name.to_lowercase()),
        files: changes::spread(rng, paths, lines, lines),
        label: "maintenance",
    }
}

fn welcomed(life: &mut PullLife<'_>, change: &PullContent) {
    if life.rng.chance(35) {
        life.label(300, change.label);
    }
    life.discuss(14);
    let by = life.maintainer();
    match life.rng.below(100) {
        0..86 => {
            let act = life.verdict(Verdict::Approved);
            life.later(700, by, act);
            life.later(30, by, Act::Merged);
        }
        86..92 => life.later(3000, by, Act::Closed),
        _ => {}
    }
}

/// Files that the repositories of an organization share: title, path, lines added and removed.
const SHARED: [(&str, &str, i64, i64); 4] = [
    ("ci: pin the runner image", ".github/workflows/ci.yml", 4, 4),
    ("chore: add the security policy", "SECURITY.md", 26, 0),
    ("chore: update the license year", "LICENSE", 1, 1),
    ("ci: cache dependencies", ".github/workflows/ci.yml", 9, 1),
];

/// Maintainers change a shared file in all repositories of their organization within an hour.
pub(super) fn rollouts(stage: &mut SketchStage<'_>) {
    for siblings in organizations(stage) {
        let author = stage.repositories[siblings[0]].maintainers[0];
        let (title, path, added, removed) = *stage.rng.pick(&SHARED);
        let mut at = stage.moment(author, stage.scale.from);
        at = at.min(stage.scale.until - TimeDelta::hours(12));
        for repository in siblings {
            let change = PullContent {
                title: title.to_owned(),
                body: None,
                branch: String::from("shared-files"),
                files: vec![file(path, added, removed)],
                label: "maintenance",
            };
            stage.add((author, repository, at), PullScene::Migration, change, welcomed);
            at += TimeDelta::minutes(stage.rng.between(1, 15));
        }
    }
}

/// Returns the repositories of each organization that has at least three.
fn organizations(stage: &SketchStage<'_>) -> Vec<Vec<usize>> {
    let mut owners: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for repository in stage.places(|purpose| purpose == Purpose::Project) {
        let owner = stage.repositories[repository].repo.owner.id;
        owners.entry(owner).or_default().push(repository);
    }
    owners.retain(|_, repositories| repositories.len() > 2);
    owners.into_values().collect()
}
