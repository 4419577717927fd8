use crate::gaming::{
    changes, model::PullScene, outcomes, people::Habit, phrases::ChangeWork, stage::SketchStage,
};

/// Everyday pull requests that exist before others repeat them, in percent of all.
const FIRST_PERCENT: usize = 30;

/// Adds the first part of ordinary work.
pub(in crate::gaming) fn first(stage: &mut SketchStage<'_>) {
    let some = stage.scale.pull_requests * FIRST_PERCENT / 100;
    fill(stage, stage.sketches.len() + some);
}

/// Adds ordinary work until the season has its size.
pub(in crate::gaming) fn last(stage: &mut SketchStage<'_>) {
    fill(stage, stage.scale.pull_requests);
}

/// Adds ordinary pull requests of regulars and maintainers until there are `total`. Few people do much, many do
/// little.
fn fill(stage: &mut SketchStage<'_>, total: usize) {
    let regulars = stage.with_habit(Habit::Regular);
    let maintainers = stage.with_habit(Habit::Maintainer);
    while stage.sketches.len() < total {
        if stage.rng.chance(22) {
            let author = *stage.rng.pick(&maintainers);
            own(stage, author);
        } else {
            let share = stage.rng.fraction() * stage.rng.fraction().max(0.05);
            let place = (regulars.len() as f64 * share) as usize;
            let author = regulars[place.min(regulars.len() - 1)];
            let repository = stage.home(author);
            open(stage, author, repository);
        }
    }
}

/// Adds a change by a maintainer, mostly to an own repository.
fn own(stage: &mut SketchStage<'_>, author: usize) {
    let all = 0..stage.repositories.len();
    let own: Vec<usize> =
        all.filter(|at| stage.repositories[*at].maintainers.contains(&author)).collect();
    let repository = if own.is_empty() || stage.rng.chance(12) {
        stage.home(author)
    } else {
        *stage.rng.pick(&own)
    };
    open(stage, author, repository);
}

fn open(stage: &mut SketchStage<'_>, author: usize, repository: usize) {
    let place = &stage.repositories[repository];
    let opening = stage.opening(author, repository);
    let work = ChangeWork::draw(&mut stage.rng);
    let change = changes::honest(&mut stage.rng, place, work);
    let scene = opening;
    stage.add(scene, PullScene::Everyday, change, outcomes::reviewed);
}
