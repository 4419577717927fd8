//! The webhook endpoint, and the API for admins to inspect deliveries.

mod deliveries;
mod hooks;
mod memory;
mod webhook;

pub use deliveries::{DeliverySearch, inbox_routes};
pub use hooks::Hooks;
pub use webhook::{Webhook, routes};
