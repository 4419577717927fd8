use platform::{
    ActionError, Context,
    audit::{self, Actor},
    crypto::{self, SecretKey},
    db::{DbError, Tx},
};
use sea_orm::DbErr;

use super::{acts::on_person, admins::must_not_be_last, end_invitations::erase_invitations};
use crate::{
    model::UserId,
    rules,
    store::{
        identities::{self, StoredIdentity},
        merges, privacy,
    },
};

/// Erases a person in this module, in the caller's transaction. The ledger keeps a pseudonym, and their
/// identities become tombstones, so that new activity never restores the account.
///
/// # Errors
/// When they are the last admin.
pub async fn erase(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    person: UserId,
) -> Result<(), ActionError> {
    // Keeps a concurrent delivery or sign-in from restoring them.
    tx.serialize("identity.accounts").await?;
    let now = context.now();
    let state = privacy::closing_state(tx, person).await?;
    if state.is_some_and(|state| !state.is_deleted) {
        must_not_be_last(tx, context, person).await?;
    }
    for identity in privacy::identities(tx, person).await? {
        let stone =
            with_key(context, |key| rules::tombstone(key, &identity.provider, &identity.subject))?;
        privacy::bury(tx, identity.id, &stone).await?;
    }
    erase_invitations(tx, person).await?;
    let pseudonym = rules::erased_login(crypto::random()?);
    privacy::erase(tx, person, &pseudonym, now).await?;
    audit::erase(tx, person.0).await?;
    Ok(audit::record(tx, context, on_person(actor, "user.erase", person)).await?)
}

/// Lists a person and those whose accounts are linked to them: all of them are erased together.
pub async fn erased_with(tx: &Tx, person: UserId) -> Result<Vec<UserId>, DbError> {
    // Keeps the person from linking another account meanwhile.
    tx.serialize("identity.accounts").await?;
    let mut people = merges::origins(tx, person).await?;
    people.push(person);
    Ok(people)
}

/// Lists accounts due for erasure, at most `limit`.
pub async fn overdue(context: &Context, limit: i64) -> Result<Vec<UserId>, DbError> {
    let until = context.now() - rules::CLOSED_LASTS;
    privacy::closed_until(&context.db, until, limit).await
}

/// Finds erased identities of a provider by their subjects.
pub(super) async fn buried(
    tx: &Tx,
    context: &Context,
    provider: &str,
    subjects: Vec<String>,
) -> Result<Vec<(String, StoredIdentity)>, DbError> {
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
    let named = found.into_iter().filter_map(|(stone, found)| Some((subject(&stone)?, found)));
    Ok(named.collect())
}

/// Finds the identity of a provider's subject, even if its person was erased.
pub(super) async fn find(
    tx: &Tx,
    context: &Context,
    provider: &str,
    subject: &str,
) -> Result<Option<StoredIdentity>, DbError> {
    if let Some(found) = identities::find(tx, provider, subject).await? {
        return Ok(Some(found));
    }
    let buried = buried(tx, context, provider, vec![subject.to_owned()]).await?;
    Ok(buried.into_iter().next().map(|(_, found)| found))
}

/// Derives tombstones with the key for email addresses, which key rotation does not change.
fn with_key<T>(context: &Context, work: impl FnOnce(&SecretKey) -> T) -> Result<T, DbError> {
    let absent = || {
        DbErr::Custom(
            "cannot look up erased accounts: the server's secret keys are missing".to_owned(),
        )
    };
    let ring = context.keys.as_ref().ok_or_else(absent)?;
    Ok(work(ring.keys().emails()))
}
