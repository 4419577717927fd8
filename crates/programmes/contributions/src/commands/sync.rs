use std::collections::HashMap;

use github::{
    model::SyncProgress,
    reads::{RepositoryNames, SyncState, sync_states},
};
use kernel::counted;
use platform::{
    ActionError, Context,
    audit::Actor,
    command::{FollowArgs, Work, WorkState, follow, github_id, say},
    module::Services,
};
use serde_json::json;
use uuid::Uuid;

use super::repo::progress;
use crate::{
    actions::{sync_all, sync_repository},
    reads::{self, ProjectPart},
};

/// Have a repository read from GitHub: its pull requests, reviews and files
#[derive(Clone, Debug, clap::Parser)]
#[command(
    name = "repository",
    after_help = "Examples:\n  guildhall sync repository octo/lantern\n  guildhall sync repository octo/lantern --whole --json\n\nA server or a worker reads what changed since the last time, or everything with `--whole`; standard error shows the progress. If the repository is being read already, the command waits for that. Exit codes: 0 it was read (with `--no-wait`: requested), 1 it could not be read, 2 wrong usage."
)]
pub(super) struct SyncRepository {
    /// The repository's full name
    #[arg(value_name = "OWNER/NAME")]
    full_name: String,
    /// The repository's GitHub ID, needed if several repositories have this name
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = github_id)]
    github_id: Option<i64>,
    /// Read everything again, not only what changed since the last time
    #[arg(long)]
    whole: bool,
    #[command(flatten)]
    following: FollowArgs,
}

/// Have the repositories of all projects read from GitHub
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(
    name = "github",
    after_help = "Examples:\n  guildhall sync github\n  guildhall sync github --whole --no-wait\n\nA server or a worker reads what changed since the last time, or everything with `--whole`; standard error shows the progress. Exit codes: 0 all were read (with `--no-wait`: requested), 1 some could not be read, 2 wrong usage."
)]
pub(super) struct SyncGithub {
    /// Read everything again, not only what changed since the last time
    #[arg(long)]
    whole: bool,
    #[command(flatten)]
    following: FollowArgs,
}

impl Work for SyncRepository {
    async fn work(self, Services { context, .. }: &Services) -> anyhow::Result<()> {
        let named = reads::repository_named(&context.db, &self.full_name, self.github_id);
        let (repository, slug) = named.await?;
        let id = repository.github_id;
        match sync_repository(context, Actor::Operator, &slug, id, self.whole).await {
            Ok(_) => {}
            Err(ActionError::Refused(problem)) if problem.code == "SYNC_IN_PROGRESS" => {}
            Err(error) => return Err(error.into()),
        }
        wait(context, &[repository], self.following).await
    }
}

impl Work for SyncGithub {
    async fn work(self, Services { context, .. }: &Services) -> anyhow::Result<()> {
        sync_all(context, Actor::Operator, self.whole).await?;
        let mut all = Vec::new();
        for project in reads::projects(&context.db, ProjectPart::All, "", i64::MAX).await? {
            all.extend(reads::repositories(&context.db, project.id.into()).await?);
        }
        wait(context, &all, self.following).await
    }
}

/// Waits until repositories are read, and prints how each was.
///
/// # Errors
/// When one could not be read, or nothing changes for a minute.
async fn wait(
    context: &Context,
    repositories: &[RepositoryNames],
    following: FollowArgs,
) -> anyhow::Result<()> {
    let ids: Vec<Uuid> = repositories.iter().map(|it| it.id).collect();
    let states = || sync_states(&context.db, ids.iter().copied());
    if !following.no_wait {
        follow(|| async { Ok(going(repositories, &states().await?)) }).await?;
    }
    let states = states().await?;
    if following.json {
        let object = |repository: &RepositoryNames| {
            let sync = states.get(&repository.id);
            json!({
                "full_name": repository.full_name,
                "github_id": repository.github_id,
                "state": sync.map(|sync| sync.progress().as_str()),
                "pull_requests_read": sync.map(|sync| sync.pulls_read),
                "error": sync.and_then(|sync| sync.last_error.as_deref()),
            })
        };
        let objects: Vec<_> = repositories.iter().map(object).collect();
        say(json!({ "repositories": objects }));
    } else {
        for repository in repositories {
            let read = states.get(&repository.id).map_or_else(String::new, progress);
            say(format_args!("{}{read}", repository.full_name));
        }
    }
    let failed = count(&states, SyncProgress::Failed);
    anyhow::ensure!(
        following.no_wait || failed == 0,
        "{} could not be read from GitHub",
        counted(failed, "repository", "repositories")
    );
    Ok(())
}

fn going(repositories: &[RepositoryNames], states: &HashMap<Uuid, SyncState>) -> WorkState {
    let (read, failed) =
        (count(states, SyncProgress::Complete), count(states, SyncProgress::Failed));
    let pulls: i64 = states.values().map(|state| state.pulls_read).sum();
    let failures = if failed == 0 { String::new() } else { format!(", {failed} failed") };
    WorkState {
        says: format!(
            "{read} of {} read{failures}; {}",
            counted(repositories.len(), "repository", "repositories"),
            counted(pulls, "pull request", "pull requests")
        ),
        is_over: read + failed >= states.len(),
    }
}

fn count(states: &HashMap<Uuid, SyncState>, progress: SyncProgress) -> usize {
    states.values().filter(|state| state.progress() == progress).count()
}
