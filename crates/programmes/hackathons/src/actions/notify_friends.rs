use identity::{model::UserId, reads::has_profile};
use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{FRIEND_ACCEPTED, FRIEND_REQUEST, FriendAccepted, FriendRequested},
    model::FriendStatus,
    reads,
};

/// Notifies a person of a friend request, of the same requester at most once a day.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_friend_request(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let found = reads::friendship_by_id(tx, id.into()).await?;
    let Some(found) = found.filter(|found| found.status == FriendStatus::Pending) else {
        return Ok(());
    };
    let addressee = UserId::new(found.addressee_id);
    let requester = UserId::new(found.requester_id);
    if !has_profile(tx, requester).await? {
        return Ok(());
    }
    let requested_at = found.requested_at.unwrap_or(found.status_at);
    let email = FriendRequested;
    let notice = Notice {
        kind: &FRIEND_REQUEST,
        user_id: addressee,
        object_id: found.requester_id,
        occurrence: &requested_at.date_naive().to_string(),
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a person that their friend request was accepted.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_friend_accepted(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let found = reads::friendship_by_id(tx, id.into()).await?;
    let Some(found) = found.filter(|found| found.status == FriendStatus::Accepted) else {
        return Ok(());
    };
    let requester = UserId::new(found.requester_id);
    let addressee = UserId::new(found.addressee_id);
    if !has_profile(tx, addressee).await? {
        return Ok(());
    }
    let email = FriendAccepted;
    let notice = Notice {
        kind: &FRIEND_ACCEPTED,
        user_id: requester,
        object_id: found.addressee_id,
        occurrence: &found.status_at.date_naive().to_string(),
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
