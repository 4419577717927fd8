use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use chrono::TimeDelta;
use identity::{
    actions::{github_token, revoke_github_token},
    model::{GithubToken, UserId},
    reads::proven_github_id,
};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    config::Config,
    crypto,
    db::{DbError, Sql, Tx},
};
use secrecy::SecretString;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    FACTS,
    installed::{find_installed, is_gone, read_installed},
};
use crate::{
    gateway::{Api, ApiError, Call, Clients, GithubApi, HookSettings, OwnRepositories},
    model::{HOOK_TASKS, RepositoryId},
    reads::{AppCover, app_covers},
    rules::{manifest::RECEIVER, names::full_name_at, own_repository::OwnRepository},
    store::{
        hook_tasks::{self, HookTarget},
        installations, repositories,
    },
};

/// The time after which a registration that did not complete has failed. A response takes less.
const REGISTRATION_LASTS: TimeDelta = TimeDelta::minutes(2);

/// The time limit of the ping, which the person does not have to wait for.
const PING_LASTS: Duration = Duration::from_secs(1);

/// Registers repositories on GitHub in the name of people: has clients of its API, and the URL for deliveries.
#[derive(Clone, Debug)]
pub struct Registrar {
    clients: Clients,
    /// The URL of GitHub's pages.
    pub(super) github: String,
    /// The URL at which the GitHub App is installed, once GitHub stated it.
    pub(super) installing: Arc<OnceCell<String>>,
    receiver: String,
    /// True if the server has a secret for webhooks without one of their own.
    has_secret: bool,
}

/// The webhook by which repositories report changes to a server that cannot read them.
#[derive(Clone, Debug)]
pub struct NeededHook {
    /// The URL that receives its deliveries.
    pub url: String,
    /// True if the server has a secret for it.
    pub has_secret: bool,
}

/// A webhook that is about to be created.
#[derive(Clone, Debug)]
pub struct PlannedHook {
    id: Uuid,
    full_name: String,
    person: UserId,
    /// The secret that will sign its deliveries.
    pub secret: SecretString,
}

