use super::super::{
    draft::{Draft, file},
    world::World,
};
use crate::gaming::{Habit, PullScene, Purpose};

/// People who replace a removed call in every project that still uses it, with the same title and description.
pub(super) fn migrations(world: &mut World) {
    let calls = [
        "the removed flag --legacy",
        "SHA-1 in release scripts",
        "the old image of the build machine",
    ];
    for (person, call) in world.who(Habit::Migrator).into_iter().zip(calls) {
        let first = world.rng.between(5, 60);
        for home in world.projects(9) {
            let day = first + world.rng.between(0, 12);
            let at = world.on(person, day, 9, 20);
            let path = *world.rng.pick(&["Makefile", ".ci/build.yml", "scripts/release.sh"]);
            let lines = world.rng.between(2, 5);
            let title = format!("Replace {call}");
            let reason = format!("{title}: it stops working next month, see the announcement.");
            let draft =
                Draft::new(person, home, PullScene::Migration, at).title(title).body(reason);
            world.usual(draft.files(vec![file(path, lines, lines)]).head("replace-removed"));
        }
    }
}

/// Maintainers of services that were made from one template change the same files in each of them.
pub(super) fn template(world: &mut World) {
    let services = world.repositories.iter().enumerate();
    let services = services.filter(|(_, own)| own.repo.name.starts_with("service-"));
    let services: Vec<usize> = services.map(|(place, _)| place).collect();
    let titles = [
        "Pin the base image",
        "Enable structured logs",
        "Add a readiness probe",
        "Rotate the signing key",
    ];
    for (turn, title) in titles.iter().enumerate() {
        let author = world.repositories[services[0]].maintainers[turn % 4];
        let day = 8 + 20 * turn as i64;
        for service in services.iter().copied() {
            let at = world.on(author, day, 10, 12);
            let files = vec![file("deploy/service.yml", 3, 1), file("Dockerfile", 1, 1)];
            let draft =
                Draft::new(author, service, PullScene::Migration, at).title(*title).files(files);
            world.usual(draft.head("template-sync"));
        }
    }
}

/// Large refactorings, in numbered parts because the maintainers asked for small ones.
pub(super) fn refactorings(world: &mut World) {
    let regulars = world.who(Habit::Regular);
    for subject in
        ["Use the typed error", "Replace callbacks by streams", "Make settings immutable"]
    {
        let author = regulars[world.rng.index(40)];
        let home = world.project();
        let parts = world.rng.between(6, 10);
        let first = world.rng.between(2, 50);
        for number in 1..=parts {
            let part = world.part(home);
            let at = world.on(author, first + number * 2 / 3, 9, 22);
            let path = world.source(home, part);
            let lines = world.soon(6, 60);
            let title = format!("{subject} in {part} ({number}/{parts})");
            let draft = Draft::new(author, home, PullScene::Series, at)
                .title(title)
                .body(format!("Part {number} of the series that was agreed on in #{}.", first + 40))
                .files(vec![file(path, lines, lines - 1)])
                .head(format!("series-{number}"));
            world.usual(draft);
        }
    }
}

/// Fixes that are merged and opened again for two release branches.
pub(super) fn backports(world: &mut World) {
    for author in world.who(Habit::Maintainer).into_iter().take(6) {
        let homes = world.of(Purpose::Project);
        let home =
            homes.into_iter().find(|own| world.repositories[*own].maintainers.contains(&author));
        let Some(home) = home else {
            continue;
        };
        let mut draft = world.real(author, home, PullScene::Backport);
        draft.unready = false;
        let (original, at) = (draft.clone(), draft.at);
        world.usual(Draft { scene: PullScene::Everyday, ..draft });
        for (hours, branch) in [(50, "release-2.x"), (51, "release-1.x")] {
            let again = original.clone();
            world.usual(Draft {
                title: format!("[{branch}] {}", again.title),
                at: at + chrono::TimeDelta::hours(hours),
                base: Some(branch.to_owned()),
                head: format!("backport-{branch}"),
                ..again
            });
        }
    }
}
