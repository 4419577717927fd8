use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    reads,
    store::{maintainers, projects},
};

/// Removes a maintainer of a project who, by GitHub's own answer, maintains none of its repositories any more. A person whose
/// role changed in one of several repositories stays a maintainer. `check` is the check of the role.
///
/// # Errors
/// When the database fails.
pub async fn lose_role(tx: &mut Tx, context: &Context, check: Uuid) -> Result<(), ActionError> {
    let Some(lost) = github::reads::lost_role(tx, context, check).await? else {
        return Ok(());
    };
    let owner = projects::of_repositories(tx, [lost.repository]).await?;
    let Some(project) = owner.get(&lost.repository).copied() else {
        return Ok(());
    };
    // Serializes maintainers who leave at the same time.
    tx.serialize("project_maintainers").await?;
    let own = reads::repositories(tx, project).await?;
    let keeps = own.iter().any(|own| !lost.repositories.contains(&own.id.into()));
    if keeps || !maintainers::remove(tx, project, lost.person).await? {
        return Ok(());
    }
    let act = Act {
        actor: Actor::Operator,
        action: "project.remove_maintainer",
        target_kind: "project",
        target_id: project.0,
        before: None,
        after: Some(json!({ "person": lost.person })),
        reason: Some("They no longer maintain its repositories on GitHub"),
    };
    audit::record(tx, context, act).await?;
    Ok(())
}