impl Registrar {
    /// Creates a registrar for the configured server.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            clients: Clients::of(config),
            github: config.github_url.clone(),
            installing: Arc::default(),
            receiver: format!("{}{RECEIVER}", config.site()),
            has_secret: config.github_webhook_secret.is_some(),
        }
    }

    /// Returns the webhook that each repository needs on a server with neither a GitHub App nor a token; `None` on others.
    #[must_use]
    pub fn needed_hook(&self) -> Option<NeededHook> {
        let can_read = self.clients.has_app() || self.clients.server().is_some();
        let needed = || NeededHook { url: self.receiver.clone(), has_secret: self.has_secret };
        (!can_read).then(needed)
    }

    /// Returns true if this server learns what happens in repositories by its GitHub App, but has no token to read others.
    #[must_use]
    pub fn needs_app(&self) -> bool {
        self.clients.has_app() && self.clients.server().is_none()
    }

    /// Returns the `owner/name` of the repository that a person names by it, or by an address on GitHub.
    #[must_use]
    pub fn full_name_of(&self, text: &str) -> Option<String> {
        full_name_at(text, &self.github)
    }

    /// Returns its clients of GitHub's API, which remember the limits that were reached.
    #[must_use]
    pub fn clients(&self) -> &Clients {
        &self.clients
    }

    pub(crate) fn receiver(&self) -> &str {
        &self.receiver
    }

    /// Returns which of these repositories, by GitHub ID, need no webhook of their own, because an installation of the
    /// server's GitHub App includes them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn covered(
        &self,
        db: &impl Sql,
        github_ids: &[i64],
    ) -> Result<BTreeSet<i64>, DbError> {
        if self.clients.has_app() {
            installations::covered(db, github_ids.iter().copied()).await
        } else {
            Ok(BTreeSet::new())
        }
    }

    /// Returns the relations of repositories to the server's GitHub App, if it has one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn app_covers(
        &self,
        db: &impl Sql,
        repositories: impl IntoIterator<Item = RepositoryId>,
    ) -> Result<BTreeMap<Uuid, AppCover>, DbError> {
        if self.clients.has_app() {
            app_covers(db, repositories).await
        } else {
            Ok(BTreeMap::new())
        }
    }

    /// Reads a page of the repositories that a person can see on GitHub, by name. Pages are counted from 1, and have `size`
    /// (1 to 100) repositories.
    ///
    /// # Errors
    /// When the person has not connected GitHub, or GitHub refuses or does not respond.
    pub async fn repositories(
        &self,
        context: &Context,
        person: UserId,
        page: u32,
        size: u32,
    ) -> Result<OwnRepositories, ActionError> {
        let (api, token) = self.connected(context, person).await?;
        let permit = context.flags.permit::<GithubApi>()?;
        let read = api.own_repositories(Call::new(context, &permit), page, size);
        self.checked(context, &token, read.await).await
    }

    /// Reads a repository by GitHub's ID, with the person's permissions at this moment: with the token of the GitHub App if it
    /// is installed there, and with the person's own if that does not show that they maintain it.
    ///
    /// # Errors
    /// When the person has not connected GitHub and the App is not installed there, they cannot see the repository, or GitHub
    /// refuses or does not respond.
    pub async fn repository(
        &self,
        context: &Context,
        person: UserId,
        github_id: i64,
    ) -> Result<OwnRepository, ActionError> {
        let by_app = read_installed(context, &self.clients, person, github_id).await?;
        if let Some(Ok(own)) = &by_app
            && own.is_maintained()
        {
            return Ok(own.clone());
        }
        if let Some((api, token)) = self.connection(context, person).await? {
            let permit = context.flags.permit::<GithubApi>()?;
            let read = api.own_repository(Call::new(context, &permit), github_id);
            return self.checked(context, &token, read.await).await;
        }
        match by_app {
            Some(Ok(own)) => Ok(own),
            Some(Err(error)) if !is_gone(&error) => Err(problem(error).into()),
            _ => Err(self.unconnected(context, person).await?.into()),
        }
    }

    /// Finds a repository that a person maintains on GitHub by `owner/name`, if an installation of the GitHub App includes it.
    /// Other texts find nothing.
    ///
    /// # Errors
    /// When GitHub refuses or does not respond, unless the person has a connection, by which the caller can search.
    pub async fn installed(
        &self,
        context: &Context,
        person: UserId,
        full_name: &str,
    ) -> Result<Option<OwnRepository>, ActionError> {
        let own = match find_installed(context, &self.clients, person, full_name).await? {
            Some(Ok(own)) if own.is_maintained() => own,
            Some(Err(error)) if !is_gone(&error) => {
                return match self.connection(context, person).await? {
                    Some(_) => Ok(None),
                    None => Err(problem(error).into()),
                };
            }
            _ => return Ok(None),
        };
        // It can be registered as soon as the server knows of the installation, which it reads once an hour.
        let covered = self.covered(&context.db, &[own.id]).await?;
        Ok(covered.contains(&own.id).then_some(own))
    }

    /// Returns true if a person can register repositories without connecting GitHub, where the GitHub App is installed: GitHub
    /// states the permissions of the account that they proved to be theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn can_use_app(&self, db: &impl Sql, person: UserId) -> Result<bool, DbError> {
        let has_app = self.clients.has_app();
        Ok(has_app && proven_github_id(db, person).await?.is_some())
    }

    /// Creates a planned webhook on GitHub, or changes the one that already delivers to this server. Returns its ID.
    ///
    /// # Errors
    /// As [`Registrar::repository`], and when the person may not create webhooks.
    pub async fn create_hook(
        &self,
        context: &Context,
        planned: &PlannedHook,
    ) -> Result<i64, ActionError> {
        let (api, token) = self.connected(context, planned.person).await?;
        let permit = context.flags.permit::<GithubApi>()?;
        let call = Call::new(context, &permit);
        let settings = HookSettings { url: &self.receiver, secret: &planned.secret };
        let created = put_hook(&api, call, &planned.full_name, settings).await;
        match created {
            Err(ApiError::NotFound) => Err(may_not_create(&planned.full_name).into()),
            created => self.checked(context, &token, created).await,
        }
    }

    /// Has GitHub send a `ping` to a webhook, because the first one came before its secret was stored. A failure only
    /// leaves the failed one in GitHub's list of deliveries.
    pub async fn ping_hook(&self, context: &Context, planned: &PlannedHook, hook: i64) {
        let connected = self.connected(context, planned.person).await;
        let permit = context.flags.permit::<GithubApi>();
        if let (Ok((api, _)), Ok(permit)) = (connected, permit) {
            let call = Call::new(context, &permit);
            let pinged = api.ping_hook(call, &planned.full_name, hook);
            if let Ok(Err(error)) = tokio::time::timeout(PING_LASTS, pinged).await {
                tracing::info!(%error, hook, "GitHub sent no ping to a new webhook");
            }
        }
    }

    pub(super) async fn connected(
        &self,
        context: &Context,
        person: UserId,
    ) -> Result<(Api, GithubToken), ActionError> {
        match self.connection(context, person).await? {
            Some(connection) => Ok(connection),
            None => Err(self.unconnected(context, person).await?.into()),
        }
    }

    /// Returns a client with the token of a person who waits for the result, if they have connected GitHub.
    async fn connection(
        &self,
        context: &Context,
        person: UserId,
    ) -> Result<Option<(Api, GithubToken)>, DbError> {
        let token = github_token(context, person).await?;
        Ok(token.map(|token| (self.clients.quick(&token.token), token)))
    }

    /// Describes that a person has no connection to GitHub, or no longer.
    async fn unconnected(&self, context: &Context, person: UserId) -> Result<Problem, DbError> {
        let was = identity::reads::github_connection(&context.db, person).await?;
        Ok(match was {
            Some(_) => reconnect(),
            None => not_connected(self.clients.has_app()),
        })
    }

    /// Describes an error for the person, and marks a token that GitHub no longer accepts.
    pub(super) async fn checked<T>(
        &self,
        context: &Context,
        token: &GithubToken,
        result: Result<T, ApiError>,
    ) -> Result<T, ActionError> {
        let error = match result {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if error == ApiError::BadToken {
            revoke_github_token(context, token.id).await?;
        }
        Err(problem(error).into())
    }
}

