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
pub mod module;
pub mod outbox;
pub mod outside;
pub mod telemetry;
pub mod web;

pub use action_error::ActionError;
pub use context::{Context, RandomIds, SystemClock};

/// The platform's description of itself.
pub const MODULE: module::Module = module::Module {
    name: "platform",
    migrations,
    jobs: |services| jobs::Jobs {
        workers: vec![outbox::worker(
            std::sync::Arc::clone(&services.post.channels),
            services.config.jobs(),
        )],
        schedules: vec![idempotency::schedule(), alerts::schedule(services.clone())],
    },
    provide: |services, router| router.layer(axum::Extension(services.post.clone())),
    sealed: &[idempotency::SEALED, outbox::push::SEALED],
    alerts: alerts::RULES,
    email_samples: alerts::samples,
    export: Some(|tx, person| {
        Box::pin(async move {
            Ok(serde_json::json!({
                "outbox": outbox::export(tx, person).await?,
                "audit": audit::export(tx, person).await?,
            }))
        })
    }),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move {
            outbox::erase(tx, person).await?;
            Ok(idempotency::erase(tx, person).await?)
        })
    }),
    ..module::Module::EMPTY
};

fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
    let mut all = jobs::migrations();
    all.push(flags::migration());
    all.extend(audit::migrations());
    all.extend(outbox::migrations());
    all.push(idempotency::migration());
    all.push(alerts::migration());
    all
}
