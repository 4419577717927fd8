use kernel::Timestamp;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};

use super::{acts::on_person, admins::must_not_be_last};
use crate::{
    model::{Ban, LISTING_CHANGED, Person},
    reads, rules,
    store::bans::{self, New},
};

/// Bans a person with immediate effect, until `ends_at` or until the ban is lifted. It replaces a current
/// ban.
///
/// # Errors
/// When no reason is given, the end is not in the future, no one has the login, or the person is the actor
/// or the last admin.
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
    let mut tx = begin(context).await?;
    let person = reads::find_named(&tx, login).await?;
    if actor == Actor::Person(person.id) {
        return Err(rules::own_ban().into());
    }
    must_not_be_last(&tx, context, person.id.into()).await?;
    let before = bans::held(&tx, person.id, now).await?;
    let after = Ban {
        reason: reason.to_owned(),
        ends_at,
    };
    append(&mut tx, context, actor, &person, &after, false).await?;
    let act = Act {
        before: Some(summary(before.as_ref())),
        after: Some(summary(Some(&after))),
        reason: Some(reason),
        ..on_person(actor, "user.ban", person.id)
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(person)
}

/// Lifts a person's ban.
///
/// # Errors
/// When no reason is given, no one has the login, or they are not banned.
pub async fn unban(
    context: &Context,
    actor: Actor,
    login: &str,
    reason: &str,
) -> Result<Person, ActionError> {
    let (reason, now) = (audit::reason(reason)?, context.now());
    let mut tx = begin(context).await?;
    let person = reads::find_named(&tx, login).await?;
    let Some(before) = bans::held(&tx, person.id, now).await? else {
        return Err(rules::not_banned(&person.login).into());
    };
    let lift = Ban {
        reason: reason.to_owned(),
        ends_at: None,
    };
    append(&mut tx, context, actor, &person, &lift, true).await?;
    let act = Act {
        before: Some(summary(Some(&before))),
        after: Some(summary(None)),
        reason: Some(reason),
        ..on_person(actor, "user.unban", person.id)
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(person)
}

/// Begins a transaction that holds the lock for bans, so that each ban replaces the one before.
async fn begin(context: &Context) -> Result<Tx, ActionError> {
    let tx = context.begin().await?;
    tx.serialize("identity.bans").await?;
    Ok(tx)
}

async fn append(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    person: &Person,
    ban: &Ban,
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
        reason: &ban.reason,
        is_lift,
        ends_at: ban.ends_at,
        now: context.now(),
    };
    let now = new.now;
    bans::append(tx, new).await?;
    let ids = context.ids.as_ref();
    Ok(tx.wake(LISTING_CHANGED, [person.id], ids, now).await?)
}

/// Summarizes a ban for the audit log, without its reason, which can be erased.
fn summary(ban: Option<&Ban>) -> Value {
    match ban {
        Some(ban) => json!({ "is_banned": true, "until": ban.ends_at }),
        None => json!({ "is_banned": false }),
    }
}