/// Creates a webhook, or changes the one with the same URL.
async fn put_hook(
    api: &Api,
    call: Call<'_>,
    full_name: &str,
    settings: HookSettings<'_>,
) -> Result<i64, ApiError> {
    match api.find_hook(call, full_name, settings.url).await? {
        Some(hook) => {
            api.change_hook(call, full_name, hook, settings).await?;
            Ok(hook)
        }
        None => api.create_hook(call, full_name, settings).await,
    }
}

/// Stores, in the caller's transaction, that a webhook of a repository is about to be created. If the registration does not
/// complete, a job deletes the webhook.
///
/// # Errors
/// When another registration of the repository is in progress.
pub async fn plan_hook(
    tx: &mut Tx,
    context: &Context,
    person: UserId,
    repository: &OwnRepository,
) -> Result<PlannedHook, ActionError> {
    let (id, now) = (context.ids.next(), context.now());
    let target = HookTarget { github_id: repository.id, full_name: &repository.full_name, person };
    if !hook_tasks::begin(tx, id, target, now + REGISTRATION_LASTS, now).await? {
        return Err(in_progress(&repository.full_name).into());
    }
    Ok(PlannedHook {
        id,
        full_name: repository.full_name.clone(),
        person,
        secret: crypto::token()?.into(),
    })
}

/// Completes the plan of a webhook, in the transaction that registers its repository.
///
/// # Errors
/// When a job has given up the registration.
pub async fn complete_hook(tx: &Tx, planned: &PlannedHook) -> Result<(), ActionError> {
    if hook_tasks::end(tx, planned.id).await? {
        Ok(())
    } else {
        Err(in_progress(&planned.full_name).into())
    }
}

