//! Actions that change the inbox and the data from GitHub.

mod accept;
mod apply;
mod apply_pulls;
mod follow_accounts;
mod large;
mod prune;
mod register;
mod replace_secret;
mod retry;
mod sync;

pub use accept::{AcceptError, Inbox, Receipt};
pub(crate) use apply::{ClaimedDelivery, FACTS, apply, give_back};
pub(crate) use follow_accounts::follow_accounts;
pub use large::turn;
pub use prune::{forget_secrets, prune};
pub use register::{NewRepository, register, register_again};
pub use replace_secret::replace_secret;
pub use retry::{retry, retry_all_dead};
pub use sync::request_sync;
pub(crate) use sync::{Sync, SyncError, decline_syncs, request_all};

pub use crate::store::deliveries::NewDelivery;
