use chrono::TimeDelta;
use kernel::Timestamp;

use crate::gaming::PullScene;
use testkit::{fake_github::ChangedFile, payloads::Verdict};

/// A change in the life of a pull request after its opening.
#[derive(Clone, Debug)]
pub(super) enum DraftDeed {
    Review(Verdict, Option<String>),
    Push,
    /// The end of the state as a draft.
    Ready,
    Retitle(String),
    Label(&'static str),
    Merge,
    /// The end without a merge.
    Close,
    /// The end of being closed.
    Reopen,
}

/// Something that a person does with a pull request.
#[derive(Clone, Debug)]
pub(super) struct DraftTurn {
    pub(super) at: Timestamp,
    /// The person.
    pub(super) by: usize,
    /// The kind of work.
    pub(super) deed: DraftDeed,
}

/// A pull request before GitHub numbers it.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) author: usize,
    pub(super) repository: usize,
    pub(super) scene: PullScene,
    pub(super) at: Timestamp,
    pub(super) title: String,
    pub(super) body: Option<String>,
    pub(super) files: Vec<ChangedFile>,
    pub(super) base: Option<String>,
    pub(super) head: String,
    /// True if it is opened as a draft.
    pub(super) unready: bool,
    pub(super) turns: Vec<DraftTurn>,
}

impl Draft {
    /// Creates a pull request without a reaction.
    pub(super) fn new(author: usize, repository: usize, scene: PullScene, at: Timestamp) -> Self {
        Self {
            author,
            repository,
            scene,
            at,
            title: String::new(),
            body: None,
            files: Vec::new(),
            base: None,
            head: String::from("patch-1"),
            unready: false,
            turns: Vec::new(),
        }
    }

    pub(super) fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the description; an empty one is none.
    pub(super) fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into()).filter(|body| !body.is_empty());
        self
    }

    pub(super) fn files(mut self, files: Vec<ChangedFile>) -> Self {
        self.files = files;
        self
    }

    /// Sets the source branch.
    pub(super) fn head(mut self, head: impl Into<String>) -> Self {
        self.head = head.into();
        self
    }

    /// Adds a turn `minutes` after the opening.
    pub(super) fn then(mut self, minutes: i64, by: usize, deed: DraftDeed) -> Self {
        let at = self.at + TimeDelta::minutes(minutes);
        self.turns.push(DraftTurn { at, by, deed });
        self
    }

    /// Adds an approval `minutes` after the opening; without a text if it is empty.
    pub(super) fn approved(self, minutes: i64, by: usize, text: &str) -> Self {
        let text = Some(text.to_owned()).filter(|text| !text.is_empty());
        self.then(minutes, by, DraftDeed::Review(Verdict::Approved, text))
    }

    /// Adds the merge `minutes` after the opening.
    pub(super) fn merged(self, minutes: i64, by: usize) -> Self {
        self.then(minutes, by, DraftDeed::Merge)
    }
}

pub(super) fn file(path: impl Into<String>, additions: i64, deletions: i64) -> ChangedFile {
    ChangedFile { filename: path.into(), additions, deletions, patch: None }
}
