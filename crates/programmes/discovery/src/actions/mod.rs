//! Actions of discovery.

mod derive;
mod find_named;
mod follow;

pub(crate) use derive::{derive, derive_all};
pub(crate) use find_named::FindNamed;
pub use follow::{Followed, follow, unfollow};
