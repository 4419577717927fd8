use kernel::{Checks, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
    outbox::{self, WEBHOOK},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{acts::on_person, admins::must_not_be_last};
use crate::{
    model::{Ban, LISTING_CHANGED, PERSON_BANNED, Person},
    reads, rules,
    store::bans::{self, NewBanRow},
};

/// The lock of bans, so that each ban replaces the one before.
const BANS: &str = "identity.bans";

/// Bans a person with immediate effect, until `ends_at` or until the ban is lifted. It replaces a current
/// ban. What waits for their webhooks is deleted: a program of theirs gets no more than they can read.
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
    let now = context.now();
    let mut checks = Checks::default();
    let reason = checks.read(audit::reason(reason));
    checks.read(ends_at.map_or(Ok(()), |end| rules::may_end(end, now)));
    checks.finish(())?;
    let mut tx = begin(context).await?;
    let person = reads::find_named(&tx, login).await?;
    if actor == Actor::Person(person.id) {
        return Err(rules::own_ban().into());
    }
    must_not_be_last(&tx, context, person.id.into()).await?;
    let before = bans::held(&tx, person.id, now).await?;
    let after = Ban { reason: reason.to_owned(), ends_at };
    append(&mut tx, context, actor, person.id, &after, false).await?;
    outbox::forget_waiting(&tx, person.id, WEBHOOK).await?;
    tx.wake(PERSON_BANNED, [person.id], context.ids.as_ref(), now).await?;
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
    lift(&mut tx, context, actor, person.id, &before, reason).await?;
    tx.commit().await?;
    Ok(person)
}

/// Lifts a ban in the caller's transaction, for a decision on it. The caller has checked the reason. Returns false if the
/// ban is over, or replaced.
///
/// # Errors
/// When the database fails.
pub async fn lift_ban(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    id: Uuid,
    reason: &str,
) -> Result<bool, ActionError> {
    tx.serialize(BANS).await?;
    let Some((person, before)) = bans::holder(tx, id, context.now()).await? else {
        return Ok(false);
    };
    lift(tx, context, actor, person, &before, reason).await?;
    Ok(true)
}

async fn lift(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    person: Uuid,
    before: &Ban,
    reason: &str,
) -> Result<(), ActionError> {
    let lift = Ban { reason: reason.to_owned(), ends_at: None };
    append(tx, context, actor, person, &lift, true).await?;
    let act = Act {
        before: Some(summary(Some(before))),
        after: Some(summary(None)),
        reason: Some(reason),
        ..on_person(actor, "user.unban", person)
    };
    Ok(audit::record(tx, context, act).await?)
}

/// Begins a transaction that holds the lock of bans.
async fn begin(context: &Context) -> Result<Tx, ActionError> {
    let tx = context.begin().await?;
    tx.serialize(BANS).await?;
    Ok(tx)
}

async fn append(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    person: Uuid,
    ban: &Ban,
    is_lift: bool,
) -> Result<(), ActionError> {
    let by = actor.person().map(Into::into);
    let new = NewBanRow {
        id: context.ids.next(),
        user_id: person,
        by,
        reason: &ban.reason,
        is_lift,
        ends_at: ban.ends_at,
        now: context.now(),
    };
    let now = new.now;
    bans::append(tx, new).await?;
    let ids = context.ids.as_ref();
    Ok(tx.wake(LISTING_CHANGED, [person], ids, now).await?)
}

/// Summarizes a ban for the audit log, without its reason, which can be erased.
fn summary(ban: Option<&Ban>) -> Value {
    match ban {
        Some(ban) => json!({ "is_banned": true, "until": ban.ends_at }),
        None => json!({ "is_banned": false }),
    }
}
