use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::DbError,
    outbox::{self, EMAIL, Post, enqueue},
};
use uuid::Uuid;

use super::{
    acts::on,
    email::{key, no_mail},
    end_invitations::{MAIL, end_invitation},
};
use crate::{
    emails::Invited,
    model::Viewer,
    rules::{self, INVITATION_LASTS},
    store::{emails, invitations},
};

/// Invites the owner of an email address to the community: they can create an account with an emailed link. It replaces an open
/// invitation to the address. Returns the address, in lower case.
///
/// # Errors
/// When email is not set up, the address is invalid or has an account, or the admin or others wrote to it too often.
pub async fn invite(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    typed: &str,
) -> Result<String, ActionError> {
    let address = rules::email_address(typed)?.to_ascii_lowercase();
    if !post.channels.has(EMAIL) {
        return Err(no_mail().into());
    }
    let mut tx = context.begin().await?;
    // Keeps two admins from inviting an address at once, and its owner from verifying it meanwhile.
    tx.serialize("identity.emails").await?;
    if emails::owner(&tx, &address).await?.is_some() {
        return Err(has_account().into());
    }
    outbox::count_email_to(&tx, context, Some(viewer.user_id.0), &address).await?;
    let (id, now) = (context.ids.next(), context.now());
    outbox::forget_to(&tx, MAIL, &address).await?;
    invitations::replace(&tx, id, viewer.user_id, &address, now).await?;
    let email = Invited {
        by: viewer.login.clone(),
        address: address.clone(),
        link: format!("{}/sign-in", post.site),
        days: INVITATION_LASTS.num_days(),
    };
    let content = post.write(&email, None)?;
    let key = key(Uuid::nil(), MAIL, id);
    enqueue(&mut tx, context, key, &address, &content, now).await?;
    // The address is personal data and stays out of the audit log, which cannot be erased.
    let act = on(viewer.actor(), "invitation.send", "invitation", id);
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(address)
}

/// Withdraws an invitation to the community. Repeating it changes nothing.
pub async fn withdraw_invitation(
    context: &Context,
    actor: Actor,
    id: Uuid,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    if end_invitation(&tx, id).await? {
        let act = on(actor, "invitation.withdraw", "invitation", id);
        audit::record(&tx, context, act).await?;
    }
    Ok(tx.commit().await?)
}

/// Deletes invitations that have expired; returns their number.
pub async fn forget_invitations(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = invitations::forget(&tx, context.now() - INVITATION_LASTS).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn has_account() -> Problem {
    let detail = "Someone with an account has this address. Search for it on this page.";
    Problem::new(ProblemKind::Conflict, "EMAIL_TAKEN", detail).at("address")
}
