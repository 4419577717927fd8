use crate::model::{IdentityId, UserId};
use platform::{
    ActionError, Context,
    db::{DbError, Tx},
};

use super::{
    erase,
    sign_in::{Welcome, enter},
};
use crate::{
    model::{AccountKind, Device, OpenIdAccount},
    rules,
    store::{
        accounts,
        identities::{self, New},
    },
};

/// Signs in whom an issuer says is there, as [`super::sign_in`] does. Known by issuer and subject alone:
/// whoever is new gets an account of their own, whatever name or address the issuer tells.
///
/// # Errors
/// When the person was deleted or is banned here, or the database fails.
pub async fn sign_in_openid(
    context: &Context,
    account: &OpenIdAccount,
    device: &Device,
    former: Option<&str>,
) -> Result<Welcome, ActionError> {
    let mut tx = context.begin().await?;
    // Two who come at once must not both make the account.
    tx.serialize("identity.accounts").await?;
    let found = erase::find(&tx, context, &account.issuer, &account.subject).await?;
    let (person, identity) = match found {
        Some(found) => (UserId::new(found.user_id), found.id),
        None => make(&tx, context, account).await?,
    };
    let kind = AccountKind::User;
    let welcome = enter(&mut tx, context, person, kind, device, former).await?;
    identities::note(&tx, identity, account.name.as_deref(), context.now()).await?;
    tx.commit().await?;
    Ok(welcome)
}

async fn make(
    tx: &Tx,
    context: &Context,
    account: &OpenIdAccount,
) -> Result<(UserId, uuid::Uuid), DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    let (person, identity) = (UserId::new(ids.next()), ids.next());
    let wished = rules::login_wished(account.name.as_deref());
    let taken = identities::logins_beginning(tx, &wished).await?;
    let login = rules::login_free(&wished, &taken);
    identities::insert_person(tx, person, &login, now).await?;
    let new = New {
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
