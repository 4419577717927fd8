use crate::gaming::{
    changes::{self, PullContent, file},
    model::{PullScene, Repository},
    outcomes,
    people::Habit,
    phrases::ChangeWork,
    stage::SketchStage,
    vocabulary::LOCALES,
};
use testkit::rng::Rng;

/// Contributors to documentation open many small changes in one or two projects, sometimes several on one evening.
pub(super) fn docs(stage: &mut SketchStage<'_>) {
    for author in stage.with_habit(Habit::DocsWriter) {
        let homes = stage.homes(author);
        let mut left = stage.scale.each(&mut stage.rng, 24, 40);
        while left > 0 {
            let repository = homes[stage.rng.index(2)];
            let (_, _, mut at) = stage.opening(author, repository);
            let evening = 1 + stage.rng.index(4);
            for _ in 0..evening.min(left) {
                let change = page(&mut stage.rng, &stage.repositories[repository]);
                let opening = (author, repository, at);
                stage.add(opening, PullScene::Docs, change, outcomes::reviewed);
                at += chrono::TimeDelta::minutes(stage.rng.between(9, 55));
            }
            left -= evening.min(left);
        }
    }
}

/// Draws a small change of documentation; one in five only corrects words.
fn page(rng: &mut Rng, repository: &Repository) -> PullContent {
    let work = if rng.chance(20) { ChangeWork::Typo } else { ChangeWork::Docs };
    let (added, removed) = match work {
        ChangeWork::Typo => (rng.between(1, 3), rng.between(0, 2)),
        _ => (rng.between(1, 28), rng.between(0, 9)),
    };
    let mut paths = vec![changes::page(rng)];
    if rng.chance(25) {
        paths.push(changes::page(rng));
        paths.dedup();
    }
    PullContent {
        files: changes::spread(rng, paths, added, removed),
        ..changes::honest(rng, repository, work)
    }
}

/// Translators change the file of their language in several projects: the same name and about the same number of
/// lines as all others who translate the same texts.
pub(super) fn translations(stage: &mut SketchStage<'_>) {
    let projects = stage.projects();
    let translated = &projects[..projects.len().min(5)];
    for (place, author) in stage.with_habit(Habit::Translator).into_iter().enumerate() {
        let locale = LOCALES[place % LOCALES.len()];
        for _ in 0..stage.scale.each(&mut stage.rng, 7, 15) {
            let repository = *stage.rng.pick(translated);
            let opening = stage.opening(author, repository);
            let change = translation(&mut stage.rng, locale);
            stage.add(opening, PullScene::Translation, change, outcomes::reviewed);
        }
    }
}

fn translation(rng: &mut Rng, locale: &str) -> PullContent {
    // The texts of a release: every language adds the same lines.
    let release = rng.between(3, 8);
    let lines = 6 + release * 5;
    let title = *rng.pick(&["Update {} translation", "i18n: {} strings", "{} translation for 2.x"]);
    let title = title.replace("{}", locale).replace('x', &release.to_string());
    let folder = *rng.pick(&["locales", "locales", "i18n"]);
    PullContent {
        title,
        body: rng.chance(30).then(|| format!("Translates the new strings of 2.{release}.")),
        branch: format!("l10n-{locale}"),
        files: vec![file(format!("{folder}/{locale}.json"), lines, rng.between(0, 2))],
        label: "translation",
    }
}
