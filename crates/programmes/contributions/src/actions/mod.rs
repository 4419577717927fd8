//! Actions that change projects and contributions.

mod add_repository;
mod create_project;
mod erase;
mod maintainers;
mod mature;
mod mismatches;
mod notify;
mod resettle;
mod settle;
mod settle_windows;

pub use add_repository::add_repository;
pub use create_project::{NewProject, Project, create_project};
pub use erase::erase;
pub use maintainers::{appoint_maintainer, dismiss_maintainer};
pub use mature::mature;
pub(crate) use mismatches::mismatches;
pub use notify::{notify_appointment, notify_score};
pub(crate) use resettle::resettle;
pub use settle::{Settled, check_pulls, settle_changed, settle_pulls};
