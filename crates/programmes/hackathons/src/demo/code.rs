//! The repositories of the demo's projects, at the simulated GitHub: four whose work was done inside the window, and one with much
//! older work and a stranger's commit.

use std::{fmt::Write as _, sync::Arc};

use anyhow::anyhow;
use chrono::TimeDelta;
use kernel::Timestamp;
use platform::module::Services;
use testkit::fake_github::{
    FakeGithub,
    code::{CodeStory, CommitStory, PushStory},
};

use super::PEOPLE;

/// Returns the repositories of the projects of a hackathon, in their order.
pub(super) fn repositories(slug: &str) -> [String; 5] {
    [
        format!("bram-tern/gannet-{slug}"),
        format!("tomas-wick/petrel-{slug}"),
        format!("mei-quill/slack-water-{slug}"),
        format!("odd-larsen/berth-bell-{slug}"),
        format!("sana-petrel/pocket-chart-{slug}"),
    ]
}

/// A person who is in no team.
const STRANGER: &str = "quay-stranger";

/// Adds the repositories of hackathons, each with the opening of its submissions, if the demo runs with a simulated GitHub.
pub(super) fn add(services: &Services, events: &[(&str, Timestamp)]) -> anyhow::Result<()> {
    let Some(github) = services.extensions.get::<Arc<FakeGithub>>() else {
        return Ok(());
    };
    for login in PEOPLE.map(|(_, login, _)| login).into_iter().chain([STRANGER]) {
        github.add_user(login);
    }
    for (slug, opens_at) in events {
        let [first, second, third, fourth, fifth] = repositories(slug);
        let stories = [
            gannet(&first, *opens_at),
            petrels(&second, *opens_at),
            alone("mei-quill", &third, *opens_at, [("README.md", 20), ("clock.html", 120)]),
            alone("odd-larsen", &fourth, *opens_at, [("README.md", 14), ("src/bell.c", 110)]),
            alone("sana-petrel", &fifth, *opens_at, [("README.md", 16), ("chart.html", 95)]),
        ];
        for story in stories {
            let added = github.add_code(&story);
            let refused = |message| anyhow!("the repository {}: {message}", story.repository);
            added.map_err(|refusal| refused(refusal.message))?;
        }
    }
    Ok(())
}

/// Returns a source file of a number of lines, which nothing else contains.
fn source(name: &str, lines: usize) -> String {
    (0..lines).fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "// {name}: step {line} of the day on the water");
        text
    })
}

/// Tells of a team that pushed as it went.
fn gannet(repository: &str, opens_at: Timestamp) -> CodeStory {
    let at = |hours| opens_at + TimeDelta::hours(hours);
    let push = |by, hour, file: &str, lines| {
        let commit = CommitStory::new(by, at(hour), &format!("Write {file}"));
        PushStory::new(by, at(hour) + TimeDelta::minutes(9))
            .commit(commit.file(file, &source(file, lines)))
    };
    CodeStory::new(repository, at(1))
        .license("MIT")
        .collaborator("lucia-reef")
        .push(push("bram-tern", 2, "README.md", 12))
        .push(push("bram-tern", 5, "src/berths.rs", 90))
        .push(push("lucia-reef", 22, "web/list.html", 60))
        .push(push("bram-tern", 26, "src/offline.rs", 70))
}

/// Tells of a team whose project is older than the event.
fn petrels(repository: &str, opens_at: Timestamp) -> CodeStory {
    let at = |hours| opens_at + TimeDelta::hours(hours);
    let commit = |by, hour, file: &str, lines| {
        CommitStory::new(by, at(hour), &format!("Write {file}")).file(file, &source(file, lines))
    };
    let old = PushStory::new("tomas-wick", at(-400))
        .commit(commit("tomas-wick", -402, "README.md", 12))
        .commit(commit("tomas-wick", -401, "log.py", 200));
    CodeStory::new(repository, at(-410))
        .license("MIT")
        .push(old)
        .push(PushStory::new("tomas-wick", at(20)).commit(commit(STRANGER, 19, "radio.py", 60)))
}

/// Tells of a person who built alone, on one day, two files of a number of lines.
fn alone(
    by: &str,
    repository: &str,
    opens_at: Timestamp,
    [first, second]: [(&str, usize); 2],
) -> CodeStory {
    let at = |hours| opens_at + TimeDelta::hours(hours);
    let commit = |hour, (file, lines): (&str, usize)| {
        CommitStory::new(by, at(hour), &format!("Write {file}")).file(file, &source(file, lines))
    };
    CodeStory::new(repository, at(3))
        .license("MIT")
        .push(PushStory::new(by, at(5)).commit(commit(4, first)))
        .push(PushStory::new(by, at(9)).commit(commit(8, second)))
}
