use platform::{
    ActionError, Context,
    db::{DbError, Tx},
};

use super::{
    end_invitations::end_invitation_to,
    sign_in::{Welcome, enter},
    sign_in_openid::insert_person,
};
use crate::{
    model::{AccountKind, Device, UserId},
    rules,
    store::{accounts, bans, emails},
};

/// Returns the person who verified an address, in the caller's transaction. If there is none, creates an account whose only sign-in
/// method is the address; the caller checked that its owner was invited and receives email there. The login says nothing about the
/// address, because others see it; an invitation of the address to the community ends. It locks all accounts, and other things are
/// locked after them.
pub async fn invited_account(tx: &Tx, context: &Context, address: &str) -> Result<UserId, DbError> {
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
    end_invitation_to(tx, address).await?;
    Ok(person)
}

/// Signs in a person of [`invited_account`] in the caller's transaction, who has accepted an invitation in it. The browser's previous
/// session (`former`, its token) ends. A second factor stays due.
///
/// # Errors
/// When the person is banned.
pub async fn enter_invited(
    tx: &mut Tx,
    context: &Context,
    person: UserId,
    device: &Device,
    former: Option<&str>,
) -> Result<Welcome, ActionError> {
    if let Some(ban) = bans::held(tx, person.0, context.now()).await? {
        return Err(rules::banned(&ban).into());
    }
    enter(tx, context, person, AccountKind::User, device, former).await
}
