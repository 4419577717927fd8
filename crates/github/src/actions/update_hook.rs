use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use super::Registrar;
use crate::{
    gateway::{Api, ApiError, Call, GithubApi},
    model::RepositoryId,
    reads::RepositoryNames,
    rules::events,
    store::repositories,
};

impl Registrar {
    /// Has the webhook of a repository deliver all events that this server reads, in the name of a person, and records it. What the
    /// webhook delivers besides stays.
    ///
    /// # Errors
    /// When the repository has no webhook of its own, the person has not connected GitHub or may not change the webhook, or GitHub
    /// refuses or does not respond.
    pub async fn update_hook(
        &self,
        context: &Context,
        person: UserId,
        actor: Actor,
        repository: &RepositoryNames,
    ) -> Result<(), ActionError> {
        let name = repository.full_name.as_str();
        let hook = repository.hook_id.ok_or_else(|| no_hook(name))?;
        let (api, token) = self.connected(context, person).await?;
        let permit = context.flags.permit::<GithubApi>()?;
        match add_events(&api, Call::new(context, &permit), name, hook).await {
            Err(ApiError::NotFound) => return Err(not_shown(name).into()),
            updated => self.checked(context, &token, updated).await?,
        }
        record_update(context, actor, repository).await
    }
}

/// Adds to the events of a webhook those that it does not deliver.
async fn add_events(api: &Api, call: Call<'_>, full_name: &str, hook: i64) -> Result<(), ApiError> {
    let mut delivered = api.hook_events(call, full_name, hook).await?;
    let lacking = events::lacking(delivered.iter().map(String::as_str));
    if lacking.is_empty() {
        return Ok(());
    }
    delivered.extend(lacking.into_iter().map(str::to_owned));
    api.set_hook_events(call, full_name, hook, &delivered).await
}

/// Notes, in the caller's transaction, that the webhook of a repository delivers all events that this server reads.
pub async fn note_events(
    tx: &Tx,
    context: &Context,
    repository: RepositoryId,
) -> Result<(), DbError> {
    let events = events::names().join(",");
    repositories::set_hook_events(tx, repository, events, context.now()).await
}

/// Records that someone had the webhook of a repository deliver all events.
pub async fn record_update(
    context: &Context,
    actor: Actor,
    repository: &RepositoryNames,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    note_events(&tx, context, repository.id.into()).await?;
    let act = Act {
        actor,
        action: "repository.webhook",
        target_kind: "repository",
        target_id: repository.id,
        before: None,
        after: Some(json!({
            "full_name": repository.full_name, "hook_id": repository.hook_id, "events": events::names(),
        })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

fn no_hook(full_name: &str) -> Problem {
    let detail = format!(
        "{full_name} has no webhook of its own here. If one delivers its events, choose them in the repository's settings on GitHub."
    );
    Problem::new(ProblemKind::Conflict, "NO_OWN_HOOK", detail)
}

fn not_shown(full_name: &str) -> Problem {
    let detail = format!(
        "GitHub shows you no such webhook. Only admins of {full_name} can change it: ask one of them to do this. If it was deleted \
         on GitHub, remove the repository here and register it again."
    );
    Problem::new(ProblemKind::Forbidden, "REPOSITORY_RIGHTS", detail)
}
