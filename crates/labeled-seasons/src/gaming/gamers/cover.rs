use crate::gaming::{
    changes,
    model::PullScene,
    outcomes,
    people::{Care, PersonKind},
    phrases::ChangeWork,
    stage::SketchStage,
};

/// Gamers also do honest work, careful ones more of it.
pub(super) fn cover(stage: &mut SketchStage<'_>) {
    let gamers = (0..stage.people.len()).filter(|at| stage.people[*at].kind != PersonKind::Honest);
    for author in gamers.collect::<Vec<_>>() {
        let (low, high) = match stage.people[author].care {
            Some(Care::Sloppy) => (0, 3),
            _ => (2, 7),
        };
        for _ in 0..stage.rng.between(low, high) {
            let repository = stage.home(author);
            let opening = stage.opening(author, repository);
            let work = ChangeWork::draw(&mut stage.rng);
            let change = changes::honest(&mut stage.rng, &stage.repositories[repository], work);
            stage.add(opening, PullScene::Cover, change, outcomes::reviewed);
        }
    }
}
