use kernel::Timestamp;
use platform::{Context, db::DbError, flags::Permit, jobs::Failure};

use super::tokens::{Reader, of_installation};
use crate::{
    gateway::{Api, ApiError, Call, Clients, GithubApi},
    model::PullRequestId,
    store::{patches, repositories},
};

/// A pull request on GitHub that the server's GitHub App may close.
pub struct PullCloser<'a> {
    call: Call<'a>,
    reader: Reader,
    /// A client that sends a request once, for what must not be done twice or without asking again.
    once: Api,
    full_name: String,
    number: i64,
}

impl<'a> PullCloser<'a> {
    /// Finds a pull request and the App's installation that includes its repository; `None` without either.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        context: &'a Context,
        clients: &Clients,
        permit: &'a Permit<GithubApi>,
        pull: PullRequestId,
    ) -> Result<Option<Self>, DbError> {
        let Some(pull) = patches::pull(&context.db, pull.0).await? else {
            return Ok(None);
        };
        let Some(known) = repositories::by_id(&context.db, pull.repository_id.into()).await? else {
            return Ok(None);
        };
        let reader = of_installation(context, clients, known.github_id).await?;
        let closer = reader.and_then(|reader| {
            let once = clients.quick_installation(reader.installation?)?;
            let call = Call::new(context, permit);
            Some(Self { call, reader, once, full_name: known.full_name, number: pull.number })
        });
        Ok(closer)
    }

    /// Returns whether the pull request is open on GitHub.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn is_open(&self) -> Result<bool, ApiError> {
        let api = &self.reader.api;
        Ok(api.present_pull(self.call, &self.full_name, self.number).await?.is_open())
    }

    /// Returns whether the pull request is open on GitHub, and nothing happened to it there after an instant.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn is_idle(&self, since: Timestamp) -> Result<bool, ApiError> {
        let api = &self.reader.api;
        let present = api.present_pull(self.call, &self.full_name, self.number).await?;
        Ok(present.is_open() && present.updated_at <= since)
    }

    /// Closes the pull request. One that is closed stays so. The request is sent once: whoever repeats it asks before
    /// whether it is still idle.
    ///
    /// # Errors
    /// When GitHub does not respond, in which case it may be closed, refuses, or a limit is reached.
    pub async fn close(&self) -> Result<(), ApiError> {
        self.once.close_pull(self.call, &self.full_name, self.number).await
    }

    /// Comments on the pull request. The request is sent once.
    ///
    /// # Errors
    /// When GitHub does not respond, in which case the comment may be there, refuses, or a limit is reached.
    pub async fn comment(&self, text: &str) -> Result<(), ApiError> {
        self.once.comment_on_pull(self.call, &self.full_name, self.number, text).await
    }

    /// Returns the consequence of an error, and records if the App's installation ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed(&self, context: &Context, error: ApiError) -> Result<Failure, DbError> {
        self.reader.failed(context, error).await
    }
}
