//! Mechanisms every room stands on: configuration, database, jobs, web, secrets, audit, flags, the
//! outbox, alerts, telemetry, what is asked again. Owns `jobs`, `job_pauses`, `wake_ups`, `audit_logs`,
//! `audit_words`, `feature_flags`, `outbox_messages`, `push_keys`, `push_subscriptions`, `alerts`, `kept_answers`.
//! Knows only the kernel. Never knows a product word.

mod action_error;
pub mod alerts;
pub mod audit;
pub mod config;
mod context;
pub mod crash;
pub mod crypto;
pub mod db;
pub mod flags;
pub mod idempotency;
pub mod jobs;
pub mod outbox;
pub mod outside;
pub mod telemetry;
pub mod web;

pub use action_error::ActionError;
pub use context::{Context, RandomIds, SystemClock};

/// This room's tables, in the order they are made.
#[must_use]
pub fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
    let mut all = jobs::migrations();
    all.push(flags::migration());
    all.extend(audit::migrations());
    all.extend(outbox::migrations());
    all.push(idempotency::migration());
    all.push(alerts::migration());
    all
}
