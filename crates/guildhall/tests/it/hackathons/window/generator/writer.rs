//! Writes the story of a repository, push by push, with the habits of a team.

use chrono::TimeDelta;
use kernel::Timestamp;
use testkit::{
    fake_github::code::{CodeStory, CommitStory, PushStory},
    rng::Rng,
};

use super::{
    contents,
    project::Project,
    steps::{Step, squashed},
    timeline::instant,
};

const WEB: &str = "GitHub <noreply@github.com>";
const BOTS: &[&str] = &[
    "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
    "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
];

/// The habits of a team between its pushes, in percent of pushes.
struct Habits {
    amends: u64,
    squashes: u64,
    merges: u64,
    has_bot: bool,
    has_friend: bool,
}

/// A story that is being written.
pub(super) struct Writer<'a> {
    pub(super) story: CodeStory,
    project: &'a Project,
    /// The number of commits on the default branch, counted by first parents.
    line: usize,
    branches: usize,
    habits: Habits,
}

impl<'a> Writer<'a> {
    /// Begins the story of a repository.
    pub(super) fn new(rng: &mut Rng, project: &'a Project, created_at: Timestamp) -> Self {
        let team = &project.team;
        let mut story = CodeStory::new(&team.repository, created_at);
        if rng.chance(15) {
            story = story.default_branch("master");
        }
        if project.files.contains_key("LICENSE") {
            story = story.license("MIT");
        }
        for login in &team.members {
            story = story.collaborator(login);
        }
        let some = |rng: &mut Rng, percent| if rng.chance(35) { percent } else { 0 };
        let habits = Habits {
            amends: some(rng, 20),
            squashes: some(rng, 12),
            merges: some(rng, 25),
            has_bot: rng.chance(20),
            has_friend: rng.chance(15),
        };
        Self { story, project, line: 0, branches: 0, habits }
    }

    /// Pushes the beginning of the project at a time, if there is one.
    pub(super) fn start(&mut self, at: Timestamp) {
        if let Some(start) = &self.project.start {
            let captain = &self.project.team.members[0];
            let made = at - TimeDelta::seconds(20);
            let commit = self.commit(&start.clone().at(made)).committed_by(WEB, made).verified();
            self.line += 1;
            self.add(PushStory::new(captain, at).commit(commit));
        }
    }

    /// Writes pushes of groups of steps, the last of which ends before `until`.
    pub(super) fn groups(&mut self, rng: &mut Rng, groups: &[Vec<Step>], until: Timestamp) {
        for (number, group) in groups.iter().enumerate() {
            let Some(last) = group.last() else { continue };
            let next = groups.get(number + 1).and_then(|next| next.first());
            let end = next.map_or(until, |next| next.at).max(last.at + TimeDelta::seconds(6));
            let pause = TimeDelta::seconds(rng.between(20, 600)).min((end - last.at) / 3);
            let at = seconds(last.at + pause);
            let then = seconds(at + (end - at) / 2);
            let next = seconds(at + (end - at) * 3 / 4);
            self.group(rng, group, (at, then));
            self.visitors(rng, next);
        }
    }

    fn group(&mut self, rng: &mut Rng, group: &[Step], (at, then): (Timestamp, Timestamp)) {
        let by = self.pusher(group);
        if rng.chance(self.habits.merges) && self.line > 0 {
            return self.branch(rng, group, (at, then));
        }
        self.push(&by, at, group);
        if group.len() > 1 && group.len() < 5 && rng.chance(self.habits.squashes) {
            let one = squashed(group, &format!("{} and more", group[0].message));
            self.replace(&by, then, group.len(), one.as_slice());
        } else if rng.chance(self.habits.amends) {
            self.amend(rng, group, (&by, then));
        }
    }

    /// Fixes the message of one of the last commits, or adds to the last, by a forced push.
    fn amend(&mut self, rng: &mut Rng, group: &[Step], (by, then): (&str, Timestamp)) {
        let count = if rng.chance(60) { 1 } else { group.len().min(3) };
        let mut steps = group[group.len() - count..].to_vec();
        if count > 1 || rng.chance(50) {
            steps[0].message.push_str(" again");
        } else {
            for text in steps[0].files.values_mut().take(1) {
                text.push_str("# checked\n");
            }
        }
        for step in &mut steps {
            step.written = Some(step.written.unwrap_or(step.at));
            step.at = then - TimeDelta::seconds(2);
        }
        self.replace(by, then, count, &steps);
    }

