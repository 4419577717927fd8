//! The webhook's address, and what admins see of what came.

mod deliveries;
mod hooks;
mod webhook;

pub use deliveries::{DeliverySearch, inbox_routes};
pub use hooks::Hooks;
pub use webhook::{Webhook, routes};
