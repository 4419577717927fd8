use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};

use super::person_named;
use crate::store::staff;

fn act(person: UserId, actor: Actor, action: &'static str) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: None,
        reason: None,
    }
}

/// Lets a person hold hackathons. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the login is unknown.
pub async fn add_host(context: &Context, actor: Actor, login: &str) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let (person, login) = person_named(&tx, login).await?;
    let (row, now) = (context.ids.next(), context.now());
    if staff::add_host(&tx, row, person, actor.person(), now).await? {
        audit::record(&tx, context, act(person, actor, "hackathon_host.add")).await?;
    }
    tx.commit().await?;
    Ok(login)
}

/// Removes the right of a person to hold hackathons. Those that they organize stay theirs. Repeating it changes nothing. Returns
/// the login.
///
/// # Errors
/// When the login is unknown.
pub async fn remove_host(
    context: &Context,
    actor: Actor,
    login: &str,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let (person, login) = person_named(&tx, login).await?;
    if staff::remove_host(&tx, person).await? {
        audit::record(&tx, context, act(person, actor, "hackathon_host.remove")).await?;
    }
    tx.commit().await?;
    Ok(login)
}
