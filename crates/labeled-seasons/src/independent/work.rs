use super::{
    draft::{Draft, file},
    phrases::{ADDITIONS, CHORES, DEFECTS, DETAILS, REASONS},
    world::World,
};
use crate::gaming::PullScene;
use testkit::fake_github::ChangedFile;

impl World {
    pub(super) fn part(&mut self, repository: usize) -> &'static str {
        let parts = self.stack(repository).parts;
        self.rng.pick::<&str>(parts)
    }

    /// Returns the path of a source file.
    pub(super) fn source(&mut self, repository: usize, part: &str) -> String {
        let stack = self.stack(repository);
        let stem = *self
            .rng
            .pick(&["state", "main", "read", "write", "model", "events", "index", "checks"]);
        match self.rng.below(3) {
            0 => format!("{}/{part}.{}", stack.source, stack.extension),
            _ => format!("{}/{part}/{stem}.{}", stack.source, stack.extension),
        }
    }

    /// Returns the files of real work on a part: one to seven, half of the time with a test.
    pub(super) fn work(&mut self, repository: usize, part: &str) -> Vec<ChangedFile> {
        let stack = self.stack(repository);
        let mut files: Vec<ChangedFile> = Vec::new();
        for _ in 0..self.soon(1, 6) {
            let path = self.source(repository, part);
            if files.iter().any(|own| own.filename == path) {
                continue;
            }
            let (added, removed) = (self.soon(1, 140), self.soon(0, 60));
            files.push(file(path, added, removed));
        }
        if self.rng.chance(45) {
            let path = format!("{}/{part}_test.{}", stack.tests, stack.extension);
            let (added, removed) = (self.soon(6, 90), self.soon(0, 12));
            files.push(file(path, added, removed));
        }
        if self.rng.chance(12) {
            files.push(file("CHANGELOG.md", 1, 0));
        }
        files
    }

    /// Returns the title of real work in the convention of the repository.
    pub(super) fn work_title(&mut self, repository: usize, part: &str) -> String {
        let (verb, kind, what) = match self.rng.below(5) {
            0 | 1 => ("Fix", "fix", *self.rng.pick(DEFECTS)),
            2 | 3 => ("Add", "feat", *self.rng.pick(ADDITIONS)),
            _ => ("", "chore", *self.rng.pick(CHORES)),
        };
        let detail = if self.rng.chance(45) { *self.rng.pick(DETAILS) } else { "" };
        let what = format!("{what}{detail}");
        let small = verb.to_lowercase();
        match repository % 4 {
            0 => format!("{kind}({part}): {}", format!("{small} {what}").trim()),
            1 => format!("{part}: {}", format!("{verb} {what}").trim()),
            2 => format!("{} in {part}", format!("{verb} {what}").trim()),
            _ => format!("{} ({part})", format!("{small} {what}").trim()),
        }
    }

    /// Returns a description as an honest person writes it; one in six writes none.
    pub(super) fn reason(&mut self) -> String {
        let reason = *self.rng.pick(REASONS);
        let issue = self.rng.between(12, 940);
        match self.rng.below(6) {
            0 => String::new(),
            1 => format!("Fixes #{issue}."),
            2 => format!("{reason}\n\nCloses #{issue}"),
            3 => format!(
                "## What\n{reason}\n\n## How it was tested\nBy hand, and with the tests of #{issue}."
            ),
            4 => format!("See the discussion in #{issue}. {reason}"),
            _ => reason.to_owned(),
        }
    }

    /// Returns real work of a person without a reaction yet.
    pub(super) fn real(&mut self, author: usize, repository: usize, scene: PullScene) -> Draft {
        let at = self.awake(author);
        self.real_at(author, repository, scene, at)
    }

    /// Returns real work that is opened at `at`.
    pub(super) fn real_at(
        &mut self,
        author: usize,
        repository: usize,
        scene: PullScene,
        at: kernel::Timestamp,
    ) -> Draft {
        let part = self.part(repository);
        let title = self.work_title(repository, part);
        let branch = self.branch(part);
        let mut draft = Draft::new(author, repository, scene, at)
            .title(title)
            .body(self.reason())
            .files(self.work(repository, part))
            .head(branch);
        draft.unready = self.rng.chance(9);
        draft
    }

    pub(super) fn branch(&mut self, part: &str) -> String {
        let part = part.to_lowercase();
        match self.rng.below(5) {
            0 => format!("fix/{part}-{}", self.rng.between(2, 940)),
            1 => format!("{part}-work"),
            2 => format!("patch-{}", self.rng.between(1, 9)),
            3 => String::from("main"),
            _ => format!("feature/{part}"),
        }
    }
}
