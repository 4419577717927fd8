use platform::{ActionError, Context, db::Tx};

use crate::{
    model::{Role, UserId},
    reads, rules,
    store::bans,
};

/// Refuses to take the rights of the last admin, by demoting, banning, closing or erasing them. Until the transaction
/// ends, no other one takes an admin's rights: two admins could otherwise remove each other. Take other locks first.
///
/// # Errors
/// When the person is the last admin who is not banned.
pub(super) async fn must_not_be_last(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<(), ActionError> {
    tx.serialize("identity.admins").await?;
    let is_admin = reads::role(tx, person).await? == Some(Role::Admin);
    if is_admin && !bans::has_other_admin(tx, person.0, context.now()).await? {
        let login = reads::logins(tx, [person]).await?.remove(&person);
        return Err(rules::last_admin(&login.unwrap_or_default()).into());
    }
    Ok(())
}
