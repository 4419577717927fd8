use std::{sync::Arc, time::Duration};

use super::{Condition, Service};
use crate::{
    config::Config,
    db::{Lag, ReplicaState},
    outbox::{Channels, EMAIL, Post},
    web::redis_answers,
};

/// The service that counts requests across processes.
pub const REDIS: &str = "redis";

/// Returns the services that the platform calls itself.
pub(crate) fn services(config: &Config, post: &Post) -> Vec<Service> {
    vec![mail(&post.channels), redis(config), replica(config)]
}

/// The replica of the database.
const REPLICA: &str = "database_replica";

fn replica(config: &Config) -> Service {
    let Some(place) = config.replica() else {
        return Service::absent(REPLICA);
    };
    Service::new(REPLICA, move |context| {
        let place = place.clone();
        async move {
            let state = context.db.replica_state(&place).await;
            condition(&state, place.allowed)
        }
    })
}

fn condition(state: &ReplicaState, allowed: Duration) -> Condition {
    match state {
        ReplicaState::Follows(Lag::AtMost(lag)) if *lag <= allowed => {
            Condition::Healthy(format!("The replica is {:.1} s behind", lag.as_secs_f64()))
        }
        // A server that just started knows too little.
        ReplicaState::Follows(Lag::MoreThan(lag)) if *lag <= allowed => Condition::Unknown,
        ReplicaState::Follows(lag) => Condition::Failing(format!(
            "The replica is {} s behind, more than GUILDHALL_REPLICA_LAG_SECONDS ({}): check the replication and the load of the \
             replica; until then, all pages are read from the primary",
            lag.time().as_secs(),
            allowed.as_secs()
        )),
        ReplicaState::Failing(why) => Condition::Failing(format!(
            "Cannot use the replica in DATABASE_READ_URL: {why}; until then, all pages are read from the primary"
        )),
    }
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
