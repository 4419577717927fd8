use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, db::Tx};
use uuid::Uuid;

use super::admins::must_not_be_last;
use crate::{
    model::{ACCOUNT_MOVED, AccountKind, UserId},
    rules,
    store::{
        bans,
        identities::StoredIdentity,
        merges::{self, Merge},
        people,
    },
};

/// Makes an account that is known only from deliveries another person's. Everything that is derived from the account's
/// activity follows it; roles, bans and maintainers stay with the person they were given to.
///
/// # Errors
/// When its person has signed in, is banned, or is the last admin.
pub(super) async fn merge(
    tx: &mut Tx,
    context: &Context,
    viewer: UserId,
    found: &StoredIdentity,
) -> Result<(), ActionError> {
    let (origin, now) = (UserId::new(found.user_id), context.now());
    if !merges::is_unclaimed(tx, origin).await? {
        return Err(taken().into());
    }
    let ban = bans::held(tx, origin.0, now).await?;
    rules::may_sign_in(AccountKind::User, ban.as_ref(), false)?;
    must_not_be_last(tx, context, origin).await?;
    merges::hand_over(tx, found.id, origin, viewer, now).await?;
    Ok(tx.wake(ACCOUNT_MOVED, [origin.0], context.ids.as_ref(), now).await?)
}

/// Gives an account back to the person that deliveries created for it. The viewer gets their former login again, or a
/// similar one if it has been taken since.
pub(super) async fn split(
    tx: &mut Tx,
    context: &Context,
    viewer: UserId,
    identity: Uuid,
    merge: Merge,
) -> Result<(), ActionError> {
    let now = context.now();
    let taken = people::logins_beginning(tx, &merge.former_login).await?;
    let login = rules::free_login(&merge.former_login, &taken);
    let origin = UserId::new(merge.origin_user_id);
    merges::give_back(tx, identity, viewer, origin, &login, now).await?;
    Ok(tx.wake(ACCOUNT_MOVED, [viewer.0], context.ids.as_ref(), now).await?)
}

pub(super) fn taken() -> Problem {
    let detail = "That account already belongs to another person on this server. If that is you, sign out, sign in as you did when you used that account here, and link your other accounts there.";
    Problem::new(ProblemKind::Conflict, "IDENTITY_TAKEN", detail)
}
