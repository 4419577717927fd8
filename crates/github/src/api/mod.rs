//! The webhook endpoint, and the API for admins to inspect deliveries.

mod deliveries;
#[cfg(test)]
mod fuzz;
mod headers;
mod hooks;
mod memory;
mod refusals;
mod webhook;

pub use deliveries::{DeliverySearch, inbox_routes};
pub use hooks::Hooks;
pub use webhook::{Webhook, routes};
