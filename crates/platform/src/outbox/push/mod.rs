//! Web push: what a browser is told by its maker's push service (RFC 8030), encrypted so that the service
//! cannot read it (RFC 8291), under the key by which services know this server (RFC 8292). Browsers give
//! the services' addresses, so every call goes by [`Guarded`]. Owns `push_keys`, `push_subscriptions`.

mod browsers;
mod channel;
mod key;
mod rules;
mod tables;

use futures_util::future::BoxFuture;

pub use browsers::{Browser, NewBrowser, add, of_person, remove};
pub use channel::Push;
pub use key::{SEALED, public_key};
pub use rules::PushServices;
pub(crate) use tables::migration;

/// The channel of web push.
pub const PUSH: &str = "push";

/// The most that a body may hold: push services need not take more (RFC 8030, 7.2).
pub const LARGEST: usize = 4_096;

type Handed<'a> = BoxFuture<'a, Result<String, super::Refusal>>;
