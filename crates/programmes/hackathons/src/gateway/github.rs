use std::{collections::BTreeSet, sync::Arc};

use futures_util::future::{BoxFuture, try_join};
use github::{
    actions::{CodeOf, code_reader, watch_repository},
    gateway::{Api, ApiError, Call, Clients, GithubApi},
    model::{
        RepositoryId,
        code::{ArchiveLimits, CodeAccess, CodePush, CodeRepository, PushKind, TreeFile},
    },
    reads,
    rules::code::is_sha,
};
use identity::actions::{github_token_of, revoke_github_token};
use platform::{
    Context,
    config::Config,
    db::{DbError, Tx},
    flags::Permit,
    jobs::Failure,
};
use serde_json::json;

use super::{
    CodeHost, Contents, CutList, DescribedRepository, HostAnswer, HostError, OpenRepository,
};
use crate::rules::{
    checks::{Access, Commit, File, Host, Member, Push, Scanner, Secret},
    hosts::commit_of,
};

/// The maximum number of commits that are read.
const MOST_COMMITS: usize = 2_000;

/// The reason why GitHub does not start workflows.
const NOT_PERMITTED: &str = "GitHub does not let this server start workflows. Install the GitHub App in the repository, with \
     permission to write its contents, then check again.";

/// GitHub, by its REST API.
#[derive(Clone, Debug)]
pub struct GithubHost {
    clients: Arc<Clients>,
}

impl GithubHost {
    /// Creates the host for the configured server.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { clients: Arc::new(Clients::of(config)) }
    }
}

/// A repository on GitHub.
struct OpenGithubRepository<'a> {
    context: &'a Context,
    permit: Permit<GithubApi>,
    clients: &'a Clients,
    api: Api,
    repository: CodeRepository,
    described: DescribedRepository,
}

impl From<ApiError> for HostError {
    fn from(error: ApiError) -> Self {
        Self(error.into())
    }
}

impl From<DbError> for HostError {
    fn from(error: DbError) -> Self {
        Self(Failure::Retry(error.to_string()))
    }
}

impl CodeHost for GithubHost {
    fn host_of(&self, _repository: &str) -> Host {
        Host::github()
    }

    fn open<'a>(
        &'a self,
        context: &'a Context,
        full_name: &'a str,
    ) -> BoxFuture<'a, Result<Option<Box<dyn OpenRepository + 'a>>, HostError>> {
        Box::pin(async move {
            let switched_off =
                |_| HostError(Failure::Retry("Requests to GitHub are switched off.".to_owned()));
            let permit = context.flags.permit::<GithubApi>().map_err(switched_off)?;
            let call = Call::new(context, &permit);
            let chosen = code_reader(context, &self.clients, call, CodeOf::Name(full_name)).await;
            let api = chosen?;
            let Some(repository) = api.code_repository(call, full_name).await? else {
                return Ok(None);
            };
            let opened = OpenGithubRepository {
                context,
                clients: &self.clients,
                api,
                described: described(&repository),
                repository,
                permit,
            };
            Ok(Some(Box::new(opened) as Box<dyn OpenRepository + 'a>))
        })
    }
}

fn described(repository: &CodeRepository) -> DescribedRepository {
    DescribedRepository {
        full_name: repository.full_name.clone(),
        is_private: repository.is_private,
        is_fork: repository.is_fork,
        has_license: repository.license.is_some(),
        created_at: repository.created_at,
        default_branch: repository.default_branch.clone(),
    }
}

impl OpenGithubRepository<'_> {
    /// Searches the files of a commit for keys and passwords; `None` if they are too many or too large.
    async fn secrets(&self, sha: &str) -> Result<Option<Vec<Secret>>, HostError> {
        let mut scanner = Scanner::default();
        let limits = ArchiveLimits::default();
        let read = self.api.archive(self.call(), self.name(), sha, limits, |file| {
            scanner.look(file.path, file.contents);
        });
        let is_whole = read.await?.stopped_by.is_none();
        let found = scanner.found();
        Ok((is_whole || !found.is_empty()).then_some(found))
    }

    /// Returns the access of a member, by GitHub's ID: as GitHub states it to their own connection, or else to this server.
    async fn access_of(&self, github_id: i64) -> Result<CodeAccess, HostError> {
        if self.repository.owner_github_id == github_id {
            return Ok(CodeAccess::Owns);
        }
        if let Some(may_push) = self.stated_to_member(github_id).await? {
            return Ok(if may_push { CodeAccess::Pushes } else { CodeAccess::Lower });
        }
        Ok(self.api.code_access(self.call(), &self.repository, github_id).await?)
    }

    /// Returns whether GitHub states to a member's own connection that they may push; `None` without a connection, and if the
    /// connection cannot say, as that of most organizations' private repositories.
    async fn stated_to_member(&self, github_id: i64) -> Result<Option<bool>, DbError> {
        let Some(connection) = github_token_of(self.context, github_id).await? else {
            return Ok(None);
        };
        let own = self.clients.with(&connection.token);
        match own.code_repository(self.call(), self.name()).await {
            Ok(found) => {
                let found = found.filter(|found| found.github_id == self.repository.github_id);
                Ok(found.and_then(|found| found.may_push))
            }
            Err(ApiError::BadToken) => {
                revoke_github_token(self.context, connection.id).await?;
                Ok(None)
            }
            Err(error) => {
                tracing::warn!(%error, "a member's connection does not show a repository");
                Ok(None)
            }
        }
    }

    fn call(&self) -> Call<'_> {
        Call::new(self.context, &self.permit)
    }

    fn name(&self) -> &str {
        &self.repository.full_name
    }
}

