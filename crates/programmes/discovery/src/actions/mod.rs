//! Actions of discovery.

mod claims;
mod derive;
mod find_named;
mod follow;
mod model;

pub(crate) use claims::follow_pulls;
pub use claims::{
    claim, erase, expire_claims, notify_claim, notify_ending, rate_claim, release, remind_of_claims,
};
pub(crate) use derive::{derive, derive_all};
pub(crate) use find_named::FindNamed;
pub use follow::{Followed, follow, unfollow};
pub(crate) use model::{
    Analyze, EmbeddedBatch, MODEL, embed_next, forget_calls, plan_analyses, reserve, settle,
    watch_models,
};
