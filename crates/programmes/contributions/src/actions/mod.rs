//! Actions that change projects and contributions.

mod add_repository;
mod allow_repositories;
mod change_project;
mod close_abandoned;
mod create_project;
mod decide_flags;
mod detect_gaming;
mod disputes;
mod erase;
mod exclude_repository;
mod fill_windows;
mod find_candidates;
mod give_review;
mod idle;
mod lose_role;
mod maintainers;
mod mature;
mod mismatches;
mod notify;
mod notify_app;
mod notify_flags;
mod notify_reviews;
mod override_score;
mod permitted_reviews;
mod picture;
mod preview_rules;
mod publish_rules;
mod register_named;
mod register_repository;
mod remove_repository;
mod repeated;
mod report;
mod resettle;
mod seasons;
mod set_repository_state;
mod settle;
mod settle_changed;
mod settle_windows;
mod skills;
mod sync_repository;
mod transfer_project;
mod wake_pulls;
mod watch_settlement;

pub use add_repository::add_repository;
pub use allow_repositories::allow_repositories;
pub use change_project::{ChangedProject, ProjectChange, change_project};
pub(crate) use close_abandoned::close_next;
pub use close_abandoned::request_closings;
pub use create_project::{NewProject, Project, create_project};
pub use decide_flags::{FlagDecision, decide_flags, reopen_flag};
pub use detect_gaming::{DetectionResult, detect_gaming};
pub use disputes::{
    DisputeDecision, NewDispute, appeal, close_disputes_of_ended_bans, decide_dispute,
    notify_dispute, notify_override, open_dispute, write_message,
};
pub use erase::erase;
pub use exclude_repository::{exclude_repository, include_repository};
pub use find_candidates::{CandidateSearch, find_candidates, find_installed};
pub use give_review::{GivenReview, NewReview, ReviewingMaintainer, give_review};
pub use idle::{note_idle, release_idle_reviews, remind_reviewers};
pub use lose_role::lose_role;
pub use maintainers::{add_maintainer, remove_maintainer};
pub use mature::mature;
pub(crate) use mismatches::mismatches;
pub use notify::{notify_new_maintainer, notify_score, notify_transfer};
pub use notify_app::notify_disconnected;
pub use notify_flags::{note_late_flags, notify_flags, notify_report};
pub use notify_reviews::{notify_idle_pull, notify_idle_review, notify_review};
pub use override_score::{OverrideInput, lift_score_override, override_score};
pub use permitted_reviews::{PermittedReviews, permitted_reviews};
pub use picture::PICTURED;
pub use preview_rules::{RulesPreview, preview_rules};
pub use publish_rules::{NewRules, publish_rules};
pub use register_named::register_named;
pub use register_repository::register_repository;
pub use remove_repository::remove_repository;
pub use report::{ReportInput, report};
pub(crate) use resettle::resettle;
pub use seasons::{
    NewSanction, NewSeason, RegistrationInput, RulesOutcome, add_organizer, add_season_project,
    cancel_season, change_season, create_season, create_season_with, lift_sanction,
    note_season_ends, notify_registration, notify_results, notify_sanction, notify_season_end,
    notify_season_rules, publish_season, publish_season_rules, register, remove_organizer,
    remove_season_project, sanction, season_closes_at, sign_off_season, withdraw,
};
pub use set_repository_state::set_repository_state;
pub(crate) use settle::awaiting_windows;
pub use settle::{Settlement, check_pulls, settle_pulls};
pub use settle_changed::{settle_changed, settle_now};
pub use skills::refresh_all_skills;
pub use sync_repository::{sync_all, sync_repository};
pub use transfer_project::{TransferInput, transfer_project};
pub(crate) use watch_settlement::{SETTLEMENT, watch_settlement};
