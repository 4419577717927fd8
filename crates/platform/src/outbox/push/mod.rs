//! Web push: messages to browsers through push services (RFC 8030), encrypted so that the service cannot read
//! them (RFC 8291), and signed with the key that identifies this server (RFC 8292). Browsers provide the
//! addresses of the services, so every call goes through [`Guarded`](crate::outside::Guarded), except to services
//! that the operator configured. Owns `push_keys`, `push_subscriptions`.

mod browsers;
mod channel;
mod key;
mod model;
mod rules;
mod store;
mod tables;

pub use browsers::{add, check, remove};
pub use channel::Push;
pub use key::{SEALED, public_key};
pub use model::{Browser, NewBrowser};
pub use rules::PushServices;
pub use store::of_person;
pub(crate) use tables::migration;

/// The channel of web push.
pub const PUSH: &str = "push";

/// The maximum size of a body, in bytes. Push services need not accept more (RFC 8030, section 7.2).
pub const LARGEST: usize = 4_096;
