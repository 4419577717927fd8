use github::{actions::request_sync, reads::RepositoryNames};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use crate::{
    access,
    model::ProjectId,
    reads::{self, ProjectPart},
};

/// Requests that a repository of a project is read from GitHub: what changed since the last time, or everything if `whole`.
/// Returns the repository.
///
/// # Errors
/// When the project is unknown, has no repository with the GitHub ID, or the repository is already being read.
pub async fn sync_repository(
    context: &Context,
    actor: Actor,
    slug: &str,
    github_id: i64,
    whole: bool,
) -> Result<RepositoryNames, ActionError> {
    let mut tx = context.begin().await?;
    let unknown = || -> Problem { access::unknown(slug) };
    let project = reads::project_id(&tx, slug).await?.ok_or_else(unknown)?;
    let repository = reads::repository(&tx, (project, slug), github_id).await?;
    if request_sync(&mut tx, context, [repository.id.into()], whole).await? == 0 {
        return Err(in_progress(&repository).into());
    }
    record(&tx, context, actor, &repository, slug, whole).await?;
    tx.commit().await?;
    Ok(repository)
}

/// Requests that all repositories of all projects are read from GitHub, except those that are being read. Returns the
/// number of requested ones.
pub async fn sync_all(context: &Context, actor: Actor, whole: bool) -> Result<usize, ActionError> {
    let mut requested = 0;
    for project in reads::projects(&context.db, ProjectPart::All, "", i64::MAX).await? {
        let id = ProjectId::from(project.id);
        for repository in reads::repositories(&context.db, id).await? {
            let github_id = repository.github_id;
            match sync_repository(context, actor, &project.slug, github_id, whole).await {
                Ok(_) => requested += 1,
                Err(ActionError::Refused(problem)) if problem.code == "SYNC_IN_PROGRESS" => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(requested)
}

fn in_progress(repository: &RepositoryNames) -> Problem {
    let detail = format!(
        "{} is already being read from GitHub, or waits for it. Try again when it is complete.",
        repository.full_name
    );
    Problem::new(ProblemKind::Conflict, "SYNC_IN_PROGRESS", detail)
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    repository: &RepositoryNames,
    slug: &str,
    whole: bool,
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action: "repository.sync",
        target_kind: "repository",
        target_id: repository.id,
        before: None,
        after: Some(json!({
            "project": slug, "full_name": repository.full_name, "whole": whole,
        })),
        reason: None,
    };
    audit::record(tx, context, act).await?;
    Ok(())
}
