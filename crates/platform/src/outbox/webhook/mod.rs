//! Webhooks by the convention Standard Webhooks: notifications as signed requests to URLs that people registered.
//! Every call goes through [`Guarded`](crate::outside::Guarded), except to receivers that the operator configured
//! for development. Owns `webhook_endpoints`, `webhook_attempts`.

mod channel;
mod endpoints;
mod model;
mod receivers;
mod rules;
mod store;
mod tables;
mod test_event;
mod work;

pub use channel::Webhooks;
pub use endpoints::{add, describe, enable, own, remove, rotate};
pub(super) use model::TOPIC;
pub use model::{Endpoint, NewEndpoint, Secret, TEST, WebhookAttempt};
pub use receivers::Receivers;
pub use rules::{FAILING_DAYS, MOST};
pub use store::{SEALED, attempts, enabled, find, forget, of_person};
pub(crate) use tables::migration;
pub use test_event::send_test;
pub use work::worker;

#[cfg(test)]
pub(super) use rules::{checked_url, tame};

/// The channel of webhooks.
pub const WEBHOOK: &str = "webhook";

/// The topic of wake-ups for webhooks that this server disabled; the object is the webhook.
pub const DISABLED: &str = "webhook-disabled";
