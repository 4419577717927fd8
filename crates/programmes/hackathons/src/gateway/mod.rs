//! Code hosts, which answer the questions of the checks, and services that boards are exported to. Each code host is one implementation
//! of [`CodeHost`] by its REST API; nothing is ever cloned.

mod boards;
mod gather;
mod github;
mod hosted;
mod hosts;
mod rest;
#[cfg(test)]
mod tests;

use ::github::model::RepositoryId;
use futures_util::future::BoxFuture;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
    flags::{Flag, FlagKind, Outgoing, Start},
    jobs::Failure,
};

use crate::rules::checks::{Access, Commit, File, Host, Member, Push, Secret};

pub use boards::{BoardAnswer, BoardError, BoardExports, Boards, OpenBoard};
pub use gather::{EvidenceRequest, Gathered, find_first_seen, gather};
pub use github::GithubHost;
pub use hosts::Hosts;

pub trait CodeHost: Send + Sync {
    /// Returns what the host of a stored repository can witness.
    fn host_of(&self, repository: &str) -> Host;

    /// Opens a repository as it is stored; `None` if it does not exist or this server cannot read it.
    ///
    /// # Errors
    /// When the code host does not respond, or a limit is reached.
    fn open<'a>(
        &'a self,
        context: &'a Context,
        repository: &'a str,
    ) -> BoxFuture<'a, Result<Option<Box<dyn OpenRepository + 'a>>, HostError>>;
}

/// The reason why a code host gave no answer.
#[derive(Clone, Debug)]
pub struct HostError(pub Failure);

pub type HostAnswer<'a, T> = BoxFuture<'a, Result<T, HostError>>;

/// The description of a repository by its code host.
#[derive(Clone, Debug)]
pub struct DescribedRepository {
    /// The repository as it is stored, with its present name.
    pub full_name: String,
    /// True when only some people can read it.
    pub is_private: bool,
    /// True when it is a fork.
    pub is_fork: bool,
    /// True when the code host recognizes a license.
    pub has_license: bool,
    pub created_at: Timestamp,
    /// The default branch; may be empty if there is none.
    pub default_branch: String,
}

/// A list that may be cut.
#[derive(Clone, Debug)]
pub struct CutList<T> {
    pub items: Vec<T>,
    /// True if they are all.
    pub is_complete: bool,
}

/// The files of a commit.
#[derive(Clone, Debug)]
pub struct Contents {
    pub files: CutList<File>,
    /// The keys and passwords in them; `None` if they are too many or too large to be searched.
    pub secrets: Option<Vec<Secret>>,
}

/// A repository that this server can read.
pub trait OpenRepository: Send + Sync {
    /// Returns what the code host states about it.
    fn described(&self) -> &DescribedRepository;

    /// Returns the relation of a team to it.
    fn access<'a>(&'a self, members: &'a [Member]) -> HostAnswer<'a, Access>;

    /// Returns the newest commit of a branch; `None` if there is none.
    fn head<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Option<String>>;

    /// Lists the commits that lead to one, newest first.
    fn commits<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, CutList<Commit>>;

    /// Lists the files of a commit. A code host that does not tell their sizes leaves them at 0.
    fn files<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, CutList<File>>;

    /// Lists the pushes to a branch that the code host recorded, oldest first; none if it does not list them.
    fn pushes<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Vec<Push>>;

    /// Lists the pushes to a branch that the code host delivered to this server, oldest first.
    fn received<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Vec<Push>>;

    /// Watches it in the caller's transaction, so that pushes to it are received from now on; returns its ID on this server. `None` if
    /// the code host delivers nothing to this server.
    fn watch<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<Option<RepositoryId>, DbError>>;

    /// Lists the files of a commit with their sizes, and searches them for keys and passwords.
    fn contents<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, Contents>;

    /// Starts the workflows that wait for an event of a type, and tells them the commit to check. Returns the reason if the code host
    /// refuses.
    fn start<'a>(&'a self, event: &'a str, sha: &'a str) -> HostAnswer<'a, Option<String>>;
}

/// The switch for requests to code hosts besides GitHub.
#[derive(Debug)]
pub struct CodeHosts;

impl Outgoing for CodeHosts {
    const FLAG: &'static Flag = &Flag {
        name: "code_hosts",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_CODE_HOSTS",
        start: Start::On,
        description: "Requests to code hosts besides GitHub, which read the repositories of submissions.",
    };
}
