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
    let server = match clients.server().map(Arc::new) {
        None => Service::absent(GITHUB_API),
        Some(api) => Service::new(GITHUB_API, move |context: Context| {
            let api = Arc::clone(&api);
            async move { look(&api, &context).await }
        }),
    };
    let app = if clients.has_app() {
        Service::new(GITHUB_APP, move |context: Context| {
            let clients = clients.clone();
            async move { look_at_app(&clients, &context).await }
        })
    } else {
        Service::absent(GITHUB_APP)
    };
    vec![server, app]
}

/// Reads the App's name, which shows that GitHub accepts its key.
async fn look_at_app(clients: &Clients, context: &Context) -> Condition {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Condition::SwitchedOff;
    };
    let api = match clients.app(context.now()) {
        Ok(Some(api)) => api,
        Ok(None) => return Condition::NotConfigured,
        Err(error) => return Condition::Failing(error.to_string()),
    };
    match api.own_app(Call::new(context, &permit)).await {
        Ok(app) => Condition::Healthy(format!("GitHub accepts the key of {}", app.name())),
        Err(ApiError::BadToken) => Condition::Failing(ApiError::BadApp.to_string()),
        Err(error) => Condition::Failing(error.to_string()),
    }
}

/// Reads the rate limits, which does not count against them (docs.github.com/rest/rate-limit).
async fn look(api: &Api, context: &Context) -> Condition {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Condition::SwitchedOff;
    };
    match api.get(Call::new(context, &permit), "/rate_limit", None).await {
        Ok(Read::Changed(Limits { rate }, _)) => Condition::Healthy(format!(
            "{} of {} requests are left this hour",
            rate.remaining, rate.limit
        )),
        Ok(Read::Unchanged) => Condition::Healthy("GitHub responds".to_owned()),
        Err(error) => Condition::Failing(error.to_string()),
    }
}
