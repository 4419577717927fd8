use std::time::Duration;

use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, db::DbError};

use super::{
    code_reader::{CodeOf, code_reader},
    registration::{Registrar, problem},
};
use crate::{
    gateway::{ApiError, Call, Clients, GithubApi},
    rules::own_repository::OwnRepository,
};

/// The time limit of a lookup, which leaves a response the time to register what was found.
const PATIENCE: Duration = Duration::from_secs(7);

impl Registrar {
    /// Finds a repository by `owner/name` as GitHub shows it to this server: to the GitHub App if it is installed there, or else to
    /// the server's token, or else to everyone. The permissions are not those of a person.
    ///
    /// # Errors
    /// When GitHub does not show the repository, refuses or does not respond, or a limit is reached.
    pub async fn find(
        &self,
        context: &Context,
        full_name: &str,
    ) -> Result<OwnRepository, ActionError> {
        let permit = context.flags.permit::<GithubApi>()?;
        let call = Call::new(context, &permit);
        let finding = read(context, self.clients(), call, full_name);
        let found = tokio::time::timeout(PATIENCE, finding).await;
        let slow = || Err(ApiError::Unavailable("it takes too long".to_owned()));
        let error = match found.unwrap_or_else(|_| Ok(slow()))? {
            Ok(own) => return Ok(own),
            Err(error) => error,
        };
        let installing = match error {
            ApiError::NotFound => self.installing(context).await,
            _ => None,
        };
        Err(unseen(self.clients(), full_name, error, installing).into())
    }
}

async fn read(
    context: &Context,
    clients: &Clients,
    call: Call<'_>,
    full_name: &str,
) -> Result<Result<OwnRepository, ApiError>, DbError> {
    let api = code_reader(context, clients, call, CodeOf::Name(full_name)).await?;
    Ok(api.repository_named(call, full_name).await)
}

/// Describes why this server does not see a repository, with what its admins can do. `installing` is the URL at which its GitHub App is
/// installed.
fn unseen(
    clients: &Clients,
    full_name: &str,
    error: ApiError,
    installing: Option<String>,
) -> Problem {
    let has_any = clients.has_app() || clients.server().is_some();
    match error {
        ApiError::NotFound | ApiError::Suspended | ApiError::NotInstalled => {
            let private = if clients.has_app() {
                let at = installing.map(|url| format!(": {url}")).unwrap_or_default();
                format!("install this server's GitHub App on it first{at}")
            } else {
                "it needs a GitHub App, which you can set up at /admin/settings".to_owned()
            };
            let detail = format!(
                "GitHub shows this server no repository {full_name}. Check the owner and the name. If it is private, {private}."
            );
            Problem::new(ProblemKind::NotFound, "REPOSITORY_NOT_VISIBLE", detail)
        }
        ApiError::BadToken | ApiError::BadApp => {
            let own = if error == ApiError::BadToken { "token" } else { "GitHub App" };
            let detail = format!(
                "GitHub does not accept the {own} of this server. Set it up again at /admin/settings, then try again."
            );
            Problem::new(ProblemKind::Conflict, "GITHUB_REFUSED", detail)
        }
        ApiError::Limited(_) if !has_any => {
            let limit = problem(error);
            let detail = format!(
                "{} GitHub allows few requests without a GitHub App or a token, which you can set up at /admin/settings.",
                limit.detail
            );
            Problem { detail, ..limit }
        }
        error => problem(error),
    }
}
