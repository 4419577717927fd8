use std::sync::Arc;

use platform::{
    Context,
    config::Config,
    outside::{Condition, Service},
};

use super::{Github, GithubSignIn, OpenId, OpenIdSignIn};

const GITHUB: &str = "github";

/// Returns the sign-in services for the health page.
#[must_use]
pub fn services(config: &Config) -> Vec<Service> {
    let mut services = vec![github(config)];
    services.extend(openid(config));
    services
}

fn github(config: &Config) -> Service {
    let Some(github) = Github::of(config).map(Arc::new) else {
        return Service::absent(GITHUB);
    };
    Service::new(GITHUB, move |context: Context| {
        let github = Arc::clone(&github);
        async move {
            match context.flags.permit::<GithubSignIn>() {
                Ok(permit) => condition(github.answers(permit).await),
                Err(_) => Condition::SwitchedOff,
            }
        }
    })
}

/// Returns the OpenID Connect issuer, if one is set up.
fn openid(config: &Config) -> Option<Service> {
    let openid = OpenId::of(config).map(Arc::new)?;
    Some(Service::new("openid", move |context: Context| {
        let openid = Arc::clone(&openid);
        async move {
            match context.flags.permit::<OpenIdSignIn>() {
                Ok(permit) => condition(openid.answers(permit, context.now()).await),
                Err(_) => Condition::SwitchedOff,
            }
        }
    }))
}

fn condition(answer: Result<String, String>) -> Condition {
    answer.map_or_else(Condition::Failing, Condition::Healthy)
}
