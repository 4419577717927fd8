use super::super::{
    draft::{Draft, file},
    world::World,
};
use crate::gaming::{Habit, PullScene};

const TOPICS: &[&str] = &[
    "authentication",
    "webhooks",
    "pagination",
    "rate limits",
    "rollback",
    "logging",
    "migrations",
    "caching",
    "themes",
    "shortcuts",
    "errors",
    "permissions",
    "backups",
    "queries",
];

/// Writers improve one page at a time, for weeks, because maintainers prefer small changes.
pub(super) fn writers(world: &mut World) {
    for writer in world.who(Habit::DocsWriter) {
        let homes = world.projects(2);
        for _ in 0..world.rng.between(9, 17) {
            page(world, writer, &homes);
        }
    }
}

fn page(world: &mut World, writer: usize, homes: &[usize]) {
    let topic = *world.rng.pick(TOPICS);
    let title = match world.rng.below(5) {
        0 => format!("docs: describe {topic}"),
        1 => format!("docs({topic}): fix wording"),
        2 => format!("Fix grammar in the chapter about {topic}"),
        3 => format!("docs: add a diagram for {topic}"),
        _ => format!("README: link the chapter about {topic}"),
    };
    let small = world.rng.chance(55);
    let added = if small { world.soon(1, 6) } else { world.soon(15, 120) };
    let path = if world.rng.chance(15) {
        String::from("README.md")
    } else {
        format!("docs/guide/{}.md", topic.replace(' ', "-"))
    };
    let at = world.awake(writer);
    let home = *world.rng.pick(homes);
    let files = vec![file(path, added, world.soon(0, added))];
    let draft = Draft::new(writer, home, PullScene::Docs, at).title(title).files(files);
    let reason = world.reason();
    world.usual(draft.body(reason).head(format!("docs-{}", topic.replace(' ', "-"))));
}

/// Translators send the same file for each module and language: equal titles, names and sizes.
pub(super) fn translators(world: &mut World) {
    let languages = ["ta", "pt-BR", "uk", "tr", "vi", "sw", "ja"];
    for (translator, language) in world.who(Habit::Translator).into_iter().zip(languages) {
        let homes = world.projects(2);
        for turn in 0..world.rng.between(5, 9) {
            let home = homes[usize::from(turn > 4)];
            let part = world.part(home);
            let arrival = world.arrival(translator);
            let day = arrival + turn * 8 + world.rng.between(0, 5);
            let at = world.on(translator, day, 18, 24);
            let lines = world.rng.between(22, 28);
            let removed = if world.rng.chance(50) { lines } else { 0 };
            let path = format!("locales/{language}/{part}.json");
            let draft = Draft::new(translator, home, PullScene::Translation, at)
                .title(format!("i18n: {language} translation of {part}"))
                .files(vec![file(path, lines, removed)])
                .head(format!("l10n-{language}"));
            world.usual(draft);
        }
    }
}
