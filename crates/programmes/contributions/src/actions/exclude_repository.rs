use github::{model::RepositoryId, reads::RepositoryNames};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::wake_pulls::{lock_repositories, wake_pulls};
use crate::{
    access,
    model::ProjectId,
    reads,
    store::{exclusions, projects},
};

/// Excludes a repository: the points of all its pull requests are reversed, and new ones earn none. What GitHub reports is
/// still recorded. Returns the repository.
///
/// # Errors
/// When no reason is given, no project has the repository, it is excluded already, or the actor maintains its project or has
/// pull requests there.
pub async fn exclude_repository(
    context: &Context,
    actor: Actor,
    github_id: i64,
    reason: &str,
) -> Result<RepositoryNames, ActionError> {
    let reason = audit::reason(reason)?;
    let tx = context.begin().await?;
    let repository = decidable(&tx, actor, github_id).await?;
    let id = RepositoryId::new(repository.id);
    if let Some(current) = exclusions::current(&tx, id).await? {
        let by = decider(&tx, current.excluded_by_id).await?;
        let detail = format!("{by} already excluded {}.", repository.full_name);
        return Err(Problem::new(ProblemKind::Conflict, "REPOSITORY_EXCLUDED", detail).into());
    }
    exclusions::insert(&tx, context.ids.next(), id, reason, actor.person(), context.now()).await?;
    settle_again(tx, context, actor, "repository.exclude", &repository, reason).await?;
    Ok(repository)
}

/// Lifts the exclusion of a repository: its pull requests earn their points again. Returns the repository.
///
/// # Errors
/// When no reason is given, no project has the repository, it is not excluded, or the actor maintains its project or has
/// pull requests there.
pub async fn include_repository(
    context: &Context,
    actor: Actor,
    github_id: i64,
    reason: &str,
) -> Result<RepositoryNames, ActionError> {
    let reason = audit::reason(reason)?;
    let tx = context.begin().await?;
    let repository = decidable(&tx, actor, github_id).await?;
    let Some(current) = exclusions::current(&tx, repository.id.into()).await? else {
        let detail =
            format!("{} is not excluded, so there is nothing to undo.", repository.full_name);
        return Err(Problem::new(ProblemKind::Conflict, "REPOSITORY_INCLUDED", detail).into());
    };
    exclusions::lift(&tx, current.id, reason, actor.person(), context.now()).await?;
    settle_again(tx, context, actor, "repository.include", &repository, reason).await?;
    Ok(repository)
}

/// Takes the locks, and finds a repository of a project that the actor may decide on.
async fn decidable(tx: &Tx, actor: Actor, github_id: i64) -> Result<RepositoryNames, ActionError> {
    lock_repositories(tx).await?;
    let unknown = || access::unknown_repository(github_id);
    let id = github::reads::repository_id(tx, github_id).await?;
    let id = id.ok_or_else(unknown)?;
    let project = projects::of_repositories(tx, [id]).await?.remove(&id);
    let project = project.ok_or_else(unknown)?;
    let repository = github::reads::named(tx, [id]).await?.pop();
    let repository = repository.ok_or_else(unknown)?;
    if let Actor::Person(person) = actor {
        require_independence(tx, project, person, &repository.full_name).await?;
    }
    Ok(repository)
}

/// Refuses people who maintain the project or compete in it.
async fn require_independence(
    tx: &Tx,
    project: ProjectId,
    person: Uuid,
    full_name: &str,
) -> Result<(), ActionError> {
    let person = person.into();
    let is_party = reads::maintains(tx, project, person).await?
        || exclusions::is_author(tx, project, person).await?;
    if !is_party {
        return Ok(());
    }
    let detail = format!(
        "You maintain the project of {full_name}, or have pull requests there. Ask another moderator."
    );
    Err(Problem::new(ProblemKind::Forbidden, "OWN_REPOSITORY", detail).into())
}

async fn decider(tx: &Tx, person: Option<Uuid>) -> Result<String, ActionError> {
    let Some(person) = person.map(Into::into) else {
        return Ok("An operator".to_owned());
    };
    let found = identity::reads::logins(tx, [person]).await?.remove(&person);
    Ok(found.unwrap_or_else(|| "Another moderator".to_owned()))
}

/// Has the pull requests settled again, records the decision, and commits.
async fn settle_again(
    mut tx: Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    repository: &RepositoryNames,
    reason: &str,
) -> Result<(), ActionError> {
    wake_pulls(&mut tx, context, [repository.id.into()], None).await?;
    let act = Act {
        actor,
        action,
        target_kind: "repository",
        target_id: repository.id,
        before: None,
        after: Some(json!({
            "full_name": repository.full_name, "github_id": repository.github_id,
        })),
        reason: Some(reason),
    };
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}
