use platform::{
    Context,
    db::{DbError, Tx},
};

use super::sign_in_openid::insert_person;
use crate::{
    model::UserId,
    store::{accounts, emails},
};

/// Returns the person who verified an address. If there is none, creates an account whose only sign-in method is the address; the
/// caller checked that its owner was invited and receives e-mail there. The login says nothing about the address, because others
/// see it.
pub(super) async fn invited_account(
    tx: &Tx,
    context: &Context,
    address: &str,
) -> Result<UserId, DbError> {
    // Keeps concurrent sign-ins from both creating the account, or another person from verifying the address meanwhile.
    tx.serialize("identity.accounts").await?;
    tx.serialize("identity.emails").await?;
    if let Some(owner) = emails::owner(tx, address).await? {
        return Ok(owner.into());
    }
    let (ids, now) = (context.ids.as_ref(), context.now());
    let person = UserId::new(ids.next());
    let login = insert_person(tx, person, None, now).await?;
    accounts::record_logins(tx, ids, &[(person, &login)], now).await?;
    emails::insert_verified(tx, ids.next(), person, address, now).await?;
    Ok(person)
}
