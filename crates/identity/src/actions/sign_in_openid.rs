use kernel::Timestamp;
use platform::{
    ActionError, Context,
    db::{DbError, Tx},
};

use super::{
    erase,
    grant_role::follow_groups,
    sign_in::{Welcome, enter},
};
use crate::{
    model::{AccountKind, Device, IdentityId, OpenIdAccount, UserId},
    rules,
    store::{
        accounts,
        identities::{self, NewIdentity},
        people,
    },
};

/// Signs in with an issuer's account, like [`super::sign_in`]. The account is identified by issuer and
/// subject alone: a new one becomes a new person, whatever name or address the issuer states. Its groups give roles only as the
/// operator's configuration says.
///
/// # Errors
/// When the person is erased, or banned with a closed account.
pub async fn sign_in_openid(
    context: &Context,
    account: &OpenIdAccount,
    device: &Device,
    former: Option<&str>,
) -> Result<Welcome, ActionError> {
    let mut tx = context.begin().await?;
    // Keeps concurrent sign-ins from both creating the account.
    tx.serialize("identity.accounts").await?;
    let found = erase::find(&tx, context, &account.issuer, &account.subject).await?;
    let (person, identity) = match found {
        Some(found) => (UserId::new(found.user_id), found.id),
        None => create(&tx, context, account).await?,
    };
    let kind = AccountKind::User;
    let welcome = enter(&mut tx, context, person, kind, device, former).await?;
    identities::note(&tx, identity, account.name.as_deref(), context.now()).await?;
    follow_groups(&mut tx, context, person, identity, account.role).await?;
    tx.commit().await?;
    Ok(welcome)
}

/// Inserts a person without a login on GitHub, and returns one that follows from their name and is free.
pub(super) async fn insert_person(
    tx: &Tx,
    person: UserId,
    name: Option<&str>,
    now: Timestamp,
) -> Result<String, DbError> {
    let preferred = rules::preferred_login(name);
    let taken = people::logins_beginning(tx, &preferred).await?;
    let login = rules::free_login(&preferred, &taken);
    people::insert(tx, person, &login, now).await?;
    Ok(login)
}

async fn create(
    tx: &Tx,
    context: &Context,
    account: &OpenIdAccount,
) -> Result<(UserId, uuid::Uuid), DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    let (person, identity) = (UserId::new(ids.next()), ids.next());
    let login = insert_person(tx, person, account.name.as_deref(), now).await?;
    let new = NewIdentity {
        id: IdentityId::new(identity),
        user_id: person,
        provider: &account.issuer,
        subject: &account.subject,
        now,
    };
    identities::insert(tx, new).await?;
    accounts::record_logins(tx, ids, &[(person, &login)], now).await?;
    Ok((person, identity))
}
