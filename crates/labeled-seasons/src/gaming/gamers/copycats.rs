use std::collections::HashSet;

use chrono::TimeDelta;

use crate::gaming::{
    changes::{PullContent, file},
    model::{PullScene, Purpose},
    outcomes::OutcomeChances,
    people::{Care, PersonKind},
    stage::{Sketch, SketchStage},
};
use testkit::{rng::Rng, story::Act};

/// Files that fit every repository: title, path, lines.
const FILES: [(&str, &str, i64); 8] = [
    ("Add contributing guide", "CONTRIBUTING.md", 38),
    ("Add code of conduct", "CODE_OF_CONDUCT.md", 76),
    ("Add security policy", "SECURITY.md", 21),
    ("Add issue template", ".github/ISSUE_TEMPLATE/bug_report.md", 32),
    ("Add Dockerfile", "Dockerfile", 14),
    ("Add .editorconfig", ".editorconfig", 12),
    ("Add stale workflow", ".github/workflows/stale.yml", 24),
    ("Add badges to README", "README.md", 5),
];

/// Copycats open the same change in many repositories; a third of their changes are others' open pull requests.
pub(in crate::gaming) fn copies(stage: &mut SketchStage<'_>) {
    for author in stage.of_kind(PersonKind::Copycat) {
        let careful = stage.people[author].care == Some(Care::Careful);
        let count = stage.scale.each(&mut stage.rng, 8, 14);
        let stolen = (count / 3).max(1);
        everywhere(stage, author, careful, (count - stolen).max(2));
        steal(stage, author, careful, stolen);
    }
}

fn everywhere(stage: &mut SketchStage<'_>, author: usize, careful: bool, count: usize) {
    let projects = stage.projects();
    let template = *stage.rng.pick(&FILES);
    let mut at = stage.moment(author, stage.scale.from);
    for repository in projects.into_iter().take(count) {
        let latest = stage.scale.until - TimeDelta::hours(2);
        at = at.max(stage.earliest(author, repository)).min(latest);
        let change = copy(&mut stage.rng, template, careful);
        stage.add((author, repository, at), PullScene::Copy, change, |life, _| {
            life.judged(fate(careful));
        });
        let minutes = if careful { (400, 5000) } else { (3, 25) };
        at += TimeDelta::minutes(stage.rng.between(minutes.0, minutes.1));
    }
}

fn fate(careful: bool) -> OutcomeChances {
    if careful {
        OutcomeChances { merged: 55, closed: 28, spam: 12 }
    } else {
        OutcomeChances { merged: 34, closed: 38, spam: 30 }
    }
}

/// Draws a copy: careful copycats change words and a line or two.
fn copy(rng: &mut Rng, (title, path, lines): (&str, &str, i64), careful: bool) -> PullContent {
    let added = if careful { lines + rng.between(-2, 2) } else { lines };
    let openings = ["", "docs: ", "chore: ", "Proposal: "];
    let opening = if careful { *rng.pick(&openings) } else { "" };
    PullContent {
        title: format!("{opening}{title}"),
        body: Some(if careful {
            format!("This project has no {path} yet. This adds one that follows common practice.")
        } else {
            String::from("Please merge and add the label, thanks!")
        }),
        branch: format!("patch-{}", if careful { rng.between(1, 9) } else { 1 }),
        files: vec![file(path, added, 0)],
        label: "enhancement",
    }
}

/// Opens changes of others again, while these are open.
fn steal(stage: &mut SketchStage<'_>, author: usize, careful: bool, count: usize) {
    for victim in victims(stage, author, count) {
        let minutes = stage.rng.between(40, 2600);
        let at = victim.at + TimeDelta::minutes(minutes);
        let change = if careful { reworded(&mut stage.rng, &victim.change) } else { victim.change };
        let scene = (author, victim.repository, at);
        stage.add(scene, PullScene::Stolen, change, |life, _| {
            life.judged(OutcomeChances { merged: 30, closed: 55, spam: 20 });
        });
    }
}

fn reworded(rng: &mut Rng, change: &PullContent) -> PullContent {
    let mut files = change.files.clone();
    files[0].additions += rng.between(1, 4);
    let title = change.title.rsplit(": ").next().unwrap_or_default();
    PullContent {
        title: format!("Improvement: {title}"),
        body: Some(String::from("This implements the requested improvement.")),
        branch: format!("feature-{}", rng.between(1, 99)),
        files,
        label: change.label,
    }
}

/// Returns honest pull requests in projects that stay open for at least two days.
fn victims(stage: &mut SketchStage<'_>, author: usize, count: usize) -> Vec<Sketch> {
    let projects = stage.places(|purpose| purpose == Purpose::Project);
    let projects: HashSet<usize> = projects.into_iter().collect();
    let latest = stage.scale.until - TimeDelta::days(3);
    let fitting = stage.sketches.iter().filter(|sketch| {
        let ends = sketch.steps.iter();
        let mut ends = ends.filter(|step| matches!(step.act, Act::Merged | Act::Closed));
        sketch.scene == PullScene::Everyday
            && projects.contains(&sketch.repository)
            && sketch.change.files.len() < 6
            && sketch.at > stage.earliest(author, sketch.repository)
            && sketch.at < latest
            && ends.all(|step| step.at > sketch.at + TimeDelta::days(2))
    });
    let mut fitting: Vec<Sketch> = fitting.cloned().collect();
    stage.rng.shuffle(&mut fitting);
    fitting.truncate(count);
    fitting
}
