//! Web push: messages to browsers by their makers' push services (RFC 8030), encrypted so that the service
//! cannot read it (RFC 8291), under the key by which services know this server (RFC 8292). Browsers give
//! the services' addresses, so every call goes by [`Guarded`]. Owns `push_keys`, `push_subscriptions`.

mod browsers;
mod channel;
mod key;
mod model;
mod rules;
mod store;
mod tables;

use futures_util::future::BoxFuture;

pub use browsers::{add, remove};
pub use channel::Push;
pub use key::{SEALED, public_key};
pub use model::{Browser, NewBrowser};
pub use rules::PushServices;
pub use store::of_person;
pub(crate) use tables::migration;

/// The channel of web push.
pub const PUSH: &str = "push";

/// The most that a body may hold: push services need not take more (RFC 8030, 7.2).
pub const LARGEST: usize = 4_096;

type Handed<'a> = BoxFuture<'a, Result<String, super::Refusal>>;
