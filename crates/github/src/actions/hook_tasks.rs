use identity::actions::{github_token, revoke_github_token};
use platform::{Context, db::DbError, flags::Permit, jobs::Failure};
use uuid::Uuid;

use super::{FACTS, Registrar};
use crate::{
    gateway::{Api, ApiError, Call, GithubApi},
    store::{
        hook_tasks::{self, ClaimedHookTask, QUEUE},
        repositories,
    },
};

/// Deletes a webhook on GitHub that no registered repository uses.
pub(crate) struct HookTask<'a> {
    pub(crate) context: &'a Context,
    pub(crate) registrar: &'a Registrar,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) claimed: ClaimedHookTask,
}

impl HookTask<'_> {
    /// Does the task. Without the person's token, the webhook stays on GitHub, where its deliveries are refused.
    pub(crate) async fn run(&self) -> Result<(), DbError> {
        let token = github_token(self.context, self.claimed.user_id.into()).await?;
        let Some(token) = token else {
            return self.leave("the person who registered it has disconnected GitHub").await;
        };
        let api = self.registrar.clients().with(&token.token);
        match self.delete(&api).await? {
            Ok(()) => self.finish().await,
            Err(ApiError::BadToken) => {
                revoke_github_token(self.context, token.id).await?;
                self.leave("GitHub no longer accepts the token of the person who registered it")
                    .await
            }
            Err(error @ (ApiError::Refused { .. } | ApiError::SingleSignOn(_))) => {
                self.leave(&error.to_string()).await
            }
            Err(error) => self.fail(&error.into()).await,
        }
    }

    /// Deletes the webhook, unless a registered repository uses it.
    async fn delete(&self, api: &Api) -> Result<Result<(), ApiError>, DbError> {
        let call = Call::new(self.context, self.permit);
        let name = &self.claimed.full_name;
        let hook = if self.claimed.is_abandoned() {
            match api.find_hook(call, name, self.registrar.receiver()).await {
                Ok(found) => found,
                Err(ApiError::NotFound) => None,
                Err(error) => return Ok(Err(error)),
            }
        } else {
            self.claimed.hook_id
        };
        let Some(hook) = hook else {
            return Ok(Ok(()));
        };
        if self.claimed.is_abandoned() && self.is_used(hook).await? {
            return Ok(Ok(()));
        }
        match api.delete_hook(call, name, hook).await {
            Ok(()) | Err(ApiError::NotFound) => Ok(Ok(())),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn is_used(&self, hook: i64) -> Result<bool, DbError> {
        let owner = repositories::secrets_of_hook(&self.context.db, hook).await?;
        Ok(owner.is_some())
    }

    /// Ends the task without the webhook being deleted, which is best effort.
    async fn leave(&self, why: &str) -> Result<(), DbError> {
        let repository = self.claimed.full_name.as_str();
        tracing::warn!(
            repository,
            why,
            "a webhook was not deleted: delete it in the repository's settings on GitHub"
        );
        self.finish().await
    }

    async fn finish(&self) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        if let Some(hook) = self.claimed.hook_id {
            let github_id = self.claimed.repository_github_id;
            repositories::forget_hook(&tx, github_id, hook, self.context.now()).await?;
        }
        hook_tasks::done(&tx, self.worker, self.claimed.id).await?;
        tx.commit().await
    }

    pub(crate) async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE.record_failure(self.context, self.worker, attempt, failure).await
    }
}
