//! The server's access to GitHub: taking over its GitHub App once GitHub created it, checking that the App's messages arrive, and
//! checking a token.

use kernel::{Problem, ProblemKind, Timestamp};
use platform::{ActionError, Context, config::Config, db::DbError, settings::SettingChange};

use super::registration::{Registrar, problem};
use crate::{
    gateway::{Api, ApiError, Call, Clients, GithubApi, OwnApp},
    reads,
    rules::manifest::{CreatedApp, is_code},
};

/// The event of the first message that GitHub sends to an App.
const FIRST: &str = "ping";

/// The state of the App, for admins.
#[derive(Clone, Debug)]
pub struct AppCheck {
    /// Its name on GitHub; the reason in words if GitHub does not tell.
    pub name: Result<String, String>,
    /// The URL at which it is installed.
    pub installing: Option<String>,
    /// The number of repositories that installations include.
    pub repositories: i64,
    /// When its first message arrived.
    pub arrived: Option<Timestamp>,
    /// GitHub's words for the result of its last attempt, if no message arrived.
    pub last_attempt: Option<String>,
}

/// Takes over the App that GitHub created for this server, by the code that it gave a browser.
///
/// # Errors
/// When the code was used or is older than an hour, GitHub does not respond or refuses, or a limit is reached.
pub async fn take_app(
    context: &Context,
    config: &Config,
    code: &str,
) -> Result<CreatedApp, ActionError> {
    if !is_code(code) {
        return Err(used_code().into());
    }
    let permit = context.flags.permit::<GithubApi>()?;
    let created = Clients::of(config).once().created_app(Call::new(context, &permit), code).await;
    Ok(created.map_err(|error| match error {
        ApiError::NotFound => used_code(),
        error => problem(error),
    })?)
}

/// Returns the settings with which a server uses an App, also for the sign-in of people.
#[must_use]
pub fn settings_of(app: CreatedApp) -> Vec<SettingChange> {
    vec![
        SettingChange::set("github_app_id", app.id.to_string()),
        SettingChange::set("github_app_private_key", app.pem),
        SettingChange::set("github_app_webhook_secret", app.webhook_secret),
        SettingChange::unset("github_app_webhook_secret_previous"),
        SettingChange::set("github_client_id", app.client_id),
        SettingChange::set("github_client_secret", app.client_secret),
    ]
}

/// Has GitHub send its first message to the App again, or the latest if it does not list the first. The first one came before this
/// server had the App's secret. Returns false if GitHub has sent none yet.
///
/// # Errors
/// When the server has no App, GitHub does not respond or refuses, or a limit is reached.
pub async fn ping_again(context: &Context, config: &Config) -> Result<bool, ActionError> {
    let permit = context.flags.permit::<GithubApi>()?;
    let call = Call::new(context, &permit);
    let api = client(context, config)?;
    let sent = api.app_deliveries(call).await.map_err(of_app)?;
    let first = sent.iter().find(|delivery| delivery.event == FIRST).or(sent.first());
    let Some(first) = first else {
        return Ok(false);
    };
    api.deliver_again(call, first.id).await.map_err(of_app)?;
    Ok(true)
}

/// Checks that GitHub accepts the token of a configuration.
///
/// # Errors
/// When GitHub does not accept it, does not respond or refuses, or a limit is reached.
pub async fn check_token(context: &Context, config: &Config) -> Result<(), ActionError> {
    let permit = context.flags.permit::<GithubApi>()?;
    let Some(api) = Clients::of(config).quick_server() else {
        return Ok(());
    };
    let limits = api.rate_limits(Call::new(context, &permit)).await;
    limits.map_err(|error| match error {
        ApiError::BadToken => {
            let detail = "GitHub does not accept this token. Copy all of it, and check on GitHub that it has not expired.";
            Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail).at("github_api_token")
        }
        error => problem(error),
    })?;
    Ok(())
}

/// Checks the App: what GitHub says of it, and whether a message of it arrived since an instant.
///
/// # Errors
/// When the database fails.
pub async fn check_app(
    context: &Context,
    config: &Config,
    since: Timestamp,
) -> Result<AppCheck, DbError> {
    let arrived = reads::app_arrival(&context.db, since).await?;
    let mut check = AppCheck {
        name: Err(String::new()),
        installing: None,
        repositories: reads::installed_repositories(&context.db).await?,
        arrived,
        last_attempt: None,
    };
    if let Err(refused) = ask(context, config, &mut check).await {
        check.name = Err(refused.detail);
    }
    Ok(check)
}

async fn ask(context: &Context, config: &Config, check: &mut AppCheck) -> Result<(), Problem> {
    let permit = context.flags.permit::<GithubApi>()?;
    let call = Call::new(context, &permit);
    let api = client(context, config)?;
    let app = api.own_app(call).await.map_err(of_app)?;
    check.name = Ok(app.name());
    check.installing = installing(&config.github_url, &app);
    if check.arrived.is_none() {
        let sent = api.app_deliveries(call).await.map_err(of_app)?;
        if let Some(latest) = sent.first() {
            check.last_attempt = Some(latest.status());
        }
    }
    Ok(())
}

/// Returns the URL at which an App is installed, if its page is at this GitHub.
fn installing(github: &str, app: &OwnApp) -> Option<String> {
    let path = app.html_url.strip_prefix(github)?;
    path.starts_with('/').then(|| format!("{github}{path}/installations/new"))
}

impl Registrar {
    /// Returns the URL at which people install the server's GitHub App on repositories; `None` without an App, and while GitHub does
    /// not tell.
    pub async fn installing(&self, context: &Context) -> Option<String> {
        let ask = || async { self.ask_installing(context).await.ok_or(()) };
        self.installing.get_or_try_init(ask).await.ok().cloned()
    }

    async fn ask_installing(&self, context: &Context) -> Option<String> {
        let permit = context.flags.permit::<GithubApi>().ok()?;
        let api = self.clients().quick_app(context.now()).ok()??;
        let app = api.own_app(Call::new(context, &permit)).await.ok()?;
        installing(&self.github, &app)
    }
}

/// Returns a client of the App for a person who waits for the result.
fn client(context: &Context, config: &Config) -> Result<Api, Problem> {
    let api = Clients::of(config).quick_app(context.now()).map_err(of_app)?;
    api.ok_or_else(|| {
        let detail = "This server has no GitHub App. Create one at /setup/github.";
        Problem::new(ProblemKind::Conflict, "GITHUB_REFUSED", detail)
    })
}

/// Describes why GitHub has no result for the App, for its admin.
fn of_app(error: ApiError) -> Problem {
    match error {
        ApiError::BadToken | ApiError::NotFound => {
            let detail = "GitHub does not accept the key of the GitHub App. If the App was deleted on GitHub, create another.";
            Problem::new(ProblemKind::Conflict, "GITHUB_REFUSED", detail)
        }
        error => problem(error),
    }
}

fn used_code() -> Problem {
    let detail = "GitHub does not know this code: each works once, within an hour. Nothing was saved. Create the app again at \
                  /setup/github.";
    Problem::new(ProblemKind::Conflict, "GITHUB_REFUSED", detail)
}
