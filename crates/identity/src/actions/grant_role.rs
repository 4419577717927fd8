use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::json;

use super::{acts::on_person, admins::must_not_be_last};
use crate::{
    model::{Person, ROLE_GRANTED, ROLE_LOWERED, Role},
    reads, rules,
    store::people,
};

/// Grants a person a role on this server.
///
/// # Errors
/// When no one has the login, the actor would change their own role, or the last admin would lose theirs.
pub async fn grant_role(
    context: &Context,
    actor: Actor,
    login: &str,
    role: Role,
) -> Result<Person, ActionError> {
    change_role(context, actor, login, role, None).await
}

/// Grants a person a role like [`grant_role`]. The audit log records the reason, if one is given.
///
/// # Errors
/// When the reason is blank or too long, no one has the login, the actor would change their own role, or the last admin would lose
/// theirs.
pub async fn change_role(
    context: &Context,
    actor: Actor,
    login: &str,
    role: Role,
    reason: Option<&str>,
) -> Result<Person, ActionError> {
    let reason = reason.map(audit::reason).transpose()?;
    let mut tx = context.begin().await?;
    let person = reads::find_named(&tx, login).await?;
    if actor == Actor::Person(person.id) {
        return Err(rules::own_role().into());
    }
    let (id, now) = (person.id.into(), context.now());
    if role != Role::Admin {
        must_not_be_last(&tx, context, id).await?;
    }
    let before = reads::role(&tx, id).await?;
    people::set_role(&tx, id, role, now).await?;
    let act = Act {
        before: Some(json!({ "role": before.map(Role::as_str) })),
        after: Some(json!({ "role": role.as_str() })),
        reason,
        ..on_person(actor, "user.grant", person.id)
    };
    audit::record(&tx, context, act).await?;
    tx.wake(ROLE_GRANTED, [person.id], context.ids.as_ref(), now).await?;
    if before.is_some_and(|before| role < before) {
        tx.wake(ROLE_LOWERED, [person.id], context.ids.as_ref(), now).await?;
    }
    tx.commit().await?;
    Ok(person)
}
