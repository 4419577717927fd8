//! Code hosts, which answer the questions of the checks. Each is one implementation of [`CodeHost`] by its REST API; nothing is ever
//! cloned.

mod gather;
mod github;

use ::github::model::RepositoryId;
use futures_util::future::BoxFuture;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
    jobs::Failure,
};

use crate::rules::checks::{Access, Commit, File, Member, Push, Secret};

pub use gather::{Gathered, Wanted, find_first_seen, gather};
pub use github::GithubHost;

/// A code host.
pub trait CodeHost: Send + Sync {
    /// Opens a repository by `owner/name`; `None` if it does not exist or this server cannot read it.
    ///
    /// # Errors
    /// When the code host does not respond, or a limit is reached.
    fn open<'a>(
        &'a self,
        context: &'a Context,
        full_name: &'a str,
    ) -> BoxFuture<'a, Result<Option<Box<dyn OpenRepository + 'a>>, HostError>>;
}

/// The reason why a code host gave no answer.
#[derive(Clone, Debug)]
pub struct HostError(pub Failure);

/// An answer of a code host.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, HostError>>;

/// The description of a repository by its code host.
#[derive(Clone, Debug)]
pub struct Described {
    /// `owner/name`, at present.
    pub full_name: String,
    /// True when only some people can read it.
    pub is_private: bool,
    /// True when it is a fork.
    pub is_fork: bool,
    /// True when the code host recognizes a license.
    pub has_license: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// The default branch.
    pub default_branch: String,
}

/// A list that may be cut.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// The items.
    pub items: Vec<T>,
    /// True if they are all.
    pub is_complete: bool,
}

/// A repository that this server can read.
pub trait OpenRepository: Send + Sync {
    /// Returns what the code host states about it.
    fn described(&self) -> &Described;

    /// Returns the relation of a team to it.
    fn access<'a>(&'a self, members: &'a [Member]) -> Answer<'a, Access>;

    /// Returns the newest commit of a branch; `None` if there is none.
    fn head<'a>(&'a self, branch: &'a str) -> Answer<'a, Option<String>>;

    /// Lists the commits that lead to one, newest first.
    fn commits<'a>(&'a self, sha: &'a str) -> Answer<'a, Listed<Commit>>;

    /// Lists the files of a commit.
    fn files<'a>(&'a self, sha: &'a str) -> Answer<'a, Listed<File>>;

    /// Lists the pushes to a branch that the code host recorded, oldest first; none if it does not list them.
    fn pushes<'a>(&'a self, branch: &'a str) -> Answer<'a, Vec<Push>>;

    /// Lists the pushes to a branch that the code host delivered to this server, oldest first.
    fn received<'a>(&'a self, branch: &'a str) -> Answer<'a, Vec<Push>>;

    /// Watches it in the caller's transaction, so that pushes to it are received from now on; returns its ID on this server.
    fn watch<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<RepositoryId, DbError>>;

    /// Searches the files of a commit for keys and passwords; `None` if they are too many or too large.
    fn secrets<'a>(&'a self, sha: &'a str) -> Answer<'a, Option<Vec<Secret>>>;
}
