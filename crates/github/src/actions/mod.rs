//! Every change to the inbox and to what GitHub states.

mod accept;
mod apply;
mod apply_pulls;
mod prune;
mod register;

pub use accept::{AcceptError, Inbox, Receipt};
pub(crate) use apply::{ClaimedDelivery, apply, give_back};
pub use prune::prune;
pub use register::{NewRepository, RegisterError, register};

pub use crate::store::deliveries::NewDelivery;
