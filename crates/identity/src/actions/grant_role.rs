use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::{acts::on_person, admins::must_not_be_last};
use crate::{
    model::{GroupGrant, Person, ROLE_GRANTED, ROLE_LOWERED, Role, UserId},
    reads, rules,
    store::{identities, people},
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
    let id = person.id.into();
    if role != Role::Admin {
        must_not_be_last(&tx, context, id).await?;
    }
    let before = reads::role(&tx, id).await?;
    set_role(&mut tx, context, actor, id, (before, role), reason).await?;
    tx.commit().await?;
    Ok(person)
}

/// Changes a role in the caller's transaction, and records and announces that.
async fn set_role(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    person: UserId,
    (before, role): (Option<Role>, Role),
    reason: Option<&str>,
) -> Result<(), ActionError> {
    let now = context.now();
    people::set_role(tx, person, role, now).await?;
    let act = Act {
        before: Some(json!({ "role": before.map(Role::as_str) })),
        after: Some(json!({ "role": role.as_str() })),
        reason,
        ..on_person(actor, "user.grant", person)
    };
    audit::record(tx, context, act).await?;
    tx.wake(ROLE_GRANTED, [person.0], context.ids.as_ref(), now).await?;
    if before.is_some_and(|before| role < before) {
        tx.wake(ROLE_LOWERED, [person.0], context.ids.as_ref(), now).await?;
    }
    Ok(())
}

/// Gives a person who signs in the role that the operator's configuration states for their groups at the issuer, and takes back what
/// groups granted before, in the caller's transaction. The last admin stays one.
pub(super) async fn follow_groups(
    tx: &mut Tx,
    context: &Context,
    person: UserId,
    identity: Uuid,
    stated: Option<Role>,
) -> Result<(), ActionError> {
    let granted = identities::granted(tx, person).await?;
    if granted.is_empty() && stated.is_none() {
        return Ok(());
    }
    let granted: Vec<GroupGrant> = granted.into_iter().map(|(_, grant)| grant).collect();
    let present = reads::role(tx, person).await?;
    let (role, grant) = rules::role_by_groups(present.unwrap_or(Role::User), &granted, stated);
    if role != Role::Admin && present == Some(Role::Admin) {
        match must_not_be_last(tx, context, person).await {
            Err(ActionError::Refused(_)) => {
                tracing::warn!(person = %person.0, "the last admin keeps the role without its group");
                return Ok(());
            }
            checked => checked?,
        }
    }
    identities::set_granted(tx, person, identity, grant).await?;
    if present != Some(role) {
        let reason = Some("groups at the OpenID Connect issuer");
        set_role(tx, context, Actor::Operator, person, (present, role), reason).await?;
    }
    Ok(())
}

/// Takes back what the groups of an identity granted, before its person unlinks it, in the caller's transaction.
pub(super) async fn leave_groups(
    tx: &mut Tx,
    context: &Context,
    person: UserId,
    identity: Uuid,
) -> Result<(), ActionError> {
    let granted = identities::granted(tx, person).await?;
    if granted.iter().any(|(id, _)| *id == identity) {
        follow_groups(tx, context, person, identity, None).await?;
    }
    Ok(())
}
