use github::rules::own_repository::Allowed;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::{Value, json};

use super::wake_pulls::lock_repositories;
use crate::{access, reads, store::projects};

/// Sets the kinds of repositories that a project allows. Registered repositories stay.
///
/// # Errors
/// When the project is unknown.
pub async fn allow_repositories(
    context: &Context,
    actor: Actor,
    slug: &str,
    allowed: Allowed,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    lock_repositories(&tx).await?;
    let project = reads::project_id(&tx, slug).await?;
    let project = project.ok_or_else(|| access::unknown(slug))?;
    let before = reads::allowed(&tx, project).await?;
    if before == allowed {
        return Ok(());
    }
    projects::allow(&tx, project, allowed, context.now()).await?;
    let act = Act {
        actor,
        action: "project.allow_repositories",
        target_kind: "project",
        target_id: project.0,
        before: Some(described(before)),
        after: Some(described(allowed)),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

fn described(allowed: Allowed) -> Value {
    json!({ "forks": allowed.forks, "private": allowed.private })
}
