//! Actions that change projects and contributions.

mod add_repository;
mod change_project;
mod create_project;
mod erase;
mod fill_windows;
mod maintainers;
mod mature;
mod mismatches;
mod notify;
mod preview_rules;
mod publish_rules;
mod remove_repository;
mod resettle;
mod settle;
mod settle_changed;
mod settle_windows;
mod sync_repository;
mod wake_pulls;
mod watch_settlement;

pub use add_repository::add_repository;
pub use change_project::{ChangedProject, ProjectChange, change_project};
pub use create_project::{NewProject, Project, create_project};
pub use erase::erase;
pub use maintainers::{add_maintainer, remove_maintainer};
pub use mature::mature;
pub(crate) use mismatches::mismatches;
pub use notify::{notify_new_maintainer, notify_score};
pub use preview_rules::{RulesPreview, preview_rules};
pub use publish_rules::{NewRules, publish_rules};
pub use remove_repository::remove_repository;
pub(crate) use resettle::resettle;
pub(crate) use settle::awaiting_windows;
pub use settle::{Settled, check_pulls, settle_pulls};
pub use settle_changed::settle_changed;
pub use sync_repository::{sync_all, sync_repository};
pub(crate) use watch_settlement::{SETTLEMENT, watch_settlement};
