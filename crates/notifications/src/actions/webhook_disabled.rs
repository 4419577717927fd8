use platform::{
    ActionError, Context,
    db::Tx,
    outbox::{Post, webhook},
};
use uuid::Uuid;

use super::notify;
use crate::{
    emails::WebhookDisabled,
    model::{Notice, WEBHOOK_DISABLED},
};

/// Notifies a person that this server disabled their webhook.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_webhook_disabled(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(endpoint) = webhook::find(tx, id).await? else {
        return Ok(());
    };
    // It may have been enabled again.
    let (Some(at), Some(reason)) = (endpoint.disabled_at, &endpoint.disabled_reason) else {
        return Ok(());
    };
    let email = WebhookDisabled {
        id,
        host: endpoint.host(),
        description: endpoint.description.clone(),
        reason: reason.clone(),
    };
    let notice = Notice {
        kind: &WEBHOOK_DISABLED,
        user_id: endpoint.person_id.into(),
        object_id: id,
        occurrence: &at.to_rfc3339(),
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