    fn branch(&mut self, rng: &mut Rng, group: &[Step], (at, then): (Timestamp, Timestamp)) {
        self.branches += 1;
        let branch = format!("feature/{}-{}", contents::word(rng), self.branches);
        let by = self.pusher(group);
        let commits = group.iter().map(|step| self.commit(step)).collect();
        let push = PushStory { commits, ..PushStory::new(&by, at).to(&branch) };
        self.add(push);
        let merger = rng.pick(&self.project.team.members).clone();
        let is_squashed = rng.chance(25);
        let commit = match squashed(group, &format!("{} (#{})", group[0].message, self.branches)) {
            Some(one) if is_squashed => self.commit(&one.at(then)),
            _ => CommitStory::new(&merger, then, &format!("Merge branch '{branch}'"))
                .merging(&branch),
        };
        self.line += 1;
        let commit = commit.committed_by(WEB, then).verified();
        self.add(PushStory::new(&merger, then).merging().commit(commit));
        if rng.chance(60) {
            self.add(PushStory::new(&merger, then).to(&branch).deleting());
        }
    }

    /// Lets a bot update dependencies, or a friend fix a typo together with a member.
    fn visitors(&mut self, rng: &mut Rng, at: Timestamp) {
        let member = rng.pick(&self.project.team.members).clone();
        if self.habits.has_bot && rng.chance(15) && self.line > 0 {
            let lock = (self.project.stack.lock.to_owned(), contents::lock(rng));
            let message = format!("Bump {} to {}.0", contents::word(rng), rng.below(30));
            let commit =
                self.commit(&Step::new(BOTS[rng.index(BOTS.len())], &message).with([lock]).at(at));
            self.line += 1;
            let commit = commit.committed_by(WEB, at).verified();
            self.add(PushStory::new(&member, at).merging().commit(commit));
        } else if self.habits.has_friend && rng.chance(25) && self.line > 0 {
            self.habits.has_friend = false;
            let readme = ("README.md".to_owned(), contents::readme(rng, &self.project.team.title));
            let mut step = Step::new(&self.project.team.friend, "Fix a typo").with([readme]).at(at);
            step.co_authors.push(member.clone());
            self.push(&member, at, &[step]);
        }
    }

    /// Pushes steps to the default branch.
    pub(super) fn push(&mut self, by: &str, at: Timestamp, steps: &[Step]) {
        let commits = steps.iter().map(|step| self.commit(step)).collect();
        self.line += steps.len();
        self.add(PushStory { commits, ..PushStory::new(by, at) });
    }

    /// Replaces the last `count` commits of the default branch by force.
    pub(super) fn replace(&mut self, by: &str, at: Timestamp, count: usize, steps: &[Step]) {
        let keeps = self.line.saturating_sub(count);
        let commits = steps.iter().map(|step| self.commit(step)).collect();
        self.line = keeps + steps.len();
        self.add(PushStory { commits, ..PushStory::new(by, at).forced(keeps) });
    }

    /// Replaces the whole history of the default branch by force.
    pub(super) fn replace_all(&mut self, by: &str, at: Timestamp, steps: &[Step]) {
        self.replace(by, at, self.line, steps);
    }

    /// Returns the member who pushes steps.
    pub(super) fn pusher(&self, steps: &[Step]) -> String {
        let members = &self.project.team.members;
        let known = steps.iter().rev().find(|step| members.contains(&step.author));
        known.map_or(&members[0], |step| &step.author).clone()
    }

    fn commit(&self, step: &Step) -> CommitStory {
        let clock = self.project.team.clocks.get(&step.author).copied();
        let at = step.at + TimeDelta::seconds(clock.unwrap_or_default());
        let mut commit = CommitStory::new(&step.author, step.written.unwrap_or(at), &step.message);
        commit.files = step.files.clone();
        commit.co_authors = step.co_authors.clone();
        commit.committed_at = Some(at);
        commit
    }

    fn add(&mut self, push: PushStory) {
        self.story.pushes.push(push);
    }
}

fn seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

/// Creates a repository with its beginning some days before the opening, or shortly before the first step.
pub(super) fn begun<'a>(
    rng: &mut Rng,
    project: &'a Project,
    (opens, first): (Timestamp, Timestamp),
) -> Writer<'a> {
    let is_early = rng.chance(40);
    let created_at = if is_early {
        instant(rng, opens - TimeDelta::days(6), opens - TimeDelta::hours(3))
    } else {
        let gap = (first - opens).max(TimeDelta::zero()).min(TimeDelta::minutes(30));
        first - gap
    };
    let pause = if is_early { TimeDelta::minutes(2) } else { (first - created_at) / 2 };
    let mut writer = Writer::new(rng, project, seconds(created_at));
    writer.start(seconds(created_at + pause));
    writer
}
