//! Actions that change the inbox and the data from GitHub.

mod accept;
mod apply;
mod apply_issues;
mod apply_pulls;
mod check_arrivals;
mod check_authorization;
mod check_member;
mod close_pull;
mod code_reader;
mod find_repository;
mod follow_accounts;
mod follow_issues;
mod follow_settings;
mod hook_tasks;
mod installed;
mod large;
mod link_by_bio;
mod own_app;
mod prune;
mod read_delivery;
mod read_installations;
mod read_patch;
mod reading;
mod record_installations;
mod register;
mod registration;
mod replace_secret;
mod request_sync;
mod retry;
mod sync;
mod sync_issues;
mod tokens;
mod update_hook;
mod watch_deliveries;
mod watch_issue;
mod watch_repository;

pub use accept::{AcceptError, Inbox, Receipt};
pub(crate) use apply::{ClaimedDelivery, FACTS, apply, give_back};
pub(crate) use check_arrivals::arrivals;
pub(crate) use check_authorization::check_authorizations;
pub(crate) use check_member::MemberCheck;
pub use close_pull::PullCloser;
pub use code_reader::{CodeOf, code_reader};
pub(crate) use follow_accounts::follow_accounts;
pub(crate) use follow_issues::request_all_issues;
pub use follow_issues::{follow_issues, request_issues, unfollow_issues};
pub(crate) use hook_tasks::HookTask;
pub use large::turn;
pub use link_by_bio::BioProofs;
pub use own_app::{AppCheck, check_app, check_token, ping_again, settings_of, take_app};
pub use prune::{forget_secrets, prune};
pub(crate) use read_installations::read_installations;
pub(crate) use read_patch::PatchReading;
pub use read_patch::request_patches;
pub use reading::NO_TOKEN;
pub(crate) use reading::{Pages, Reading, Request};
pub use register::{
    NewRepository, Registration, adopt_name, note_registration, register, register_again,
};
pub use registration::{
    NeededHook, PlannedHook, Registrar, abandon_hook, complete_hook, plan_hook, release_hook,
};
pub use replace_secret::replace_secret;
pub(crate) use request_sync::request_all;
pub use request_sync::request_sync;
pub use retry::{retry, retry_all_dead};
pub(crate) use sync::{Sync, decline_sync};
pub(crate) use sync_issues::{IssueSync, decline_issue_sync};
pub(crate) use tokens::reader;
pub use update_hook::{note_events, record_update};
pub(crate) use watch_deliveries::{
    NO_DELIVERIES, WEBHOOK_ERRORS, silence_incidents, webhook_incidents,
};
pub use watch_issue::watch_issue;
pub use watch_repository::{serialize_watches, unwatch_repositories, watch_repository};

pub use crate::store::deliveries::NewDelivery;
