use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{REWARD_OVERDUE, REWARD_REDEMPTION, RewardNews},
    reads,
};

/// Notifies a person of the status of their redemption.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_redemption(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(redemption) = reads::redemption(tx, id.into()).await? else {
        return Ok(());
    };
    let status = redemption.status;
    let occurrence = format!("{} {}", status.as_str(), redemption.status_at);
    let email = RewardNews::changed(&redemption.name, status, redemption.cost);
    let notice = Notice {
        kind: &REWARD_REDEMPTION,
        user_id: redemption.user_id.into(),
        object_id: id,
        occurrence: &occurrence,
        link: email.link.to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Reminds the owner of a reward of a redemption that waits, unless it was fulfilled since.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_overdue(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let found = reads::redemption(tx, id.into()).await?;
    let waits = |it: &reads::RedemptionView| it.status.is_open() && !it.status.shows_code();
    let Some(redemption) = found.filter(waits) else {
        return Ok(());
    };
    let reward = reads::reward_by_id(tx, redemption.reward_id.into()).await?;
    let Some(owner) = reward.and_then(|reward| reward.owner_id) else {
        return Ok(());
    };
    let email = RewardNews::overdue(&redemption.name, redemption.person());
    let notice = Notice {
        kind: &REWARD_OVERDUE,
        user_id: owner.into(),
        object_id: id,
        occurrence: "",
        link: email.link.to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
