use std::sync::Arc;

use platform::{
    Context,
    config::Config,
    outside::{Condition, Service},
};
use serde::Deserialize;

use super::{Api, Call, GithubApi, api::Read};

const GITHUB_API: &str = "github-api";

#[derive(Deserialize)]
struct Limits {
    rate: Rate,
}

#[derive(Deserialize)]
struct Rate {
    limit: u64,
    remaining: u64,
}

/// Returns the API for the health page.
#[must_use]
pub fn services(config: &Config) -> Vec<Service> {
    let Some(api) = Api::of(config).map(Arc::new) else {
        return vec![Service::absent(GITHUB_API)];
    };
    vec![Service::new(GITHUB_API, move |context: Context| {
        let api = Arc::clone(&api);
        async move { look(&api, &context).await }
    })]
}

/// Reads the rate limits, which does not count against them (docs.github.com/rest/rate-limit).
async fn look(api: &Api, context: &Context) -> Condition {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Condition::SwitchedOff;
    };
    match api
        .get(Call::new(context, &permit), "/rate_limit", None)
        .await
    {
        Ok(Read::Changed(Limits { rate }, _)) => Condition::Healthy(format!(
            "{} of {} requests are left this hour",
            rate.remaining, rate.limit
        )),
        Ok(Read::Unchanged) => Condition::Healthy("GitHub responds".to_owned()),
        Err(error) => Condition::Failing(error.to_string()),
    }
}
