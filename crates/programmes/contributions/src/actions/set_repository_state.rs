use github::reads::RepositoryNames;
use kernel::{Problem, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::{Value, json};

use super::wake_pulls::{lock_repositories, wake_pulls};
use crate::{
    access,
    model::{Inactive, InactiveState},
    reads,
    store::projects,
};

/// Pauses or archives a repository in its project, so that pull requests that are opened from then on earn no points, or ends
/// that, so that they earn theirs. What GitHub reports is recorded as before. Returns the repository and the state that it had.
/// Repeating it changes nothing.
///
/// # Errors
/// When the project is unknown, or has no repository with the GitHub ID.
pub async fn set_repository_state(
    context: &Context,
    actor: Actor,
    slug: &str,
    github_id: i64,
    state: Option<InactiveState>,
) -> Result<(RepositoryNames, Option<InactiveState>), ActionError> {
    let mut tx = context.begin().await?;
    lock_repositories(&tx).await?;
    let unknown = || -> Problem { access::unknown(slug) };
    let project = reads::project_id(&tx, slug).await?.ok_or_else(unknown)?;
    let repository = reads::repository(&tx, (project, slug), github_id).await?;
    let id = repository.id.into();
    let before = projects::inactive(&tx, id).await?;
    let former = before.map(|it| it.state);
    if former == state {
        return Ok((repository, former));
    }
    // One that was paused is archived since the same instant.
    let since = before.map_or_else(|| truncate_to_micros(context.now()), |it| it.since);
    let after = state.map(|state| Inactive { state, since });
    projects::set_inactive(&tx, id, after).await?;
    wake_pulls(&mut tx, context, [id], Some(since)).await?;
    let act = Act {
        actor,
        action: match state {
            Some(InactiveState::Paused) => "repository.pause",
            Some(InactiveState::Archived) => "repository.archive",
            None => "repository.resume",
        },
        target_kind: "repository",
        target_id: repository.id,
        before: before.map(described),
        after: after.map(described),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok((repository, former))
}

fn described(inactive: Inactive) -> Value {
    json!({ "state": inactive.state.as_str(), "since": inactive.since })
}