impl OpenRepository for OpenGithubRepository<'_> {
    fn described(&self) -> &DescribedRepository {
        &self.described
    }

    fn access<'a>(&'a self, members: &'a [Member]) -> HostAnswer<'a, Access> {
        Box::pin(async move {
            let mut answers = BTreeSet::new();
            for id in members.iter().filter_map(|member| member.github_id) {
                match self.access_of(id).await? {
                    CodeAccess::Owns => return Ok(Access::Owned),
                    CodeAccess::Pushes => return Ok(Access::Shared),
                    CodeAccess::Lower => answers.insert(false),
                    CodeAccess::Unknown => answers.insert(true),
                };
            }
            let is_unknown = answers.is_empty() || answers.contains(&true);
            Ok(if is_unknown || members.iter().any(|it| it.github_id.is_none()) {
                Access::Unknown
            } else {
                Access::None
            })
        })
    }

    fn head<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Option<String>> {
        Box::pin(async move { Ok(self.api.head(self.call(), self.name(), branch).await?) })
    }

    fn commits<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, CutList<Commit>> {
        Box::pin(async move {
            let read = self.api.commits(self.call(), self.name(), sha, MOST_COMMITS);
            let read = read.await?;
            Ok(CutList {
                items: read.commits.into_iter().map(commit_of).collect(),
                is_complete: read.is_complete,
            })
        })
    }

    fn files<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, CutList<File>> {
        Box::pin(async move {
            let read = self.api.tree(self.call(), self.name(), sha).await?;
            let file =
                |file: TreeFile| File { path: file.path, blob_sha: file.blob_sha, size: file.size };
            Ok(CutList {
                items: read.files.into_iter().map(file).collect(),
                is_complete: read.is_complete,
            })
        })
    }

    fn pushes<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Vec<Push>> {
        Box::pin(async move {
            let read = self.api.pushes(self.call(), self.name(), branch).await;
            match read {
                Ok(read) => Ok(read.pushes.into_iter().rev().map(push).collect()),
                // GitHub tells pushes only to clients with a token.
                Err(ApiError::Refused { .. } | ApiError::NotFound) => Ok(Vec::new()),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn received<'a>(&'a self, branch: &'a str) -> HostAnswer<'a, Vec<Push>> {
        Box::pin(async move {
            let db = &self.context.db;
            let known = reads::repository_of(db, self.repository.github_id).await?;
            let Some(known) = known else {
                return Ok(Vec::new());
            };
            let read = reads::pushes_of(db, known, branch).await?;
            Ok(read.into_iter().filter_map(received).collect())
        })
    }

    fn watch<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<Option<RepositoryId>, DbError>> {
        Box::pin(async move {
            let watched = watch_repository(tx, self.context, &self.repository).await?;
            Ok(Some(watched))
        })
    }

    fn contents<'a>(&'a self, sha: &'a str) -> HostAnswer<'a, Contents> {
        Box::pin(async move {
            let (files, secrets) = try_join(self.files(sha), self.secrets(sha)).await?;
            Ok(Contents { files, secrets })
        })
    }

    fn start<'a>(&'a self, event: &'a str, sha: &'a str) -> HostAnswer<'a, Option<String>> {
        Box::pin(async move {
            let payload = json!({ "commit": sha });
            let sent = self.api.dispatch(self.call(), self.name(), event, &payload);
            match sent.await {
                Ok(()) => Ok(None),
                Err(ApiError::Refused { .. } | ApiError::NotFound) => {
                    Ok(Some(NOT_PERMITTED.to_owned()))
                }
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// Git's SHA of nothing, before a branch was created and after it was deleted.
fn sha(sha: String) -> String {
    if sha.bytes().all(|byte| byte == b'0') { String::new() } else { sha }
}

fn push(push: CodePush) -> Push {
    Push {
        at: push.at,
        before: sha(push.before),
        after: sha(push.after),
        is_forced: push.kind == PushKind::ForcePush,
    }
}

/// Returns a push that GitHub delivered, unless it names no commits.
fn received(push: reads::Push) -> Option<Push> {
    let is_usable = is_sha(&push.before_sha) && is_sha(&push.after_sha);
    is_usable.then(|| Push {
        at: push.received_at,
        before: sha(push.before_sha),
        after: sha(push.after_sha),
        is_forced: push.forced,
    })
}
