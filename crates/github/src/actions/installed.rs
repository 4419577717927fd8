use std::time::Duration;

use identity::{model::UserId, reads::proven_github_id};
use kernel::Timestamp;
use platform::{ActionError, Context};

use super::read_installations::{lose_installation, of_app};
use crate::{
    gateway::{Api, ApiError, Call, Clients, GithubApi},
    rules::{names::is_full_name, own_repository::OwnRepository},
    store::installations,
};

/// The time limit of reading a repository with the App, after which a response still has time for the person's connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A repository with a person's permissions, or the reason that GitHub does not state them.
pub(super) type StatedPermissions = Result<OwnRepository, ApiError>;

/// Reads a repository by GitHub's ID with the token of the App's installation that includes it, and a person's permissions
/// there. `None` if no installation in use includes it, or the person has proven no GitHub account.
///
/// # Errors
/// When the database fails, or requests to GitHub are switched off. The inner error is GitHub's.
pub(super) async fn read_installed(
    context: &Context,
    clients: &Clients,
    person: UserId,
    github_id: i64,
) -> Result<Option<StatedPermissions>, ActionError> {
    if !clients.has_app() {
        return Ok(None);
    }
    let account = proven_github_id(&context.db, person).await?;
    let installation = installations::of_repository(&context.db, github_id).await?;
    let (Some(account), Some(installation)) = (account, installation) else {
        return Ok(None);
    };
    let Some(api) = clients.quick_installation(installation) else {
        return Ok(None);
    };
    let permit = context.flags.permit::<GithubApi>()?;
    let call = Call::new(context, &permit);
    let stated = in_time(by_id(&api, call, github_id, account)).await;
    if let Err(error @ (ApiError::Suspended | ApiError::NotInstalled)) = &stated {
        lose_installation(context, installation, error).await?;
    }
    Ok(Some(stated))
}

/// Finds a repository by `owner/name` if an installation of the App includes it, with a person's permissions there. `None` if
/// none does, the text is not a name, or the person has proven no GitHub account.
///
/// # Errors
/// As [`read_installed`].
pub(super) async fn find_installed(
    context: &Context,
    clients: &Clients,
    person: UserId,
    full_name: &str,
) -> Result<Option<StatedPermissions>, ActionError> {
    if !clients.has_app() || !is_full_name(full_name) {
        return Ok(None);
    }
    let Some(account) = proven_github_id(&context.db, person).await? else {
        return Ok(None);
    };
    let permit = context.flags.permit::<GithubApi>()?;
    let call = Call::new(context, &permit);
    let found = by_name(clients, call, context.now(), full_name, account);
    Ok(in_time(found).await.transpose())
}

/// Returns true for the errors by which a repository is in no installation any more, or not visible to the person.
pub(super) fn is_gone(error: &ApiError) -> bool {
    matches!(error, ApiError::NotFound | ApiError::Suspended | ApiError::NotInstalled)
}

async fn in_time<T>(reading: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    let read = tokio::time::timeout(PATIENCE, reading).await;
    read.unwrap_or_else(|_| Err(ApiError::Unavailable("it takes too long".to_owned())))
}

async fn by_id(api: &Api, call: Call<'_>, github_id: i64, account: i64) -> StatedPermissions {
    let own = api.own_repository(call, github_id).await?;
    with_permissions(api, call, own, account).await
}

async fn by_name(
    clients: &Clients,
    call: Call<'_>,
    now: Timestamp,
    full_name: &str,
    account: i64,
) -> Result<Option<OwnRepository>, ApiError> {
    let Some(app) = clients.quick_app(now)? else {
        return Ok(None);
    };
    let found = app.installation_of(call, full_name).await.map_err(of_app)?;
    let found = found.filter(|found| found.suspended_at.is_none());
    let Some(api) = found.and_then(|found| clients.quick_installation(found.id)) else {
        return Ok(None);
    };
    let own = api.repository_named(call, full_name).await?;
    with_permissions(&api, call, own, account).await.map(Some)
}

/// Replaces the permissions of the App by those of a person. A private repository that the person may not read is not found.
async fn with_permissions(
    api: &Api,
    call: Call<'_>,
    own: OwnRepository,
    account: i64,
) -> StatedPermissions {
    let permissions = api.permissions(call, &own.full_name, account).await?;
    match permissions {
        None if own.private => Err(ApiError::NotFound),
        permissions => Ok(OwnRepository { permissions: permissions.unwrap_or_default(), ..own }),
    }
}
