use chrono::TimeDelta;

use crate::gaming::{
    changes::{self, PullContent},
    life::{self, PullLife},
    model::PullScene,
    outcomes::OutcomeChances,
    people::{Care, PersonKind},
    phrases,
    stage::{SketchOpening, SketchStage},
};
use testkit::payloads::Verdict;

/// One person takes turns with several new accounts in the same one or two projects, so that no account reaches a
/// limit. Careless people use the same style everywhere and approve their own changes.
pub(super) fn runs(stage: &mut SketchStage<'_>) {
    for members in stage.groups(|group| stage.of_kind(PersonKind::Alternate(group))) {
        let projects = stage.projects();
        let targets = &projects[..projects.len().min(2)];
        let mut left: Vec<(usize, usize)> = Vec::new();
        for member in &members {
            left.push((*member, stage.scale.each(&mut stage.rng, 6, 10)));
        }
        let joined = members.iter().map(|own| stage.earliest(*own, targets[0]));
        let Some(mut at) = joined.min() else { continue };
        while left.iter().any(|(_, count)| *count > 0) {
            at = turn(stage, &mut left, targets, at, &members);
        }
    }
}

/// Adds some pull requests of the account that joined and has most left; returns when the next turn begins.
fn turn(
    stage: &mut SketchStage<'_>,
    left: &mut [(usize, usize)],
    targets: &[usize],
    at: kernel::Timestamp,
    members: &[usize],
) -> kernel::Timestamp {
    let latest = stage.scale.until - TimeDelta::hours(4);
    let joined = |person: usize| at >= latest || stage.people[person].created_at < at;
    let ready = left.iter_mut().filter(|(person, count)| *count > 0 && joined(*person));
    let Some((author, count)) = ready.max_by_key(|(_, count)| *count) else {
        return at + TimeDelta::days(1);
    };
    let some = (*count).min(1 + stage.rng.index(3));
    let mut now = at;
    for _ in 0..some {
        let repository = *stage.rng.pick(targets);
        now = now.max(stage.earliest(*author, repository)).min(latest);
        open(stage, (*author, repository, now), members);
        now += TimeDelta::minutes(stage.rng.between(20, 400));
    }
    *count -= some;
    // All accounts keep the hours of the one person.
    let author = *author;
    let next = now + TimeDelta::hours(stage.rng.between(10, 70));
    stage.awake(author, next).max(now).min(latest)
}

fn open(stage: &mut SketchStage<'_>, opening: SketchOpening, members: &[usize]) {
    let (author, repository, at) = opening;
    let sloppy = stage.people[author].care == Some(Care::Sloppy);
    let mut change = changes::plausible(&mut stage.rng, &stage.repositories[repository]);
    if sloppy {
        change = same_style(change);
    }
    let others = members.iter().copied();
    let others: Vec<usize> =
        others.filter(|own| *own != author && stage.people[*own].created_at < at).collect();
    stage.add(opening, PullScene::AlternateRun, change, |life, _| {
        if sloppy && !others.is_empty() && life.rng.chance(40) {
            approve(life, &others);
        }
        life.judged(OutcomeChances { merged: 68, closed: 18, spam: 8 });
    });
}

fn approve(life: &mut PullLife<'_>, others: &[usize]) {
    let other = *life.rng.pick(others);
    let act = life::review(Verdict::Approved, phrases::praise(life.rng));
    life.later(60, other, act);
}

/// Rewrites the texts in the manner of one person.
fn same_style(change: PullContent) -> PullContent {
    let title = change.title.rsplit([':', ']']).next().unwrap_or_default();
    PullContent {
        title: format!("Enhancement - {}", title.trim()),
        body: Some(String::from("Kindly review and merge this PR.")),
        branch: format!("enh-{}", change.branch.replace('/', "-")),
        ..change
    }
}
