use kernel::Timestamp;

use testkit::{
    fake_github::ChangedFile,
    payloads::{Repo, Verdict},
    story::{Act, Diff},
};

/// The occasion of a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PullScene {
    /// Honest: ordinary work with review.
    Everyday,
    /// Honest: a change in a small team, approved by a teammate.
    Team,
    /// Honest: a change that a prolific maintainer merges within minutes.
    Fast,
    /// Honest: one of many small changes of documentation.
    Docs,
    /// Honest: a translation.
    Translation,
    /// Honest: one of many changes of a sprint day.
    Sprint,
    /// Honest: a change of a student's course.
    Course,
    /// Honest: an update by a bot.
    Bump,
    /// Honest: the same mechanical change in many repositories, by an outsider or the maintainers.
    Migration,
    /// Honest: a newcomer's correction of a typo.
    FirstTypo,
    /// Honest: a change that the only maintainer merges.
    Solo,
    /// Honest: an entry in a curated list.
    ListEntry,
    /// Honest: a newcomer's name in a repository for practice.
    Practice,
    /// Honest: one part of a change that was split at the maintainers' request.
    Series,
    /// Honest: the same change again for a release branch.
    Backport,
    /// Honest: a second change for the same issue by a person who did not see the first.
    Duplicate,
    /// Honest: a newcomer in a junk repository.
    Stray,
    /// Honest: a gamer's real work.
    Cover,
    /// Gaming: a farmer's trivial change.
    Farming,
    /// Gaming: a change that a ring approves and merges.
    RingTrade,
    /// Gaming: a change in a junk repository.
    Junk,
    /// Gaming: a word or whitespace in a README.
    TypoSpam,
    /// Gaming: the same change in many repositories.
    Copy,
    /// Gaming: another person's open change.
    Stolen,
    /// Gaming: a change by one of a person's several accounts.
    AlternateRun,
}

impl PullScene {
    /// Returns true if the pull request is a part of gaming.
    #[must_use]
    pub fn is_gaming(self) -> bool {
        self >= Self::Farming
    }
}

/// The purpose of a repository. Numbers name the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    Project,
    /// The project of a small team.
    Team(usize),
    /// The busy project of a prolific maintainer.
    Fast,
    /// A project of one person.
    Solo,
    List,
    /// A place to practice pull requests. It is honest, although it looks like junk.
    Practice,
    /// A real project in which the members of a ring may merge.
    RingHome(usize),
    /// A repository that exists to be farmed.
    Junk(usize),
}

/// A repository, with the truth about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Repository {
    /// GitHub's fields.
    pub repo: Repo,
    pub purpose: Purpose,
    /// People who review and merge, as places in [`Season::people`](super::Season::people).
    pub maintainers: Vec<usize>,
    /// People who may merge but do not review outsiders.
    pub collaborators: Vec<usize>,
    /// The theme of its titles and files.
    pub(crate) theme: usize,
}

impl Repository {
    /// Returns true if the repository exists to be farmed.
    #[must_use]
    pub fn is_junk(&self) -> bool {
        matches!(self.purpose, Purpose::Junk(_))
    }
}

/// A step in the life of a pull request. The first is its opening.
#[derive(Clone, Debug, PartialEq)]
pub struct PullStep {
    /// When it happened.
    pub at: Timestamp,
    /// The person who acted.
    pub by: usize,
    pub act: Act,
}

/// A review, as it is at the end of the season.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub reviewer: usize,
    pub verdict: Verdict,
    /// When it was submitted.
    pub at: Timestamp,
    /// The text.
    pub body: Option<String>,
}

/// A pull request as it is at the end of the season, with the truth about it. People and repositories are places in
/// the season's lists.
#[derive(Clone, Debug, PartialEq)]
pub struct PullRequest {
    /// GitHub's ID.
    pub id: i64,
    /// Its number in the repository.
    pub number: i64,
    pub author: usize,
    pub repository: usize,
    /// The label.
    pub scene: PullScene,
    pub title: String,
    /// The description.
    pub body: Option<String>,
    /// Names of labels.
    pub labels: Vec<String>,
    /// The changed files, as the fake GitHub answers them.
    pub files: Vec<ChangedFile>,
    /// True while it is a draft.
    pub draft: bool,
    /// True if it was opened as a draft.
    pub opened_as_draft: bool,
    /// The size when it was opened; later pushes end at the size of `files`.
    pub opening: Diff,
    pub opened_at: Timestamp,
    pub merged_at: Option<Timestamp>,
    /// When it was closed or merged.
    pub closed_at: Option<Timestamp>,
    /// The person who merged it.
    pub merged_by: Option<usize>,
    /// The author's association with the repository at the opening.
    pub association: &'static str,
    /// The target branch.
    pub base: String,
    /// The source branch.
    pub head: String,
    /// True if the source branch is in a fork.
    pub from_fork: bool,
    /// The reviews, oldest first.
    pub reviews: Vec<Review>,
    /// Everything that happened, oldest first.
    pub steps: Vec<PullStep>,
}

impl PullRequest {
    /// Returns true if the pull request is a part of gaming.
    #[must_use]
    pub fn is_gaming(&self) -> bool {
        self.scene.is_gaming()
    }
}
