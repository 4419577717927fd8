use crate::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    crypto::SecretKey,
    db::{DbError, Tx},
};
use sea_orm::DbErr;

use crate::{
    model::{Person, Role},
    reads, rules,
    store::{
        bans,
        identities::{self, Found},
        privacy,
    },
};

/// Erases a person in this module, on the caller's transaction: who they were is gone, a pseudonym stays for
/// what the ledger holds, and their identities become tombstones, by which they are never taken for new.
///
/// # Errors
/// When they are the last admin, or the database fails.
pub async fn erase(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    person: UserId,
) -> Result<(), ActionError> {
    // A delivery or a sign-in that names them must not come in between.
    tx.serialize("identity.accounts").await?;
    let now = context.now();
    let standing = privacy::standing(tx, person).await?;
    if standing.is_some_and(|standing| !standing.is_deleted) {
        must_not_be_last(tx, context, person).await?;
    }
    for identity in privacy::identities(tx, person).await? {
        let stone = with_key(context, |key| {
            rules::tombstone(key, &identity.provider, &identity.subject)
        })?;
        privacy::bury(tx, identity.id, &stone).await?;
    }
    privacy::erase(tx, person, &rules::erased_login(person.0), now).await?;
    audit::erase(tx, person.0).await?;
    let act = Act {
        actor,
        action: "user.erase",
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: None,
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}

/// The server is not left without an admin.
pub(super) async fn must_not_be_last(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<(), ActionError> {
    let is_admin = reads::role(tx, person).await? == Role::Admin.as_str();
    if is_admin && !bans::has_other_admin(tx, person.0, context.now()).await? {
        let login = reads::logins(tx, [person]).await?.remove(&person);
        return Err(rules::last_admin(&login.unwrap_or_default()).into());
    }
    Ok(())
}

/// Who closed their account so long ago that they are to be erased, at most so many.
pub async fn overdue(context: &Context, limit: i64) -> Result<Vec<UserId>, DbError> {
    let until = context.now() - rules::CLOSED_LASTS;
    privacy::closed_until(&context.db, until, limit).await
}

/// Whoever has a login, also when they closed their account and go by another name meanwhile.
///
/// # Errors
/// When nobody has it, or the database fails.
pub async fn whoever(context: &Context, login: &str) -> Result<Person, ActionError> {
    let found = reads::anybody(&context.db, login).await?;
    Ok(found.ok_or_else(|| rules::unknown_login(login))?)
}

/// Whose tombstones the subjects of a provider lead to, by subject.
pub(super) async fn buried(
    tx: &Tx,
    context: &Context,
    provider: &str,
    subjects: Vec<String>,
) -> Result<Vec<(String, Found)>, DbError> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let stones = with_key(context, |key| {
        let stone = |subject: &String| rules::tombstone(key, provider, subject);
        subjects.iter().map(stone).collect::<Vec<_>>()
    })?;
    let found = privacy::buried(tx, provider, stones.clone()).await?;
    let subject = |stone: &str| {
        let at = stones.iter().position(|one| one == stone)?;
        subjects.get(at).cloned()
    };
    let named = found
        .into_iter()
        .filter_map(|(stone, found)| Some((subject(&stone)?, found)));
    Ok(named.collect())
}

/// The identity of a provider's subject, also when its person was erased.
pub(super) async fn find(
    tx: &Tx,
    context: &Context,
    provider: &str,
    subject: &str,
) -> Result<Option<Found>, DbError> {
    if let Some(found) = identities::find(tx, provider, subject).await? {
        return Ok(Some(found));
    }
    let buried = buried(tx, context, provider, vec![subject.to_owned()]).await?;
    Ok(buried.into_iter().next().map(|(_, found)| found))
}

/// The key of tombstones is that of the addresses in letters, which stays when keys are rotated.
fn with_key<T>(context: &Context, work: impl FnOnce(&SecretKey) -> T) -> Result<T, DbError> {
    let absent = || DbErr::Custom("nobody new is known here without the server's keys".to_owned());
    let ring = context.keys.as_ref().ok_or_else(absent)?;
    Ok(work(ring.keys().emails()))
}
