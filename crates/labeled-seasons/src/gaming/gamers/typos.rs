use chrono::TimeDelta;

use crate::gaming::{
    changes::{PullContent, file},
    model::PullScene,
    outcomes::OutcomeChances,
    people::{Care, PersonKind},
    stage::SketchStage,
    vocabulary::PAGES,
};
use testkit::rng::Rng;

/// Typo spammers go from project to project and change a word or whitespace in each.
pub(super) fn spam(stage: &mut SketchStage<'_>) {
    for author in stage.of_kind(PersonKind::TypoSpammer) {
        let careful = stage.people[author].care == Some(Care::Careful);
        let count = stage.scale.each(&mut stage.rng, 10, 18);
        let mut at = stage.scale.from;
        let mut session = 0;
        for repository in tour(stage, count) {
            if session == 0 || careful {
                (_, _, at) = stage.opening(author, repository);
                session = 2 + stage.rng.index(6);
            }
            session -= 1;
            at = at.max(stage.earliest(author, repository));
            let change = typo(&mut stage.rng, careful);
            let fate = fate(careful);
            stage.add((author, repository, at), PullScene::TypoSpam, change, |life, _| {
                life.judged(fate);
            });
            at += TimeDelta::seconds(stage.rng.between(100, 1300));
        }
    }
}

/// Returns `count` projects; there are more only if the spammer returns to some.
fn tour(stage: &mut SketchStage<'_>, count: usize) -> Vec<usize> {
    let projects = stage.projects();
    projects.into_iter().cycle().take(count).collect()
}

fn fate(careful: bool) -> OutcomeChances {
    if careful {
        OutcomeChances { merged: 66, closed: 20, spam: 8 }
    } else {
        OutcomeChances { merged: 32, closed: 40, spam: 38 }
    }
}

/// Titles of careless spammers.
const TITLES: [&str; 7] = [
    "Update README.md",
    "Fixed typo",
    "typo",
    "Fix whitespace",
    "Update README",
    "Fix grammar",
    "Improved readme",
];

fn typo(rng: &mut Rng, careful: bool) -> PullContent {
    if careful {
        return correction(rng);
    }
    let lines = rng.between(1, 2);
    PullContent {
        title: (*rng.pick(&TITLES)).to_owned(),
        body: None,
        branch: String::from("patch-1"),
        files: vec![file("README.md", lines, rng.between(0, lines))],
        label: "documentation",
    }
}

/// Draws a change of some words with plausible texts.
fn correction(rng: &mut Rng) -> PullContent {
    let page = *rng.pick(&PAGES);
    let kinds = ["grammar", "wording", "spelling", "formatting", "punctuation"];
    let (kind, lines) = (*rng.pick(&kinds), rng.between(1, 6));
    let path = if rng.chance(60) { String::from("README.md") } else { format!("docs/{page}.md") };
    PullContent {
        title: match rng.below(3) {
            0 => format!("docs: fix {kind} in {page}"),
            1 => format!("Fix {kind} in the {page} section"),
            _ => format!("docs: improve {kind}"),
        },
        body: rng
            .chance(60)
            .then(|| format!("I noticed some {kind} issues while reading the {page} section.")),
        branch: format!("docs/{kind}-{page}"),
        files: vec![file(path, lines, lines)],
        label: "documentation",
    }
}
