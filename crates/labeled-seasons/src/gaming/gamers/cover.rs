use crate::gaming::{
    changes,
    model::Scene,
    outcomes,
    people::{Care, Kind},
    phrases::Work,
    stage::Stage,
};

/// Gamers also do honest work, careful ones more of it.
pub(super) fn cover(stage: &mut Stage<'_>) {
    let gamers = (0..stage.people.len()).filter(|at| stage.people[*at].kind != Kind::Honest);
    for author in gamers.collect::<Vec<_>>() {
        let (low, high) = match stage.people[author].care {
            Some(Care::Sloppy) => (0, 3),
            _ => (2, 7),
        };
        for _ in 0..stage.rng.between(low, high) {
            let repository = stage.home(author);
            let opening = stage.opening(author, repository);
            let work = Work::draw(&mut stage.rng);
            let change = changes::honest(&mut stage.rng, &stage.repositories[repository], work);
            stage.add(opening, Scene::Cover, change, outcomes::reviewed);
        }
    }
}
