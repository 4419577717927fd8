use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{CLAIM, ClaimNews},
    model::ClaimStatus,
    reads::claims::{self as reads, OwnClaim},
};

/// Notifies a person of the state of their claim: their turn, its end, or the merged pull request.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_claim(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(claim) = found(tx, id).await? else {
        return Ok(());
    };
    let issue = named(&claim);
    let email = match (claim.status, claim.expires_at) {
        (ClaimStatus::Active, Some(until)) => ClaimNews::turn(&issue, until),
        (ClaimStatus::Expired, _) => ClaimNews::expired(&issue),
        (ClaimStatus::Completed, _) => {
            ClaimNews::completed(&issue, claim.pull_request.as_deref().unwrap_or("It"))
        }
        (ClaimStatus::Released, _) => match &claim.end_reason {
            Some(reason) => ClaimNews::ended(&issue, reason),
            None => return Ok(()),
        },
        (ClaimStatus::Active | ClaimStatus::Queued, _) => return Ok(()),
    };
    send(tx, context, post, &claim, claim.status.as_str(), &email).await
}

/// Reminds a person that their claim ends, unless its end has moved.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_ending(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let ends = reads::claim(tx, id).await?;
    let ends = ends
        .filter(|claim| claim.status == ClaimStatus::Active)
        .and_then(|claim| claim.reminded_for.filter(|of| claim.expires_at == Some(*of)));
    let Some((ends, claim)) = ends.zip(found(tx, id).await?) else {
        return Ok(());
    };
    let email = ClaimNews::ending(&named(&claim), ends);
    let occurrence = ends.to_rfc3339();
    send(tx, context, post, &claim, &occurrence, &email).await
}

async fn found(tx: &Tx, id: Uuid) -> Result<Option<OwnClaim>, ActionError> {
    match reads::claim(tx, id).await? {
        Some(claim) => Ok(reads::own_claim(tx, claim.person(), id).await?),
        None => Ok(None),
    }
}

fn named(claim: &OwnClaim) -> String {
    format!("{}#{} {}", claim.repository, claim.number, claim.title)
}

async fn send(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    claim: &OwnClaim,
    occurrence: &str,
    email: &ClaimNews,
) -> Result<(), ActionError> {
    let notice = Notice {
        kind: &CLAIM,
        user_id: claim.user_id.into(),
        object_id: claim.id,
        occurrence,
        link: email.link(),
        email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
