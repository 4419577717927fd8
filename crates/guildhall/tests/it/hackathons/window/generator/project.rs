//! The work of a team on a project, before it is known when each step happened.

use std::collections::{BTreeMap, BTreeSet};

use testkit::rng::Rng;

use super::{
    contents,
    names::Team,
    stacks::{STACKS, Stack},
    steps::Step,
};

const VERBS: &[&str] =
    &["Add", "Show", "Store", "Fix", "Rework", "Test", "Cache", "Tidy", "wip:", "Draw"];

/// A project with its work.
pub(super) struct Project {
    pub(super) team: Team,
    pub(super) stack: &'static Stack,
    /// The first step of the repository, if it has one.
    pub(super) start: Option<Step>,
    pub(super) steps: Vec<Step>,
    /// The files by path as they are in the end.
    pub(super) files: BTreeMap<String, String>,
    /// The paths of files that the team wrote.
    pub(super) own: BTreeSet<String>,
}

impl Project {
    /// Makes a project of a random size.
    pub(super) fn new(rng: &mut Rng, team: Team) -> Self {
        let (steps, files) = (10 + rng.index(30), 10 + rng.index(38));
        let stack = rng.pick(STACKS);
        Self::sized(rng, team, stack, (steps, files))
    }

    /// Makes a project with some steps that write some files.
    pub(super) fn sized(
        rng: &mut Rng,
        team: Team,
        stack: &'static Stack,
        (steps, files): (usize, usize),
    ) -> Self {
        let mut project = Self {
            team,
            stack,
            start: None,
            steps: Vec::new(),
            files: BTreeMap::new(),
            own: BTreeSet::new(),
        };
        project.begin(rng);
        let early = (steps * 4 / 5).max(1);
        let mut new = vec![0; steps];
        for _ in 0..files {
            new[rng.index(early)] += 1;
        }
        for new in new {
            let step = project.step(rng, new);
            project.steps.push(step);
        }
        project.extras(rng);
        for step in &project.steps {
            project.files.extend(step.files.clone());
        }
        project
    }

    /// Begins with a readme and a license, with a starter template, or with nothing.
    fn begin(&mut self, rng: &mut Rng) {
        let captain = &self.team.members[0];
        let (message, files) = match rng.below(10) {
            0..4 => ("Initial commit", vec![("LICENSE".to_owned(), contents::license(captain))]),
            4..8 => ("Start from the template", contents::template(self.stack)),
            _ => return,
        };
        let readme = ("README.md".to_owned(), format!("# {}\n", self.team.title));
        let start = Step::new(captain, message).with(files).with([readme]);
        self.files.extend(start.files.clone());
        self.start = Some(start);
    }

    fn step(&mut self, rng: &mut Rng, new: usize) -> Step {
        let author = rng.pick(&self.team.members).clone();
        let message =
            format!("{} {} {}", rng.pick(VERBS), contents::word(rng), contents::word(rng));
        let mut step = Step::new(&author, &message);
        for _ in 0..new {
            let path = self.path(rng);
            let bytes = contents::size(rng);
            let text = contents::code(rng, self.stack, bytes);
            step.files.insert(path, text);
        }
        let known: Vec<String> = self.own.iter().cloned().collect();
        let edits = if new == 0 { 1 + rng.index(3) } else { rng.index(3) };
        for _ in 0..edits.min(known.len()) {
            let path = rng.pick(&known).clone();
            let text = contents::edited(rng, self.stack, &self.files[&path]);
            step.files.insert(path, text);
        }
        if step.files.is_empty() || rng.chance(6) {
            let text = contents::readme(rng, &self.team.title);
            step.files.insert("README.md".to_owned(), text);
        }
        self.own.extend(step.files.keys().filter(|path| *path != "README.md").cloned());
        self.files.extend(step.files.clone());
        step
    }

    fn path(&self, rng: &mut Rng) -> String {
        loop {
            let folder = rng.pick(self.stack.folders);
            let (a, b, n) = (contents::word(rng), contents::word(rng), rng.below(4));
            let path = match rng.below(20) {
                0 => format!("docs/{a}.md"),
                1 => format!("assets/{a}_{b}.svg"),
                2 => format!("data/{a}_{b}.json"),
                _ if n == 0 => format!("{folder}/{a}.{}", self.stack.ending),
                _ => format!("{folder}/{a}_{b}.{}", self.stack.ending),
            };
            if !self.files.contains_key(&path) {
                return path;
            }
        }
    }

    /// Adds what some teams do besides: pair programming, lock files, vendored libraries.
    fn extras(&mut self, rng: &mut Rng) {
        let has_pairs = self.team.members.len() > 1 && rng.chance(40);
        for step in &mut self.steps {
            if has_pairs && rng.chance(40) {
                let other = rng.pick(&self.team.members).clone();
                step.co_authors.extend(Some(other).filter(|other| *other != step.author));
            }
            if rng.chance(4) {
                step.files.insert(self.stack.lock.to_owned(), contents::lock(rng));
            }
        }
        if rng.chance(30) {
            let (name, files) = contents::vendored(rng);
            let author = rng.pick(&self.team.members).clone();
            let step = Step::new(&author, &format!("Vendor {name}")).with(files);
            self.steps.insert(rng.index(self.steps.len()), step);
        }
    }
}
