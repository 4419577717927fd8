use kernel::{Checks, Problem, ProblemKind, typed};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    crypto,
    db::{DbError, Tx},
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
    reads,
    rules::{self, INVITATION_LASTS, SecretKind},
    store::{
        emails,
        invitations::{self, NewInvitation},
    },
};

/// Invites the owner of an email address to the community: the link in the email creates their account, and leads to the page `to`,
/// or to the home page. The email quotes the community's description, if it is not empty. It replaces an open invitation to the address. Returns the address, in lower case.
///
/// # Errors
/// When email is not set up, the address is invalid or has an account, the page is none of this server, or the admin or others wrote to
/// the address too often.
pub async fn invite(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    (address, to): (&str, &str),
    description: &str,
) -> Result<String, ActionError> {
    let mut checks = Checks::default();
    let address = checks.read(rules::email_address(address)).to_ascii_lowercase();
    let return_to = checks.read(rules::stated_path(to));
    checks.finish(())?;
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
    let token = SecretKind::Invitation.make(crypto::random()?);
    outbox::forget_to(&tx, MAIL, &address).await?;
    let new = NewInvitation {
        id,
        invited_by: viewer.user_id,
        address: &address,
        token_hash: rules::hash(&token),
        return_to: &return_to,
        now,
    };
    invitations::replace(&tx, new).await?;
    let email = Invited {
        by: name_of(&tx, viewer).await?,
        address: address.clone(),
        link: format!("{}/invitations/{token}", post.site),
        description: description.to_owned(),
        to: return_to.clone(),
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

/// Names an admin in an email to a stranger: by the name that they chose, unless it looks like an address that a reader could follow, or
/// else by their login.
async fn name_of(tx: &Tx, viewer: &Viewer) -> Result<String, DbError> {
    let who = reads::who(tx, [viewer.user_id]).await?.remove(&viewer.user_id);
    let name = who.and_then(|who| who.name).filter(|name| !typed::names_address(name));
    Ok(name.unwrap_or_else(|| viewer.login.clone()))
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
