use github::actions::NewRepository;
use github::model::RepositoryId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    crypto::KeyRing,
    db::Tx,
};
use serde_json::json;

use super::wake_pulls::{lock_repositories, wake_pulls};
use crate::{reads, store::projects};

/// Registers a repository with a project. Deliveries that were received earlier are processed then, and its history is
/// read from GitHub. A repository that was removed from its project keeps what GitHub stated about it, and its pull
/// requests earn their points again.
///
/// # Errors
/// When the project is unknown, or the repository already belongs to a project, which the error names, or it is known by
/// another name.
pub async fn add_repository(
    context: &Context,
    ring: &KeyRing,
    actor: Actor,
    slug: &str,
    new: &NewRepository,
) -> Result<RepositoryId, ActionError> {
    let mut tx = context.begin().await?;
    // Keeps concurrent registrations from both finding the repository free.
    lock_repositories(&tx).await?;
    let id = add_in(&mut tx, context, ring, actor, slug, new).await?;
    tx.commit().await?;
    Ok(id)
}

/// Registers a repository in the caller's transaction, which holds the lock of repositories.
pub(super) async fn add_in(
    tx: &mut Tx,
    context: &Context,
    ring: &KeyRing,
    actor: Actor,
    slug: &str,
    new: &NewRepository,
) -> Result<RepositoryId, ActionError> {
    let Some(project) = reads::project_id(tx, slug).await? else {
        let detail = format!(
            "Unknown project '{slug}'. Check its slug at /projects, or ask an admin to create it."
        );
        return Err(Problem::not_found(detail).into());
    };
    refuse_registered(tx, new.github_id, &new.full_name).await?;
    let known = github::actions::register_again(tx, context, ring, new).await?;
    let id = match known {
        Some(id) => id,
        None => github::actions::register(tx, context, ring, new).await?,
    };
    projects::add_repository(tx, context.ids.next(), project, id, context.now()).await?;
    wake_pulls(tx, context, known, None).await?;
    github::actions::request_sync(tx, context, [id], false).await?;
    let act = Act {
        actor,
        action: "repository.add",
        target_kind: "repository",
        target_id: id.0,
        before: None,
        after: Some(
            json!({ "project": slug, "full_name": new.full_name, "github_id": new.github_id }),
        ),
        reason: None,
    };
    audit::record(tx, context, act).await?;
    Ok(id)
}

/// Refuses a repository that belongs to a project, which the error names.
pub(super) async fn refuse_registered(
    tx: &Tx,
    github_id: i64,
    full_name: &str,
) -> Result<(), ActionError> {
    let Some(owner) = owner(tx, github_id).await? else {
        return Ok(());
    };
    let detail = format!(
        "The GitHub ID {github_id} of {full_name} is already registered with the project '{owner}'. Ask a maintainer of that project, or an admin, to remove it there first."
    );
    Err(Problem::new(ProblemKind::Conflict, "REPOSITORY_REGISTERED", detail).into())
}

/// Finds the project that a repository belongs to.
async fn owner(tx: &Tx, github_id: i64) -> Result<Option<String>, ActionError> {
    match github::reads::repository_id(tx, github_id).await? {
        Some(repository) => Ok(reads::project_of_repository(tx, repository).await?),
        None => Ok(None),
    }
}
