use std::sync::Arc;

use identity::gateway::{Github, GithubSignIn, OpenId, OpenIdSignIn};
use platform::{
    Context,
    config::Config,
    outbox::{Channels, EMAIL, Post},
    outside::{Condition, Service},
    web::redis_answers,
};

/// The service by which people sign in.
const GITHUB: &str = "github";

/// The service by which several processes count rates together.
pub const REDIS: &str = "redis";

/// Every service outside that this server may call.
#[must_use]
pub fn services(config: &Config, post: &Post) -> Vec<Service> {
    let mut services = vec![github(config), mail(&post.channels), redis(config)];
    services.extend(openid(config));
    services
}

/// The OpenID Connect issuer, where there is one.
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

fn redis(config: &Config) -> Service {
    let Some(url) = config.redis_url.clone() else {
        return Service::absent(REDIS);
    };
    Service::new(REDIS, move |_| {
        let url = url.clone();
        async move {
            let told = |error| {
                format!(
                    "Redis cannot be used ({error}): check that it runs, that this machine may reach it, and \
                     that REDIS_URL is right; until then each process counts rates for itself"
                )
            };
            let answer = redis_answers(&url).await.map_err(told);
            condition(answer.map(|()| "Redis answers".to_owned()))
        }
    })
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

fn mail(channels: &Arc<Channels>) -> Service {
    if !channels.has(EMAIL) {
        return Service::absent(EMAIL);
    }
    let channels = Arc::clone(channels);
    Service::new(EMAIL, move |_| {
        let channels = Arc::clone(&channels);
        async move {
            match channels.get(EMAIL) {
                Some(channel) => condition(channel.answers().await),
                None => Condition::NotConfigured,
            }
        }
    })
}

fn condition(answer: Result<String, String>) -> Condition {
    match answer {
        Ok(word) => Condition::Healthy(word),
        Err(word) => Condition::Failing(word),
    }
}
