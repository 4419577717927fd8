use github::reads::RepositoryNames;
use kernel::Problem;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::json;

use super::wake_pulls::{lock_repositories, wake_pulls};
use crate::{access, reads, store::projects};

/// Removes a repository from its project, and has the points of its pull requests reversed. Returns the repository. What
/// GitHub stated about it stays, and is recorded as before, so that the points return when it is added again.
///
/// # Errors
/// When the project is unknown, or has no repository with the GitHub ID.
pub async fn remove_repository(
    context: &Context,
    actor: Actor,
    slug: &str,
    github_id: i64,
) -> Result<RepositoryNames, ActionError> {
    let mut tx = context.begin().await?;
    lock_repositories(&tx).await?;
    let unknown = || -> Problem { access::unknown(slug) };
    let project = reads::project_id(&tx, slug).await?.ok_or_else(unknown)?;
    let repository = reads::repository(&tx, (project, slug), github_id).await?;
    let id = repository.id.into();
    projects::remove_repository(&tx, project, id).await?;
    github::actions::release_hook(&mut tx, context, id).await?;
    wake_pulls(&mut tx, context, [id], None).await?;
    let act = Act {
        actor,
        action: "repository.remove",
        target_kind: "repository",
        target_id: repository.id,
        before: Some(json!({
            "project": slug, "full_name": repository.full_name, "github_id": github_id,
        })),
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(repository)
}
