use kernel::Timestamp;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};

use crate::{
    model::{Ban, Person, Role},
    reads, rules,
    store::bans::{self, New},
};

/// Bans a person from the next request on: until an instant, or until it is lifted. A ban that held
/// before is replaced.
///
/// # Errors
/// When no reason is given, the end lies not ahead, nobody has that login, a person would ban
/// themselves or the last admin, or the database fails.
pub async fn ban(
    context: &Context,
    actor: Actor,
    login: &str,
    reason: &str,
    ends_at: Option<Timestamp>,
) -> Result<Person, ActionError> {
    let (reason, now) = (audit::reason(reason)?, context.now());
    if let Some(end) = ends_at {
        rules::may_end(end, now)?;
    }
    let tx = begin(context).await?;
    let person = find(&tx, login).await?;
    if actor == Actor::Person(person.id) {
        return Err(rules::own_ban().into());
    }
    let is_admin = reads::role(&tx, person.id.into()).await? == Role::Admin.as_str();
    if is_admin && !bans::has_other_admin(&tx, person.id, now).await? {
        return Err(rules::last_admin(&person.login).into());
    }
    let before = bans::held(&tx, person.id, now).await?;
    let after = Ban {
        reason: reason.to_owned(),
        ends_at,
    };
    append(&tx, context, actor, &person, &after, false).await?;
    record(
        &tx,
        context,
        act(actor, "user.ban", &person, reason),
        before,
        Some(after),
    )
    .await?;
    tx.commit().await?;
    Ok(person)
}

/// Lifts a person's ban.
///
/// # Errors
/// When no reason is given, nobody has that login, they are not banned, or the database fails.
pub async fn unban(
    context: &Context,
    actor: Actor,
    login: &str,
    reason: &str,
) -> Result<Person, ActionError> {
    let (reason, now) = (audit::reason(reason)?, context.now());
    let tx = begin(context).await?;
    let person = find(&tx, login).await?;
    let Some(before) = bans::held(&tx, person.id, now).await? else {
        return Err(rules::not_banned(&person.login).into());
    };
    let lift = Ban {
        reason: reason.to_owned(),
        ends_at: None,
    };
    append(&tx, context, actor, &person, &lift, true).await?;
    record(
        &tx,
        context,
        act(actor, "user.unban", &person, reason),
        Some(before),
        None,
    )
    .await?;
    tx.commit().await?;
    Ok(person)
}

/// One at a time, so that two admins do not ban each other and leave nobody.
async fn begin(context: &Context) -> Result<Tx, ActionError> {
    let tx = context.begin().await?;
    tx.serialize("identity.bans").await?;
    Ok(tx)
}

async fn find(tx: &Tx, login: &str) -> Result<Person, ActionError> {
    let person = reads::person(tx, login).await?;
    Ok(person.ok_or_else(|| rules::unknown_login(login))?)
}

async fn append(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    person: &Person,
    said: &Ban,
    is_lift: bool,
) -> Result<(), ActionError> {
    let by = match actor {
        Actor::Person(id) => Some(id.into()),
        Actor::Operator => None,
    };
    let new = New {
        id: context.ids.next(),
        user_id: person.id,
        by,
        reason: &said.reason,
        is_lift,
        ends_at: said.ends_at,
        now: context.now(),
    };
    Ok(bans::append(tx, new).await?)
}

fn act<'a>(actor: Actor, action: &'static str, person: &Person, reason: &'a str) -> Act<'a> {
    Act {
        actor,
        action,
        target_kind: "user",
        target_id: person.id,
        before: None,
        after: None,
        reason: Some(reason),
    }
}

async fn record(
    tx: &Tx,
    context: &Context,
    act: Act<'_>,
    before: Option<Ban>,
    after: Option<Ban>,
) -> Result<(), ActionError> {
    let act = Act {
        before: Some(told(before)),
        after: Some(told(after)),
        ..act
    };
    Ok(audit::record(tx, context, act).await?)
}

fn told(ban: Option<Ban>) -> Value {
    match ban {
        Some(ban) => json!({ "is_banned": true, "until": ban.ends_at }),
        None => json!({ "is_banned": false }),
    }
}
