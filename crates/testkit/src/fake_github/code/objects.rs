use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
    sync::Arc,
};

use kernel::Timestamp;
use serde_json::Value;

use super::{
    git::{Files, Signature},
    story::WorkflowStory,
};

/// The commits and branches of a repository.
#[derive(Default)]
pub(in super::super) struct History {
    /// Commits by SHA, also those that no branch leads to any more.
    pub(super) commits: HashMap<String, Arc<Commit>>,
    /// The newest commits of branches.
    pub(super) branches: BTreeMap<String, String>,
    /// The changes of branches, oldest first.
    pub(super) changes: Vec<RecordedChange>,
    /// The ID of the repository that it was forked from.
    pub(in super::super) parent: Option<i64>,
    pub(super) workflow: Option<WorkflowStory>,
    /// The types and payloads of dispatched events.
    pub(super) dispatched: Vec<(String, Value)>,
    pub(super) downloads: BTreeSet<String>,
}

pub(super) struct Commit {
    pub(super) sha: String,
    pub(super) tree: String,
    pub(super) parents: Vec<String>,
    pub(super) author: Signature,
    pub(super) committer: Signature,
    pub(super) message: String,
    pub(super) files: Files,
    pub(super) is_verified: bool,
}

/// A change of a branch, as GitHub's list of activities has it.
pub(super) struct RecordedChange {
    pub(super) id: i64,
    pub(super) branch: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) at: Timestamp,
    pub(super) kind: &'static str,
    /// The ID of the person.
    pub(super) by: i64,
}

impl History {
    /// Finds a commit by its SHA, or as the newest of a branch.
    pub(super) fn find(&self, reference: &str) -> Option<&Arc<Commit>> {
        let branch = reference.strip_prefix("heads/").unwrap_or(reference);
        let sha = self.branches.get(branch).map_or(reference, String::as_str);
        self.commits.get(sha)
    }

    /// Returns the commits that lead to one, as `git log` lists them.
    pub(super) fn history(&self, sha: &str) -> Vec<Arc<Commit>> {
        let mut seen = BTreeSet::new();
        let mut waiting = BinaryHeap::new();
        let mut listed = Vec::new();
        let mut add = |waiting: &mut BinaryHeap<(Timestamp, String)>, sha: &str| {
            if let Some(commit) = self.commits.get(sha)
                && seen.insert(sha.to_owned())
            {
                waiting.push((commit.committer.at, sha.to_owned()));
            }
        };
        add(&mut waiting, sha);
        while let Some((_, sha)) = waiting.pop() {
            let commit = &self.commits[&sha];
            for parent in &commit.parents {
                add(&mut waiting, parent);
            }
            listed.push(Arc::clone(commit));
        }
        listed
    }

    /// Returns the first parents of a commit, oldest first, and the commit itself.
    pub(super) fn line(&self, sha: &str) -> Vec<String> {
        let next = |commit: &&Arc<Commit>| self.commits.get(commit.parents.first()?);
        let line = std::iter::successors(self.commits.get(sha), next);
        let mut line: Vec<String> = line.map(|commit| commit.sha.clone()).collect();
        line.reverse();
        line
    }
}
