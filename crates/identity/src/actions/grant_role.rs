use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Sql,
};
use serde_json::json;

use crate::{
    model::ROLE_GRANTED,
    model::{Person, Role},
    reads, rules,
};

/// Gives a person a role on the whole platform.
///
/// # Errors
/// When nobody has that login, a person would change their own role, or the database fails.
pub async fn grant_role(
    context: &Context,
    actor: Actor,
    login: &str,
    role: Role,
) -> Result<Person, ActionError> {
    let mut tx = context.begin().await?;
    let Some(person) = reads::person(&tx, login).await? else {
        return Err(rules::unknown_login(login).into());
    };
    if actor == Actor::Person(person.id) {
        return Err(own_role().into());
    }
    let before = reads::role(&tx, person.id.into()).await?;
    let sql = "UPDATE users SET role = $1, updated_at = $2 WHERE id = $3";
    let values = [role.as_str().into(), context.now().into(), person.id.into()];
    tx.run(tx.statement(sql, values)).await?;
    let act = Act {
        actor,
        action: "user.grant",
        target_kind: "user",
        target_id: person.id,
        before: Some(json!({ "role": before })),
        after: Some(json!({ "role": role.as_str() })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(ROLE_GRANTED, [person.id], ids, now).await?;
    tx.commit().await?;
    Ok(person)
}

/// So that a server never loses its last admin by a slip.
fn own_role() -> Problem {
    let detail = "Nobody changes their own role. Ask another admin, or whoever runs the server.";
    Problem::new(ProblemKind::Conflict, "OWN_ROLE", detail)
}
