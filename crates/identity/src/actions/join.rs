use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context};

use super::{
    end_invitations::end_invitation,
    invited_account::{enter_invited, invited_account},
    sign_in::Welcome,
};
use crate::{model::Device, rules, store::invitations};

/// Creates the account of an invited person by the token that was only in the email of the invitation, and signs them in. The
/// invitation ends, so that its link works once. The browser's previous session (`former`, its token) ends. Returns the path to
/// continue to.
///
/// # Errors
/// When the invitation was used or withdrawn or has expired, its sender may no longer invite, or the address has an account.
pub async fn join_by_invitation(
    context: &Context,
    token: &str,
    device: &Device,
    former: Option<&str>,
) -> Result<(Welcome, String), ActionError> {
    let mut tx = context.begin().await?;
    // Before the invitation, as everyone who ends one takes them; and so that no one verifies the address meanwhile.
    tx.serialize("identity.accounts").await?;
    tx.serialize("identity.emails").await?;
    let found = invitations::by_link(&tx, rules::hash(token), context.now()).await?;
    let found = found.ok_or_else(dead_invitation)?;
    // Of two requests at once, the second finds none to end.
    if !end_invitation(&tx, found.id).await? {
        return Err(dead_invitation().into());
    }
    let person = invited_account(&tx, context, &found.address).await?;
    let welcome = enter_invited(&mut tx, context, person, device, former).await?;
    tx.commit().await?;
    Ok((welcome, rules::return_path(Some(&found.return_to)).to_owned()))
}

/// The error for a link of no open invitation. It does not say why: the link may be anyone's guess.
pub(crate) fn dead_invitation() -> Problem {
    let detail = "This invitation was already used or withdrawn, or is older than 30 days, or was sent by someone who is no longer an admin. If you have \
                  an account, sign in at /sign-in. Otherwise, ask for a new invitation.";
    Problem::new(ProblemKind::NotFound, "INVITATION_DEAD", detail)
}
