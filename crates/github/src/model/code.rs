//! Code on GitHub: repositories, commits, trees, pushes and archives, as GitHub's API states them.

use std::time::Duration;

use kernel::Timestamp;

/// A repository with what GitHub states about its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRepository {
    /// GitHub's ID, which stays the same through renames and transfers.
    pub github_id: i64,
    /// `owner/name`, at present.
    pub full_name: String,
    /// GitHub's ID of the owner.
    pub owner_github_id: i64,
    pub owner_login: String,
    /// True when it is private.
    pub is_private: bool,
    /// True when it is a fork.
    pub is_fork: bool,
    /// The `owner/name` of the repository that it was forked from, if GitHub shows that.
    pub parent_full_name: Option<String>,
    /// True when it is archived, and so read-only.
    pub is_archived: bool,
    /// True if the account whose token read it may push to it; `None` if GitHub does not say.
    pub may_push: Option<bool>,
    /// True when it has no commit.
    pub is_empty: bool,
    /// When it was created on GitHub.
    pub created_at: Timestamp,
    /// When it was last pushed to, on any branch.
    pub pushed_at: Option<Timestamp>,
    /// The default branch, which exists only once the repository has a commit.
    pub default_branch: String,
    /// The SPDX identifier of its license, such as `MIT`; absent when GitHub recognizes none.
    pub license: Option<String>,
}

/// A person's access to a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeAccess {
    /// They own it.
    Owns,
    /// They may push to it.
    Pushes,
    /// GitHub states that they may not push to it.
    Lower,
    /// GitHub does not tell this client, which may need more rights in the repository.
    Unknown,
}

/// A list of commits, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCommits {
    pub commits: Vec<CodeCommit>,
    /// True if the list goes back to the first commit.
    pub is_complete: bool,
}

/// A commit. Its people and times are what its author wrote: git checks neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCommit {
    pub sha: String,
    /// The SHAs of its parents; several for a merge.
    pub parents: Vec<String>,
    pub author: CommitPerson,
    /// The person who committed it, for example by a rebase.
    pub committer: CommitPerson,
    /// The author's time; absent if it is unusable. One after the present is moved to it.
    pub authored_at: Option<Timestamp>,
    /// The committer's time; absent if it is unusable. One after the present is moved to it.
    pub committed_at: Option<Timestamp>,
    /// The beginning of the message.
    pub message: String,
    /// The people in the message's lines `Co-authored-by:`.
    pub co_authors: Vec<CoAuthor>,
    /// True when GitHub verified its signature.
    pub is_verified: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommitPerson {
    /// GitHub's ID of the account that has verified the email address, if any has.
    pub github_id: Option<i64>,
    /// The login of that account.
    pub login: Option<String>,
    pub name: String,
    /// The email address in the commit.
    pub email: String,
}

/// A co-author in a commit's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoAuthor {
    pub name: String,
    /// The email address.
    pub email: String,
}

/// The files of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeTree {
    /// The files, by path.
    pub files: Vec<TreeFile>,
    /// True if the list has all files: GitHub cuts very long ones.
    pub is_complete: bool,
}

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// The path in the repository.
    pub path: String,
    /// Git's SHA of the contents, which equal contents share.
    pub blob_sha: String,
    /// The size in bytes.
    pub size: i64,
}

/// The pushes to a branch, newest first, as GitHub recorded them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePushes {
    pub pushes: Vec<CodePush>,
    /// True if the list goes back to the first push that GitHub keeps.
    pub is_complete: bool,
}

/// A push to a branch, as GitHub recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePush {
    /// The branch's commit before; zeros if the push created the branch.
    pub before: String,
    /// The branch's commit after; zeros if the push deleted the branch.
    pub after: String,
    /// When GitHub received it.
    pub at: Timestamp,
    pub kind: PushKind,
    /// GitHub's ID of the person who pushed; absent for a deleted account.
    pub actor_github_id: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushKind {
    /// It added commits.
    Push,
    /// It replaced commits.
    ForcePush,
    /// It created the branch.
    Created,
    /// It deleted the branch.
    Deleted,
    /// It merged a pull request.
    Merge,
}

/// The limits of reading an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// The most bytes after decompression, with the headers of the files.
    pub bytes: u64,
    /// The most files.
    pub files: usize,
    /// The time limit, with the download.
    pub time: Duration,
}

impl Default for ArchiveLimits {
    /// Returns 100 MiB, 10,000 files and 60 seconds.
    fn default() -> Self {
        Self { bytes: 100 << 20, files: 10_000, time: Duration::from_secs(60) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchivedFile<'a> {
    /// The path in the repository.
    pub path: &'a str,
    /// The size in bytes.
    pub size: u64,
    /// The contents, of which at most the first MiB is read.
    pub contents: &'a [u8],
}

/// The result of reading an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArchiveRead {
    /// The number of files that were visited.
    pub files: usize,
    /// The limit that ended the reading before the end of the archive, if any did.
    pub stopped_by: Option<ArchiveStop>,
}

/// A limit that ended the reading of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveStop {
    /// It has too many bytes.
    Bytes,
    /// It has too many files.
    Files,
    /// It took too long.
    Time,
}
