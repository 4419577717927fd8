//! Generates submissions with the truth about each, from a description of how teams work and cheat.
//!
//! The seed decides everything. The submission of a story is the newest commit of its default branch after all pushes.

mod contents;
mod dishonest;
mod honest;
mod names;
mod project;
mod stacks;
mod steps;
mod timeline;
mod writer;

mod tests;

use std::collections::BTreeSet;

use kernel::Timestamp;
use testkit::{fake_github::code::CodeStory, rng::Rng};

use self::{names::Names, project::Project};

/// A generated submission.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    /// The history of its repository.
    pub(super) story: CodeStory,
    /// The logins of the team, the captain first.
    pub(super) members: Vec<String>,
    /// How the work was really done.
    pub(super) truth: Truth,
}

/// How a submission was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    /// As the rules allow.
    Honest,
    /// Most of it existed before the opening.
    WorkBefore,
    /// Part of it was pushed after the end.
    WorkAfter,
    /// Near the end, another history replaced the one that was pushed before.
    RewrittenHistory,
    /// A considerable part of the commits is by people outside the team.
    BorrowedAuthors,
    /// A considerable part of the files is another team's.
    Copy,
}

const DISHONEST: [Truth; 5] = [
    Truth::WorkBefore,
    Truth::WorkAfter,
    Truth::RewrittenHistory,
    Truth::BorrowedAuthors,
    Truth::Copy,
];

impl Case {
    /// Returns the logins of all people in the story, which the fake must know before the story is added.
    pub(super) fn people(&self) -> BTreeSet<String> {
        let mut people: BTreeSet<String> = self.members.iter().cloned().collect();
        people.extend(self.story.collaborators.iter().cloned());
        for push in &self.story.pushes {
            people.insert(push.by.clone());
            for commit in &push.commits {
                people.insert(commit.author.clone());
                people.extend(commit.committer.clone());
                people.extend(commit.co_authors.iter().cloned());
            }
        }
        people.retain(|person| !person.contains('<'));
        people
    }
}

/// The instants between which work counts.
#[derive(Clone, Copy)]
struct Window {
    opens: Timestamp,
    closes: Timestamp,
}

/// Generates `count` submissions for a window, which should last at least a day. Half of them are honest, and copies come
/// after the honest submission that they copy.
pub(super) fn submissions(seed: u64, count: usize, window: (Timestamp, Timestamp)) -> Vec<Case> {
    let window = Window { opens: window.0, closes: window.1 };
    let mut names = Names::new(seed);
    let mut made: Vec<(Case, Project)> = Vec::new();
    for (part, truth) in (1..).zip(truths(&mut Rng::new(seed), count)) {
        let mut rng = Rng::part(seed, part);
        let team = names.team(&mut rng);
        let members = team.members.clone();
        let (story, project) = match truth {
            Truth::Honest => honest::submission(&mut rng, team, window),
            Truth::WorkBefore => dishonest::before::submission(&mut rng, team, window),
            Truth::WorkAfter => dishonest::after::submission(&mut rng, team, window),
            Truth::RewrittenHistory => dishonest::rewritten::submission(&mut rng, team, window),
            Truth::BorrowedAuthors => {
                let strangers = names.strangers(&mut rng);
                dishonest::borrowed::submission(&mut rng, team, window, &strangers)
            }
            Truth::Copy => {
                let source = dishonest::copy::source(&mut rng, &made, window);
                dishonest::copy::submission(&mut rng, team, window, source)
            }
        };
        let case = Case { story, members, truth };
        made.push((case, project));
    }
    made.into_iter().map(|(case, _)| case).collect()
}

/// Returns the truths in the order of the list, whose first is honest.
fn truths(rng: &mut Rng, count: usize) -> Vec<Truth> {
    let dishonest = DISHONEST.into_iter().cycle().take(count / 2);
    let mut truths = vec![Truth::Honest; count - count / 2];
    truths.extend(dishonest);
    if let Some((_, rest)) = truths.split_first_mut() {
        rng.shuffle(rest);
    }
    truths
}