/// Has a job delete a planned webhook, if it exists, because the registration failed.
pub async fn abandon_hook(context: &Context, planned: &PlannedHook) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    hook_tasks::abandon(&tx, planned.id, context.now()).await?;
    tx.raise(HOOK_TASKS);
    Ok(tx.commit().await?)
}

/// Has a job delete the webhook that this server created for a repository, in the caller's transaction. Other webhooks stay.
pub async fn release_hook(
    tx: &mut Tx,
    context: &Context,
    repository: RepositoryId,
) -> Result<(), ActionError> {
    tx.serialize(FACTS).await?;
    let found = repositories::by_id(tx, repository).await?;
    let created = found.and_then(|found| {
        let person = found.registered_by_id?;
        Some((found.hook_id?, person, found.github_id, found.full_name))
    });
    if let Some((hook, person, github_id, full_name)) = created {
        let target = HookTarget { github_id, full_name: &full_name, person: person.into() };
        let (id, now) = (context.ids.next(), context.now());
        hook_tasks::request_deletion(tx, id, target, hook, now).await?;
        tx.raise(HOOK_TASKS);
    }
    Ok(())
}

/// Describes why GitHub has no result, for the person who waits for it.
pub(super) fn problem(error: ApiError) -> Problem {
    match error {
        ApiError::BadToken => reconnect(),
        ApiError::SingleSignOn(url) => single_sign_on(&url),
        ApiError::NotFound => {
            let detail = "GitHub knows no such repository, or does not show it to you. Check that you have access to it.";
            Problem::new(ProblemKind::NotFound, "REPOSITORY_NOT_VISIBLE", detail)
        }
        ApiError::Limited(wait) => {
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1);
            let detail =
                format!("GitHub's limit on requests is reached. Try again in {seconds} seconds.");
            Problem::new(ProblemKind::TooManyRequests, "GITHUB_LIMIT", detail).after(seconds)
        }
        ApiError::Refused { status, message } => {
            let detail = format!("GitHub refused the request ({status}): {message}");
            Problem::new(ProblemKind::Forbidden, "GITHUB_REFUSED", detail)
        }
        // Only the App and its installations have the last three.
        ApiError::Unavailable(_)
        | ApiError::TooMuch
        | ApiError::Unexpected(_)
        | ApiError::BadApp
        | ApiError::Suspended
        | ApiError::NotInstalled => {
            tracing::warn!(%error, "a request to GitHub for a person failed");
            let detail =
                "GitHub is not responding, so nothing was changed. Try again in a few minutes.";
            Problem::new(ProblemKind::Overloaded, "GITHUB_UNAVAILABLE", detail).after(60)
        }
    }
}

fn single_sign_on(url: &str) -> Problem {
    let at = match url {
        "" => "in the settings of your GitHub account, under Applications".to_owned(),
        url => format!("at {url}"),
    };
    let detail = format!(
        "The repository's organization requires single sign-on. Authorize this server for the organization {at}, then try again."
    );
    Problem::new(ProblemKind::Forbidden, "GITHUB_SSO_REQUIRED", detail)
}

fn not_connected(has_app: bool) -> Problem {
    let detail = if has_app {
        "Connect GitHub first, at /settings/identities. Without a connection, you can only register repositories that you maintain and in which the server's GitHub App is installed."
    } else {
        "Connect GitHub first, at /settings/identities."
    };
    Problem::new(ProblemKind::Conflict, "GITHUB_NOT_CONNECTED", detail)
}

fn reconnect() -> Problem {
    let detail =
        "GitHub no longer accepts your connection. Connect GitHub again, at /settings/identities.";
    Problem::new(ProblemKind::Conflict, "GITHUB_RECONNECT", detail)
}

fn may_not_create(full_name: &str) -> Problem {
    crate::rules::own_repository::Obstacle::Hooks.refusal(full_name)
}

fn in_progress(full_name: &str) -> Problem {
    let detail = format!(
        "{full_name} is being registered or removed by another request. Try again in a few minutes."
    );
    Problem::new(ProblemKind::Conflict, "REGISTRATION_IN_PROGRESS", detail)
}
