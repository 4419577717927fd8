use platform::{Context, db::DbError};

use crate::{
    gateway::{Api, Call, Clients},
    rules::names::is_full_name,
    store::installations,
};

/// The repository whose code is to be read.
#[derive(Clone, Copy, Debug)]
pub enum CodeOf<'a> {
    /// The one with GitHub's ID, which the server knows from an earlier response.
    Id(i64),
    /// The one with the name `owner/name`, which a person stated.
    Name(&'a str),
}

/// Chooses the client that can read the code of a repository: with the token of the GitHub App's installation that includes
/// it, or else with the server's own token, or else without any, which shows what is public.
///
/// The App also shows private repositories. Before anything of one that a person named is shown to them, their access must
/// be checked ([`Api::code_access`]).
///
/// # Errors
/// When the database fails. An App that GitHub does not accept counts as none.
pub async fn code_reader(
    context: &Context,
    clients: &Clients,
    call: Call<'_>,
    repository: CodeOf<'_>,
) -> Result<Api, DbError> {
    let installation = match repository {
        _ if !clients.has_app() => None,
        CodeOf::Id(id) => installations::of_repository(&context.db, id).await?,
        CodeOf::Name(name) => installation_of(context, clients, call, name).await,
    };
    let installed = installation.and_then(|id| clients.installation(id));
    let own = installed.or_else(|| clients.server());
    Ok(own.unwrap_or_else(|| clients.anonymous()))
}

/// Asks GitHub which installation in use includes a repository, because no delivery may have named it yet.
async fn installation_of(
    context: &Context,
    clients: &Clients,
    call: Call<'_>,
    full_name: &str,
) -> Option<i64> {
    if !is_full_name(full_name) {
        return None;
    }
    let app = clients.app(context.now()).ok().flatten()?;
    match app.installation_of(call, full_name).await {
        Ok(found) => {
            let found = found.filter(|found| found.suspended_at.is_none())?;
            Some(found.id)
        }
        Err(error) => {
            tracing::warn!(%error, "the installation of a repository is unknown");
            None
        }
    }
}
