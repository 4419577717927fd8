use std::sync::Arc;

use platform::{
    Context,
    config::Config,
    outside::{Condition, Service},
};
use serde::Deserialize;

use super::{Api, ApiError, Call, Clients, GithubApi, api::Read};

const GITHUB_API: &str = "github-api";
const GITHUB_APP: &str = "github-app";

#[derive(Deserialize)]
struct Limits {
    rate: Rate,
}

#[derive(Deserialize)]
struct Rate {
    limit: u64,
    remaining: u64,
}

/// Returns the API and the App for the health page.
#[must_use]
pub fn services(config: &Config) -> Vec<Service> {
    let clients = Clients::of(config);
    let of_token: Arc<str> = config.place("github_api_token").into();
    let of_app: Arc<str> = config.place("github_app_id").into();
    let server = match clients.server().map(Arc::new) {
        None => Service::absent(GITHUB_API),
        Some(api) => Service::new(GITHUB_API, move |context: Context| {
            let (api, place) = (Arc::clone(&api), Arc::clone(&of_token));
            async move { look(&api, &context).await.unwrap_or_else(|error| failing(&error, &place)) }
        }),
    };
    let app = if clients.has_app() {
        Service::new(GITHUB_APP, move |context: Context| {
            let (clients, place) = (clients.clone(), Arc::clone(&of_app));
            async move {
                let seen = look_at_app(&clients, &context).await;
                seen.unwrap_or_else(|error| failing(&error, &place))
            }
        })
    } else {
        Service::absent(GITHUB_APP)
    };
    vec![server, app]
}

/// Describes a failure, with the place where a rejected credential is set, as in [`Config::place`].
fn failing(error: &ApiError, place: &str) -> Condition {
    Condition::Failing(match error {
        ApiError::BadToken => {
            format!("GitHub rejected the token: create a new one, and set it {place}")
        }
        ApiError::BadApp => format!(
            "GitHub rejected the GitHub App: check its ID and its key {place}, and the clock of this machine"
        ),
        error => error.to_string(),
    })
}

/// Reads the App's name, which shows that GitHub accepts its key.
async fn look_at_app(clients: &Clients, context: &Context) -> Result<Condition, ApiError> {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(Condition::SwitchedOff);
    };
    let Some(api) = clients.app(context.now())? else {
        return Ok(Condition::NotConfigured);
    };
    match api.own_app(Call::new(context, &permit)).await {
        Ok(app) => Ok(Condition::Healthy(format!("GitHub accepts the key of {}", app.name()))),
        Err(ApiError::BadToken) => Err(ApiError::BadApp),
        Err(error) => Err(error),
    }
}

/// Reads the rate limits, which does not count against them (docs.github.com/rest/rate-limit).
async fn look(api: &Api, context: &Context) -> Result<Condition, ApiError> {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(Condition::SwitchedOff);
    };
    Ok(match api.get(Call::new(context, &permit), "/rate_limit", None).await? {
        Read::Changed(Limits { rate }, _) => Condition::Healthy(format!(
            "{} of {} requests are left this hour",
            rate.remaining, rate.limit
        )),
        Read::Unchanged => Condition::Healthy("GitHub responds".to_owned()),
    })
}
