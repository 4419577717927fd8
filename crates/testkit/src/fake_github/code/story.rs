use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The history of a repository's code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeStory {
    /// `OWNER/NAME`. An unknown owner becomes an organization.
    pub repository: String,
    /// When it was created on GitHub.
    pub created_at: Timestamp,
    /// GitHub's ID; a new one if absent.
    #[serde(default)]
    pub github_id: Option<i64>,
    #[serde(default)]
    pub is_private: bool,
    /// The `OWNER/NAME` of the repository that it was forked from.
    #[serde(default)]
    pub fork_of: Option<String>,
    /// The SPDX identifier of its license.
    #[serde(default)]
    pub license: Option<String>,
    #[serde(default = "main_branch")]
    pub default_branch: String,
    /// The logins of people who may push, besides the owner.
    #[serde(default)]
    pub collaborators: Vec<String>,
    /// The workflow that runs for each push and each dispatch, if there is one.
    #[serde(default)]
    pub workflow: Option<WorkflowStory>,
    /// The pushes, oldest first.
    #[serde(default)]
    pub pushes: Vec<PushStory>,
}

/// A workflow with the conclusion of its runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowStory {
    pub name: String,
    /// GitHub's name of the conclusion, such as `success` or `failure`.
    pub conclusion: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushStory {
    /// The login of the person who pushes.
    pub by: String,
    /// When GitHub received it; now if absent.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// The branch; the default one if absent.
    #[serde(default)]
    pub branch: Option<String>,
    /// For a forced push, the number of the branch's oldest commits that stay.
    #[serde(default)]
    pub keeps: Option<usize>,
    /// True if it deletes the branch.
    #[serde(default)]
    pub deletes: bool,
    /// True if it merges a pull request.
    #[serde(default)]
    pub merges: bool,
    /// The new commits, oldest first.
    #[serde(default)]
    pub commits: Vec<CommitStory>,
}

/// A commit on top of the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitStory {
    /// A login, or `NAME <EMAIL>` of a person without an account.
    pub author: String,
    /// The author's time, which can be any.
    pub at: Timestamp,
    /// The message, without the lines for co-authors.
    pub message: String,
    /// New contents by path.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The paths of deleted files.
    #[serde(default)]
    pub removes: Vec<String>,
    /// Logins, or `NAME <EMAIL>`.
    #[serde(default)]
    pub co_authors: Vec<String>,
    /// A login, or `NAME <EMAIL>`; the author if absent.
    #[serde(default)]
    pub committer: Option<String>,
    /// The committer's time; the author's if absent.
    #[serde(default)]
    pub committed_at: Option<Timestamp>,
    /// The branch whose newest commit is the second parent, if it is a merge. Its files are added.
    #[serde(default)]
    pub merges: Option<String>,
    /// True if GitHub verified its signature.
    #[serde(default)]
    pub is_verified: bool,
}

fn main_branch() -> String {
    "main".to_owned()
}

impl CodeStory {
    /// Creates the story of a public repository, `OWNER/NAME`, without commits.
    #[must_use]
    pub fn new(repository: &str, created_at: Timestamp) -> Self {
        Self {
            repository: repository.to_owned(),
            created_at,
            github_id: None,
            is_private: false,
            fork_of: None,
            license: None,
            default_branch: main_branch(),
            collaborators: Vec::new(),
            workflow: None,
            pushes: Vec::new(),
        }
    }

    #[must_use]
    pub fn private(self) -> Self {
        Self { is_private: true, ..self }
    }

    /// Makes it a fork of another repository, `OWNER/NAME`, which the fake knows. It begins with that one's commits.
    #[must_use]
    pub fn fork_of(self, parent: &str) -> Self {
        Self { fork_of: Some(parent.to_owned()), ..self }
    }

    /// Sets the license by its SPDX identifier, such as `MIT`.
    #[must_use]
    pub fn license(self, id: &str) -> Self {
        Self { license: Some(id.to_owned()), ..self }
    }

