use chrono::TimeDelta;
use kernel::Timestamp;
use uuid::Uuid;

/// Everything that the checks look at.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The time in which the work is done.
    pub window: Window,
    /// The code host.
    pub host: Host,
    pub members: Vec<Member>,
    /// The repository; `None` if it does not exist or cannot be read.
    pub repository: Option<Repository>,
    /// The commit at which the submission is pinned; `None` if the branch does not exist.
    pub head: Option<String>,
    /// The commits that lead to it, latest first.
    pub commits: Vec<Commit>,
    /// True if `commits` has all of them.
    pub has_all_commits: bool,
    /// The pushes to the branch that were witnessed, earliest first.
    pub pushes: Vec<Push>,
    /// The files at the commit.
    pub files: Vec<File>,
    /// True if `files` has all of them.
    pub has_all_files: bool,
    /// The files at the latest commit before the window; empty without one.
    pub files_before: Vec<File>,
    /// The files at the latest commit of the first hours of the window; empty without one.
    pub files_early: Vec<File>,
    /// The paths that the hackathon requires besides the README and the license.
    pub required: Vec<String>,
    /// True if the code host found a license.
    pub has_license: bool,
    /// Secrets in the files; `None` if the files were not read.
    pub secrets: Option<Vec<Secret>>,
    /// Files that other submissions have as well.
    pub shared: Vec<SharedFiles>,
}

/// The time in which the work is done: from the opening to the end of submissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub opens_at: Timestamp,
    /// The end, for this team.
    pub closes_at: Timestamp,
}

/// The first hours of a window, in which a project can hardly be written: four, or an eighth of a short one.
const FIRST_HOURS: TimeDelta = TimeDelta::hours(4);

impl Window {
    fn first_hours_end(&self) -> Timestamp {
        self.opens_at + FIRST_HOURS.min((self.closes_at - self.opens_at) / 8)
    }

    /// Returns whether a commit claims to be made in its first hours.
    #[must_use]
    pub fn is_early(&self, commit: &Commit) -> bool {
        commit.authored_at >= self.opens_at && commit.committed_at < self.first_hours_end()
    }
}

/// A code host, and the facts that it can witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name, such as "GitHub" or "codeberg.org".
    pub name: String,
    /// True if people connect their accounts there with theirs here, so that the owner of a repository is known.
    pub is_linked: bool,
    /// True if it tells when commits were pushed.
    pub lists_pushes: bool,
}

impl Host {
    /// Returns GitHub.
    #[must_use]
    pub fn github() -> Self {
        Self { name: "GitHub".to_owned(), is_linked: true, lists_pushes: true }
    }
}

/// A member of the team, as the code host knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// GitHub's ID, if they connected GitHub.
    pub github_id: Option<i64>,
    /// Their verified addresses, in lower case.
    pub emails: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    pub created_at: Timestamp,
    /// True if it is a fork.
    pub is_fork: bool,
    /// The relation of the team to it.
    pub access: Access,
}

/// The relation of a team to a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A member owns it.
    Owned,
    /// A member can push to it.
    Shared,
    /// Members wrote commits in it.
    Committed,
    /// The code host does not say.
    Unknown,
    /// Neither is the case.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub sha: String,
    /// The SHAs of its parents.
    pub parents: Vec<String>,
    pub author: Author,
    /// The people whom it names as co-authors.
    pub co_authors: Vec<Author>,
    /// When the author made it, as they claim.
    pub authored_at: Timestamp,
    /// When it was committed, as the committer claims.
    pub committed_at: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// GitHub's ID of the account with the address, if it knows one.
    pub github_id: Option<i64>,
    /// The address, in lower case.
    pub email: String,
    /// True for an app, such as one that updates dependencies.
    pub is_bot: bool,
}

/// A push that was witnessed, by a webhook or by the code host's own record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// When it came.
    pub at: Timestamp,
    /// The commit before; empty for a new branch.
    pub before: String,
    /// The commit after; empty for a deleted branch.
    pub after: String,
    /// True if it replaced commits.
    pub is_forced: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the root.
    pub path: String,
    /// The SHA of its content.
    pub blob_sha: String,
    /// Its size in bytes.
    pub size: i64,
}

/// A key or password in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret {
    /// The path of the file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// Its kind, such as "GitHub token".
    pub kind: &'static str,
}

/// Files that another submission of the hackathon has as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedFiles {
    /// The other submission.
    pub submission: Uuid,
    pub files: i64,
    /// Their size in bytes.
    pub bytes: i64,
    /// The bytes of those that this submission had first, by the pushes that were witnessed.
    pub bytes_first_here: i64,
}
