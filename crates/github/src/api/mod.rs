//! The webhook's address.

mod hooks;
mod webhook;

pub use hooks::Hooks;
pub use webhook::{Webhook, routes};
