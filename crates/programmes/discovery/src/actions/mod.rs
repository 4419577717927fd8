//! Actions of discovery.

mod claims;
mod derive;
mod erase;
mod feedback;
mod find_named;
mod follow;
mod import_projects;
mod model;
mod picks;
mod preferences;
mod review_follows;
mod search;
mod watch;

pub(crate) use claims::follow_pulls;
pub use claims::{
    claim, expire_claims, notify_claim, notify_ending, rate_claim, release, remind_of_claims,
};
pub(crate) use derive::{derive, derive_all};
pub use erase::erase;
pub use feedback::{MOST_SAVED, dismiss, mark_helpful, save, start, withdraw};
pub(crate) use find_named::FindNamed;
pub use follow::{Followed, Unfollowed, follow, unfollow};
pub use import_projects::import_projects;
pub(crate) use model::{
    Analyze, EmbeddedBatch, MODEL, embed_next, forget_calls, plan_analyses, reserve, services,
    settle, watch_models,
};
pub(crate) use picks::{send_digests, send_good_matches};
pub use preferences::state_preferences;
pub(crate) use review_follows::{review_follow, review_search};
pub(crate) use search::SearchGithub;
pub(crate) use watch::{erase_watches, search_again};
pub use watch::{follow_search, unfollow_search, unwatch, watch};
