use platform::{Context, db::DbError, flags::Permit, jobs::Failure};
use uuid::Uuid;

use super::tokens::reader;
use crate::{
    gateway::{ApiError, Call, Clients, GithubApi, MemberRole},
    model::ROLE_LOST,
    store::{
        member_checks::{self, ClaimedMemberCheck, QUEUE},
        repositories,
    },
};

/// Asks GitHub for a person's role in a repository, because a delivery said that it changed.
pub(crate) struct MemberCheck<'a> {
    pub(crate) context: &'a Context,
    pub(crate) clients: &'a Clients,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) claimed: ClaimedMemberCheck,
}

impl MemberCheck<'_> {
    /// Records what GitHub states. Without a clear answer, nothing changes.
    pub(crate) async fn run(&self) -> Result<(), DbError> {
        let repository = self.claimed.repository_id.into();
        let known = repositories::by_id(&self.context.db, repository).await?;
        let reader = reader(self.context, self.clients, repository).await?;
        let (Some(known), Some(reader)) = (known, reader) else {
            return self.confirm().await;
        };
        let call = Call::new(self.context, self.permit);
        let github_id = self.claimed.github_id;
        let role = reader.api.member_role(call, &known.full_name, github_id);
        match role.await {
            Ok(MemberRole::Lower) => self.lose().await,
            Ok(MemberRole::Maintains | MemberRole::Unknown) => self.confirm().await,
            Err(ApiError::NotFound | ApiError::Refused { .. } | ApiError::SingleSignOn(_)) => {
                self.confirm().await
            }
            Err(error) => {
                let failure = reader.failed(self.context, error).await?;
                self.fail(&failure).await
            }
        }
    }

    async fn confirm(&self) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        member_checks::confirm(&tx, self.worker, self.claimed.id).await?;
        tx.commit().await
    }

    async fn lose(&self) -> Result<(), DbError> {
        let (id, now) = (self.claimed.id, self.context.now());
        let mut tx = self.context.begin().await?;
        if member_checks::lose(&tx, self.worker, id, now).await? {
            tx.wake(ROLE_LOST, [id], self.context.ids.as_ref(), now).await?;
        }
        tx.commit().await
    }

    async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE.record_failure(self.context, self.worker, attempt, failure).await
    }
}
