use identity::model::UserId;
use kernel::{Problem, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    access,
    model::{PROJECT_TRANSFERRED, ProjectId},
    reads::{self, MaintainerView},
    rules::ownership::TransferRight,
    store::maintainers::{self, MaintainerRow},
};

#[derive(Clone, Debug)]
pub struct TransferInput {
    /// The login or the ID of the maintainer who becomes the owner.
    pub login: String,
    /// The reason, which owners can leave empty.
    pub reason: String,
}

/// Transfers a project to one of its maintainers, for its owner, or for an admin if it has no owner or the owner's account
/// is closed or banned. The former owner stays a maintainer. Both are notified. An operator counts as an admin. Returns the
/// new owner.
///
/// # Errors
/// When the project or the login is unknown, the actor may not transfer it, an admin's reason is missing, the reason is
/// too long, or the person does not maintain the project, owns it already, or cannot use their account.
pub async fn transfer_project(
    context: &Context,
    actor: Actor,
    is_admin: bool,
    slug: &str,
    input: &TransferInput,
) -> Result<MaintainerView, ActionError> {
    let mut tx = context.begin().await?;
    let project = reads::project(&tx, slug).await?;
    let project = project.ok_or_else(|| access::unknown(slug))?;
    let id: ProjectId = project.id.into();
    // Transfers wait for each other, and for maintainers who leave.
    tx.serialize("project_maintainers").await?;
    let rows = maintainers::rows(&tx, id).await?;
    tx.lock_rows("project_maintainers", rows.iter().map(|row| row.id)).await?;
    let now = truncate_to_micros(context.now());
    let person = reads::find_maintainer(&tx, id, &input.login).await;
    let person = person.map_err(|error| error.at("login"))?;
    let (by, is_admin) = match actor {
        Actor::Person(person) => (Some(person.into()), is_admin),
        Actor::Operator => (None, true),
        Actor::Visitor => (None, false),
    };
    let right = reads::right_to_transfer(&tx, &project, by, is_admin, &person, now).await?;
    let reason = reason(right, &input.reason)?;
    let former = reads::owner(&tx, id, now).await?.map(|owner| owner.id);
    maintainers::set_owner(&tx, id, person.id, now).await?;
    record(&tx, context, actor, id, former, person.id, reason).await?;
    let changed = changed(&rows, former, person.id);
    let ids = context.ids.as_ref();
    tx.wake(PROJECT_TRANSFERRED, changed, ids, now).await?;
    tx.commit().await?;
    Ok(person)
}

/// Returns the reason; `None` if an owner gives none.
fn reason(right: TransferRight, given: &str) -> Result<Option<&str>, Problem> {
    match right {
        TransferRight::Owner if given.trim().is_empty() => Ok(None),
        TransferRight::Owner | TransferRight::Admin => audit::reason(given).map(Some),
    }
}

fn changed(rows: &[MaintainerRow], former: Option<UserId>, new: UserId) -> Vec<Uuid> {
    let has_changed = |row: &&MaintainerRow| {
        let person = UserId::new(row.user_id);
        person == new || Some(person) == former
    };
    rows.iter().filter(has_changed).map(|row| row.id).collect()
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    project: ProjectId,
    former: Option<UserId>,
    new: UserId,
    reason: Option<&str>,
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action: "project.transfer",
        target_kind: "project",
        target_id: project.0,
        before: former.map(|person| json!({ "person": person.0 })),
        after: Some(json!({ "person": new.0 })),
        reason,
    };
    Ok(audit::record(tx, context, act).await?)
}
