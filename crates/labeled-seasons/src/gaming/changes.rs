//! Draws changes: title, description, branch and files.

use super::{
    model::Repository,
    phrases::{self, ChangeWork},
    themes::{THEMES, Theme},
    vocabulary::{MODULES, PAGES},
};
use testkit::{fake_github::ChangedFile, rng::Rng};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct PullContent {
    pub(super) title: String,
    pub(super) body: Option<String>,
    pub(super) branch: String,
    pub(super) files: Vec<ChangedFile>,
    /// The label that a maintainer may add.
    pub(super) label: &'static str,
}

pub(super) fn file(path: impl Into<String>, additions: i64, deletions: i64) -> ChangedFile {
    ChangedFile { filename: path.into(), additions, deletions, patch: None }
}

pub(super) fn honest(rng: &mut Rng, repository: &Repository, work: ChangeWork) -> PullContent {
    let theme = &THEMES[repository.theme];
    let (title, subject) = phrases::title(rng, theme, work);
    PullContent {
        body: phrases::description(rng, theme, &subject),
        branch: branch(rng, &subject, work),
        files: files(rng, theme, work),
        label: work.label(),
        title,
    }
}

/// The kinds of work that are easy to split.
const SMALL: [ChangeWork; 6] = [
    ChangeWork::Test,
    ChangeWork::Refactor,
    ChangeWork::Refactor,
    ChangeWork::Docs,
    ChangeWork::Chore,
    ChangeWork::Fix,
];

/// Draws a small change with the texts of a real one, as careful gamers write it.
pub(super) fn plausible(rng: &mut Rng, repository: &Repository) -> PullContent {
    let (work, theme) = (*rng.pick(&SMALL), &THEMES[repository.theme]);
    let lines = rng.between(4, 26);
    let path = match work {
        ChangeWork::Docs => page(rng),
        ChangeWork::Test => test(rng, theme),
        _ => source(rng, theme),
    };
    let mut files = vec![file(path, lines, rng.between(0, lines))];
    // Comments and blank lines in a second file make the change look larger.
    if rng.chance(35) {
        let (path, lines) = (source(rng, theme), rng.between(3, 14));
        files.push(file(path, lines, rng.between(0, 2)));
    }
    files.dedup_by(|one, other| one.filename == other.filename);
    PullContent { files, ..honest(rng, repository, work) }
}

/// Draws a branch, often the name that GitHub's editor proposes.
fn branch(rng: &mut Rng, subject: &str, work: ChangeWork) -> String {
    let words = subject.to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(4)
        .collect();
    match rng.below(10) {
        0 => format!("patch-{}", rng.between(1, 9)),
        1 => format!("issue-{}", rng.between(11, 4000)),
        2..5 => format!("{}/{}", work.prefix(), words.join("-")),
        5 => String::from("main"),
        _ => words.join("-"),
    }
}

pub(super) fn source(rng: &mut Rng, theme: &Theme) -> String {
    let (folder, scope) = (theme.source, *rng.pick(&theme.scopes));
    format!("{folder}/{scope}/{}.{}", rng.pick(&MODULES), theme.ending)
}

pub(super) fn test(rng: &mut Rng, theme: &Theme) -> String {
    let (folder, scope) = (theme.tests, *rng.pick(&theme.scopes));
    format!("{folder}/{scope}_{}.{}", rng.pick(&MODULES), theme.ending)
}

pub(super) fn page(rng: &mut Rng) -> String {
    if rng.chance(25) { String::from("README.md") } else { format!("docs/{}.md", rng.pick(&PAGES)) }
}

fn files(rng: &mut Rng, theme: &Theme, work: ChangeWork) -> Vec<ChangedFile> {
    let (added, removed) = lines(rng, work);
    let count = (1 + (added + removed) / rng.between(25, 80)).min(24);
    let mut paths: Vec<String> = (0..count).map(|_| path(rng, theme, work)).collect();
    let tests = match work {
        ChangeWork::Feature => 50,
        ChangeWork::Fix => 40,
        ChangeWork::Refactor => 25,
        _ => 0,
    };
    if rng.chance(tests) {
        paths.push(test(rng, theme));
    }
    if work == ChangeWork::Feature && rng.chance(25) {
        paths.push(page(rng));
    }
    paths.sort_unstable();
    paths.dedup();
    spread(rng, paths, added, removed)
}

fn path(rng: &mut Rng, theme: &Theme, work: ChangeWork) -> String {
    match work {
        ChangeWork::Docs | ChangeWork::Typo => page(rng),
        ChangeWork::Test => test(rng, theme),
        ChangeWork::Chore => {
            let own = [theme.manifest, theme.lock, ".github/workflows/ci.yml", "Makefile"];
            (*rng.pick(&own)).to_owned()
        }
        _ => source(rng, theme),
    }
}

/// Draws lines: mostly few, sometimes very many.
fn lines(rng: &mut Rng, work: ChangeWork) -> (i64, i64) {
    let most = match work {
        ChangeWork::Feature => 700,
        ChangeWork::Refactor => 450,
        ChangeWork::Test => 260,
        ChangeWork::Fix => 120,
        ChangeWork::Docs => 140,
        ChangeWork::Chore => 60,
        ChangeWork::Typo => return (rng.between(1, 3), rng.between(1, 3)),
    };
    let giant = if rng.chance(3) { 6 } else { 1 };
    let share = |rng: &mut Rng| (f64::from(most * giant) * rng.fraction() * rng.fraction()) as i64;
    let (added, removed) = (1 + share(rng), share(rng) / 2);
    match work {
        ChangeWork::Refactor => (added, added / 2 + removed),
        _ => (added, removed),
    }
}

/// Divides lines among files.
pub(super) fn spread(
    rng: &mut Rng,
    paths: Vec<String>,
    mut added: i64,
    mut removed: i64,
) -> Vec<ChangedFile> {
    let last = paths.len().saturating_sub(1);
    let part = |rng: &mut Rng, rest: &mut i64, place: usize| {
        let taken = if place == last {
            *rest
        } else {
            rng.between(0, *rest * 2 / (last - place + 1) as i64).min(*rest)
        };
        *rest -= taken;
        taken
    };
    let place = |(place, path)| {
        let additions = part(rng, &mut added, place);
        file(path, additions, part(rng, &mut removed, place))
    };
    paths.into_iter().enumerate().map(place).collect()
}
