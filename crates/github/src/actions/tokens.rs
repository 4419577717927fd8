use std::time::Duration;

use identity::actions::{github_token, revoke_github_token};
use platform::{Context, db::DbError, jobs::Failure};
use uuid::Uuid;

use super::read_installations::lose_installation;
use crate::{
    gateway::{Api, ApiError, Clients},
    model::RepositoryId,
    store::{installations, repositories},
};

/// A client that can read a repository.
pub(crate) struct Reader {
    pub(crate) api: Api,
    /// The stored token of the person that it uses; absent for the server's own.
    pub(crate) token: Option<Uuid>,
    /// GitHub's ID of the App's installation that it uses, if it does.
    pub(crate) installation: Option<i64>,
}

impl Reader {
    /// Records that GitHub accepts its token or installation no longer, so that the next attempt uses another. Only an operator
    /// can replace the server's own. Returns the failure of this attempt.
    pub(super) async fn failed(
        &self,
        context: &Context,
        error: ApiError,
    ) -> Result<Failure, DbError> {
        let why = match (&error, self.token, self.installation) {
            (ApiError::BadToken, Some(token), _) => {
                revoke_github_token(context, token).await?;
                "GitHub no longer accepts the token of the person who registered the repository"
                    .to_owned()
            }
            (ApiError::Suspended | ApiError::NotInstalled, _, Some(installation)) => {
                lose_installation(context, installation, &error).await?;
                error.to_string()
            }
            _ => return Ok(error.into()),
        };
        Ok(Failure::Later(why, Duration::ZERO))
    }
}

/// Chooses the token that reads a repository: that of the App's installation that includes it, or else that of the person who
/// registered it, or else the server's own. A private repository is read with the server's own before a person's, because
/// people grant no access to code.
pub(crate) async fn reader(
    context: &Context,
    clients: &Clients,
    repository: RepositoryId,
) -> Result<Option<Reader>, DbError> {
    let known = repositories::by_id(&context.db, repository).await?;
    if let Some(known) = &known
        && let Some(reader) = of_installation(context, clients, known.github_id).await?
    {
        return Ok(Some(reader));
    }
    let is_private = known.as_ref().is_some_and(|known| known.is_private);
    let person = known.and_then(|known| known.registered_by_id);
    let own = clients.server().map(|api| Reader { api, token: None, installation: None });
    if is_private && own.is_some() {
        return Ok(own);
    }
    let registrar = match person {
        Some(person) => of_person(context, clients, person).await?,
        None => None,
    };
    Ok(registrar.or(own))
}

pub(super) async fn of_installation(
    context: &Context,
    clients: &Clients,
    repository_github_id: i64,
) -> Result<Option<Reader>, DbError> {
    if !clients.has_app() {
        return Ok(None);
    }
    let found = installations::of_repository(&context.db, repository_github_id).await?;
    let api = found.and_then(|id| clients.installation(id));
    Ok(api.map(|api| Reader { api, token: None, installation: found }))
}

async fn of_person(
    context: &Context,
    clients: &Clients,
    person: Uuid,
) -> Result<Option<Reader>, DbError> {
    let stored = github_token(context, person.into()).await?;
    Ok(stored.map(|stored| Reader {
        api: clients.with(&stored.token),
        token: Some(stored.id),
        installation: None,
    }))
}
