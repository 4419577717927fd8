use identity::actions::{github_token, revoke_github_token};
use platform::{
    Context,
    db::DbError,
    jobs::{self, Progress},
};
use uuid::Uuid;

use crate::{
    gateway::{Call, Clients, GithubApi},
    model::AUTHORIZATION_ENDED,
};

/// Asks GitHub whether it still accepts the tokens of people who, by a delivery, ended their authorization. A delivery alone
/// ends nothing: anyone who knows the secret of its webhook can write it. If GitHub does not answer, the next use of the token
/// finds out.
pub(crate) async fn check_authorizations(
    context: &Context,
    clients: &Clients,
) -> Result<Progress, DbError> {
    let Some((tx, wake_ups)) = jobs::claimed(context, AUTHORIZATION_ENDED).await? else {
        return Ok(Progress::Idle);
    };
    drop(tx);
    for wake_up in &wake_ups {
        check(context, clients, wake_up.object_id).await?;
    }
    jobs::worked(context.begin().await?, &wake_ups).await
}

async fn check(context: &Context, clients: &Clients, person: Uuid) -> Result<(), DbError> {
    let Some(stored) = github_token(context, person.into()).await? else {
        return Ok(());
    };
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(());
    };
    let api = clients.quick(&stored.token);
    match api.is_accepted(Call::new(context, &permit)).await {
        Ok(false) => revoke_github_token(context, stored.id).await,
        Ok(true) => Ok(()),
        Err(error) => {
            tracing::info!(%error, "GitHub did not say whether it accepts a token");
            Ok(())
        }
    }
}
