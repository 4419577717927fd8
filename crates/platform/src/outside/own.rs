use std::sync::Arc;

use super::{Condition, Service};
use crate::{
    config::Config,
    outbox::{Channels, EMAIL, Post},
    web::redis_answers,
};

/// The service that counts requests across processes.
pub const REDIS: &str = "redis";

/// Returns the services that the platform calls itself.
pub(crate) fn services(config: &Config, post: &Post) -> Vec<Service> {
    vec![mail(&post.channels), redis(config)]
}

fn redis(config: &Config) -> Service {
    let Some(url) = config.redis_url.clone() else {
        return Service::absent(REDIS);
    };
    Service::new(REDIS, move |_| {
        let url = url.clone();
        async move {
            match redis_answers(&url).await {
                Ok(()) => Condition::Healthy("Redis responds".to_owned()),
                Err(error) => Condition::Failing(format!(
                    "Cannot connect to Redis {error}; check that it is running and reachable from this \
                     machine, and that REDIS_URL is correct; until then, each process counts requests on \
                     its own"
                )),
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
                Some(channel) => {
                    channel.answers().await.map_or_else(Condition::Failing, Condition::Healthy)
                }
                None => Condition::NotConfigured,
            }
        }
    })
}