    /// Sets the default branch instead of `main`.
    #[must_use]
    pub fn default_branch(self, branch: &str) -> Self {
        Self { default_branch: branch.to_owned(), ..self }
    }

    /// Lets a person push.
    #[must_use]
    pub fn collaborator(mut self, login: &str) -> Self {
        self.collaborators.push(login.to_owned());
        self
    }

    /// Adds a workflow whose runs end with a conclusion, such as `success`.
    #[must_use]
    pub fn workflow(self, name: &str, conclusion: &str) -> Self {
        Self {
            workflow: Some(WorkflowStory {
                name: name.to_owned(),
                conclusion: conclusion.to_owned(),
            }),
            ..self
        }
    }

    #[must_use]
    pub fn push(mut self, push: PushStory) -> Self {
        self.pushes.push(push);
        self
    }
}

impl PushStory {
    /// Creates a push of a person to the default branch at a time, without commits.
    #[must_use]
    pub fn new(by: &str, at: Timestamp) -> Self {
        Self { at: Some(at), ..Self::now(by) }
    }

    /// Creates a push of a person to the default branch that happens now, without commits.
    #[must_use]
    pub fn now(by: &str) -> Self {
        Self {
            by: by.to_owned(),
            at: None,
            branch: None,
            keeps: None,
            deletes: false,
            merges: false,
            commits: Vec::new(),
        }
    }

    /// Pushes to a branch. A new branch begins at the default one.
    #[must_use]
    pub fn to(self, branch: &str) -> Self {
        Self { branch: Some(branch.to_owned()), ..self }
    }

    /// Replaces all commits of the branch but its oldest `keeps`, as `git push --force` does.
    #[must_use]
    pub fn forced(self, keeps: usize) -> Self {
        Self { keeps: Some(keeps), ..self }
    }

    #[must_use]
    pub fn deleting(self) -> Self {
        Self { deletes: true, ..self }
    }

    /// Makes it the merge of a pull request.
    #[must_use]
    pub fn merging(self) -> Self {
        Self { merges: true, ..self }
    }

    #[must_use]
    pub fn commit(mut self, commit: CommitStory) -> Self {
        self.commits.push(commit);
        self
    }
}

impl CommitStory {
    /// Creates a commit of an author, a login or `NAME <EMAIL>`, without changes.
    #[must_use]
    pub fn new(author: &str, at: Timestamp, message: &str) -> Self {
        Self {
            author: author.to_owned(),
            at,
            message: message.to_owned(),
            files: BTreeMap::new(),
            removes: Vec::new(),
            co_authors: Vec::new(),
            committer: None,
            committed_at: None,
            merges: None,
            is_verified: false,
        }
    }

    /// Adds a file, or replaces its contents.
    #[must_use]
    pub fn file(mut self, path: &str, contents: &str) -> Self {
        self.files.insert(path.to_owned(), contents.to_owned());
        self
    }

    /// Deletes a file.
    #[must_use]
    pub fn remove(mut self, path: &str) -> Self {
        self.removes.push(path.to_owned());
        self
    }

    /// Names a co-author, by login or as `NAME <EMAIL>`, at the end of the message.
    #[must_use]
    pub fn co_author(mut self, person: &str) -> Self {
        self.co_authors.push(person.to_owned());
        self
    }

    /// Sets the committer, a login or `NAME <EMAIL>`, and their time.
    #[must_use]
    pub fn committed_by(self, person: &str, at: Timestamp) -> Self {
        Self { committer: Some(person.to_owned()), committed_at: Some(at), ..self }
    }

    #[must_use]
    pub fn merging(self, branch: &str) -> Self {
        Self { merges: Some(branch.to_owned()), ..self }
    }

    /// Gives it a signature that GitHub verified.
    #[must_use]
    pub fn verified(self) -> Self {
        Self { is_verified: true, ..self }
    }
}
