//! Code hosts besides GitHub, by their REST APIs.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use github::{
    gateway::unpack,
    model::{RepositoryId, code::ArchiveLimits},
    rules::code::{MOST_FILES, is_branch, is_sha},
};
use platform::{
    Context,
    config::CodeSite,
    db::{DbError, Tx},
    flags::Permit,
    jobs::Failure,
};
use secrecy::SecretString;

use super::{
    CodeHost, CodeHosts, Contents, CutList, DescribedRepository, HostAnswer, HostError,
    OpenRepository,
    rest::{Call, ListLimit, RestClient, RestError},
};
use crate::rules::{
    checks::{Access, Commit, File, Host, Member, Push, Scanner, Secret},
    hosts::blob_sha,
    repository_address::split_stored,
};

const COMMITS: ListLimit = ListLimit { items: 2_000, pages: 50 };

const FILES: ListLimit = ListLimit { items: MOST_FILES, pages: 100 };

/// Pushes are searched in pages of events of all kinds.
const PUSHES: ListLimit = ListLimit { items: 2_000, pages: 20 };

/// A code host that the operator allows.
#[derive(Debug)]
pub(super) struct HostedHost {
    rest: RestClient,
}

impl HostedHost {
    /// Creates the client of a code host.
    pub(super) fn new(site: &CodeSite, token: Option<SecretString>) -> Self {
        Self { rest: RestClient::new(site, token) }
    }

    /// Returns its name, with the port if it has one.
    pub(super) fn name(&self) -> &str {
        self.rest.name()
    }
}

impl CodeHost for HostedHost {
    fn host_of(&self, _repository: &str) -> Host {
        Host {
            name: self.name().to_owned(),
            is_linked: false,
            lists_pushes: self.rest.dialect().pushes("").is_some(),
        }
    }

    fn open<'a>(
        &'a self,
        context: &'a Context,
        repository: &'a str,
    ) -> BoxFuture<'a, Result<Option<Box<dyn OpenRepository + 'a>>, HostError>> {
        Box::pin(async move {
            let switched_off = |_| {
                let says = "Requests to code hosts are switched off.";
                HostError(Failure::Retry(says.to_owned()))
            };
            let permit = context.flags.permit::<CodeHosts>().map_err(switched_off)?;
            let (_, path) = split_stored(repository);
            let opened = self.find(context, permit, path).await;
            let opened = opened.map_err(|error| self.rest.failure(&error))?;
            Ok(opened.map(|opened| Box::new(opened) as Box<dyn OpenRepository + 'a>))
        })
    }
}

impl HostedHost {
    async fn find<'a>(
        &'a self,
        context: &'a Context,
        permit: Permit<CodeHosts>,
        path: &'a str,
    ) -> Result<Option<OpenHostedRepository<'a>>, RestError> {
        let (rest, dialect) = (&self.rest, self.rest.dialect());
        let call = Call { context, _permit: &permit };
        let body = match rest.get(call, &dialect.repository(path)).await {
            // GitLab and Gitea refuse to show some repositories instead of hiding them.
            Err(RestError::NotFound | RestError::Elsewhere | RestError::Refused(_)) => {
                return Ok(None);
            }
            answer => answer?,
        };
        let now = context.now();
        let stated = dialect.read_repository(&body.bytes, now, rest.has_token())?;
        let described = DescribedRepository {
            full_name: format!("{}/{}", rest.name(), stated.path),
            is_private: stated.is_private,
            is_fork: stated.is_fork,
            has_license: stated.has_license,
            created_at: stated.created_at,
            default_branch: stated.default_branch,
        };
        Ok(Some(OpenHostedRepository { rest, context, permit, path, described }))
    }
}

/// A repository at a code host.
struct OpenHostedRepository<'a> {
    rest: &'a RestClient,
    context: &'a Context,
    permit: Permit<CodeHosts>,
    /// The path, such as `owner/name`.
    path: &'a str,
    described: DescribedRepository,
}

/// The files of an archive.
#[derive(Default)]
struct Scan {
    files: Vec<File>,
    secrets: Vec<Secret>,
    is_whole: bool,
}

impl OpenHostedRepository<'_> {
    fn call(&self) -> Call<'_> {
        Call { context: self.context, _permit: &self.permit }
    }

    async fn newest(&self, branch: &str) -> Result<Option<String>, RestError> {
        if !is_branch(branch) {
            return Ok(None);
        }
        let dialect = self.rest.dialect();
        let path = dialect.branch(self.path, branch);
        match self.rest.get(self.call(), &path).await {
            Err(RestError::NotFound | RestError::Elsewhere) => Ok(None),
            answer => Ok(Some(dialect.read_branch(&answer?.bytes)?)),
        }
    }

    async fn history(&self, sha: &str) -> Result<CutList<Commit>, RestError> {
        let (dialect, now) = (self.rest.dialect(), self.context.now());
        let path = dialect.commits(self.path, named(sha)?);
        let read = |body: &[u8]| dialect.read_commits(body, now);
        self.rest.list(self.call(), &path, COMMITS, read).await
    }

    /// Lists the pushes to a branch, latest first; none if the code host does not show them.
    async fn recorded(&self, branch: &str) -> Result<Vec<Push>, RestError> {
        let (dialect, now) = (self.rest.dialect(), self.context.now());
        let Some(path) = dialect.pushes(self.path) else {
            return Ok(Vec::new());
        };
        let read = |body: &[u8]| dialect.read_pushes(body, branch, now);
        match self.rest.list(self.call(), &path, PUSHES, read).await {
            Err(RestError::NotFound | RestError::Elsewhere | RestError::Refused(_)) => {
                Ok(Vec::new())
            }
            listed => Ok(listed?.items),
        }
    }

    /// Lists the files of a commit, by its tree if the code host tells it, else by its archive.
    async fn listed(&self, sha: &str) -> Result<CutList<File>, RestError> {
        let dialect = self.rest.dialect();
        let Some(path) = dialect.tree(self.path, named(sha)?) else {
            let scan = self.scan(sha).await?;
            return Ok(CutList { items: scan.files, is_complete: scan.is_whole });
        };
        let read = |body: &[u8]| dialect.read_tree(body);
        self.rest.list(self.call(), &path, FILES, read).await
    }

    /// Reads the files of a commit. Its archive is downloaded once, for the secrets and what the tree lacks.
    async fn read(&self, sha: &str) -> Result<Contents, RestError> {
        let dialect = self.rest.dialect();
        let mut scan = self.scan(named(sha)?).await?;
        let files = match dialect.tree(self.path, sha) {
            Some(_) => {
                let mut listed = self.listed(sha).await?;
                if !dialect.has_sizes() {
                    scan.is_whole &= sized(&mut listed.items, &scan.files);
                    listed.is_complete &= scan.is_whole;
                }
                listed
            }
            None => CutList { items: scan.files, is_complete: scan.is_whole },
        };
        let is_searched = scan.is_whole || !scan.secrets.is_empty();
        Ok(Contents { files, secrets: is_searched.then_some(scan.secrets) })
    }

    /// Reads the archive of a commit.
    async fn scan(&self, sha: &str) -> Result<Scan, RestError> {
        let mut scanner = Scanner::default();
        let mut files = Vec::new();
        let download = self.rest.archive(self.call(), self.path, sha);
        let read = unpack(download, ArchiveLimits::default(), |file| {
            scanner.look(file.path, file.contents);
            files.push(File {
                path: file.path.to_owned(),
                blob_sha: blob_sha(file.contents, file.size),
                size: i64::try_from(file.size).unwrap_or(i64::MAX),
            });
        });
        match read.await {
            // The archive is at another host, or switched off.
            Err(RestError::NotFound | RestError::Elsewhere | RestError::Refused(_)) => {
                Ok(Scan::default())
            }
            read => {
                Ok(Scan { is_whole: read?.stopped_by.is_none(), secrets: scanner.found(), files })
            }
        }
    }
}

/// Adds the sizes of the files of an archive to those of a tree. Returns false if files are missing from the archive, as those that
/// `.gitattributes` leaves out of it.
fn sized(files: &mut [File], archived: &[File]) -> bool {
    let sizes: BTreeMap<&str, i64> = archived.iter().map(|it| (&*it.path, it.size)).collect();
    let mut has_all = true;
    for file in files {
        let size = sizes.get(&*file.path);
        has_all &= size.is_some();
        file.size = size.copied().unwrap_or_default();
    }
    has_all
}

/// Refuses what is no commit before it goes into an address.
fn named(sha: &str) -> Result<&str, RestError> {
    if is_sha(sha) { Ok(sha) } else { Err(RestError::NotFound) }
}

impl OpenRepository for OpenHostedRepository<'_> {
    fn described(&self) -> &DescribedRepository {
        &self.described
    }

    /// Accounts at the code host are not connected with those of members.
    fn access<'a>(&'a self, _members: &'a [Member]) -> HostAnswer<'a, Access> {
        Box::pin(async { Ok(Access::Unknown) })
    }

    fn head<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Option<String>> {
        Box::pin(
            async move { self.newest(branch).await.map_err(|error| self.rest.failure(&error)) },
        )
    }

    fn commits<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, CutList<Commit>> {
        Box::pin(async move { self.history(sha).await.map_err(|error| self.rest.failure(&error)) })
    }

    fn files<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, CutList<File>> {
        Box::pin(async move { self.listed(sha).await.map_err(|error| self.rest.failure(&error)) })
    }

    fn pushes<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Vec<Push>> {
        Box::pin(async move {
            let pushes = self.recorded(branch).await;
            let mut pushes = pushes.map_err(|error| self.rest.failure(&error))?;
            pushes.reverse();
            Ok(pushes)
        })
    }

    fn received<'a>(&'a self, _branch: &'a str) -> HostAnswer<'a, Vec<Push>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn watch<'a>(
        &'a self,
        _tx: &'a mut Tx,
    ) -> BoxFuture<'a, Result<Option<RepositoryId>, DbError>> {
        Box::pin(async { Ok(None) })
    }

    fn contents<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, Contents> {
        Box::pin(async move { self.read(sha).await.map_err(|error| self.rest.failure(&error)) })
    }

    fn start<'a>(&'a self, _event: &'a str, _sha: &'a str) -> HostAnswer<'a, Option<String>> {
        let says = format!(
            "This server starts them only in repositories on GitHub, and this one is at {}.",
            self.rest.name()
        );
        Box::pin(async move { Ok(Some(says)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, size: i64) -> File {
        File { path: path.to_owned(), blob_sha: String::new(), size }
    }

    #[test]
    fn a_file_that_is_missing_from_the_archive_is_noticed() {
        let archived = [file("a.rs", 7), file("b.rs", 9)];
        let mut all = [file("a.rs", 0), file("b.rs", 0)];
        assert!(sized(&mut all, &archived));
        assert_eq!(all, archived);
        let mut hidden = [file("a.rs", 0), file("hidden.rs", 0)];
        assert!(!sized(&mut hidden, &archived));
    }
}
