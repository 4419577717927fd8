//! Mechanisms shared by every module: configuration, database, files, jobs, web, secrets, audit log, flags,
//! outbox, alerts, telemetry and idempotent requests. Owns `jobs`, `job_pauses`, `wake_ups`, `audit_logs`,
//! `audit_words`, `feature_flags`, `outbox_messages`, `stranger_emails`, `push_keys`, `push_subscriptions`,
//! `webhook_endpoints`, `webhook_attempts`, `alerts`, `stored_responses`, `exempt_networks`, `pictures`, `picture_uses`, `picture_reports`,
//! `picture_uploads`, `processes`, `settings`, `request_minutes`. Depends only on the kernel and contains nothing specific to the product.

mod action_error;
pub mod alerts;
pub mod ascii;
pub mod audit;
pub mod checks;
pub mod command;
mod commands;
pub mod config;
mod context;
pub mod crash;
pub mod crypto;
pub mod db;
pub mod disk;
pub mod emoji;
pub mod exempt;
pub mod files;
pub mod finding;
pub mod flags;
pub mod folded;
pub mod idempotency;
pub mod jobs;
pub mod kept;
pub mod live;
pub mod media;
pub mod module;
pub mod outbox;
pub mod outside;
pub mod presence;
pub mod probes;
mod problems;
pub mod processes;
pub mod running;
pub mod settings;
pub mod slow;
pub mod slug;
pub mod telemetry;
pub mod theme;
pub mod traffic;
pub mod web;
pub mod work;

pub use action_error::ActionError;
pub use context::{Context, ContextParts, RandomIds, SystemClock};

use db::CodeColumn;
use module::{AuditKind, Personal, Table};

#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table::new("jobs", "runs of schedules", Personal::None, "30 days"),
    Table::new("job_pauses", "jobs", Personal::None, "until resumed"),
    Table::new("wake_ups", "work to do", Personal::None, "until done"),
    Table::new("audit_logs", "actions", Personal::Pseudonymous, "forever"),
    Table::new("audit_words", "actions", Personal::Erased, "forever"),
    Table::new("feature_flags", "flags", Personal::Erased, "forever"),
    Table::new("exempt_networks", "networks of places", Personal::None, "until their owner removes them"),
    Table::new("outbox_messages", "messages", Personal::Erased, "90 days after sending"),
    Table::new("stranger_emails", "emails to addresses without an account", Personal::Erased, "a day"),
    Table::new("push_keys", "push keys", Personal::None, "forever"),
    Table::new("push_subscriptions", "browsers", Personal::Erased, "until removed"),
    Table::new("webhook_endpoints", "webhooks", Personal::Erased, "until deleted"),
    Table::new("webhook_attempts", "requests to webhooks", Personal::Erased, "30 days"),
    Table::new("stored_responses", "requests with a key", Personal::Erased, "a day"),
    Table::new("pictures", "pictures", Personal::Erased, "until nothing uses them"),
    Table::new("picture_uses", "pictures", Personal::Erased, "until removed")
        .with_codes(&[CodeColumn::of::<media::PictureUse>("used_for"), CodeColumn::of::<media::PictureSource>("source")]),
    Table::new("picture_reports", "reports of pictures", Personal::Erased, "until decided"),
    Table::new("picture_uploads", "uploads", Personal::Erased, "a day"),
    Table::new("processes", "servers and workers", Personal::None, "a day after they end"),
    Table::new("settings", "settings that admins change", Personal::None, "forever"),
    Table::new("request_minutes", "minutes with requests", Personal::None, "8 days"),
    Table::new("alerts", "incidents", Personal::None, "a year after they end").with_codes(&[CodeColumn::of::<alerts::Severity>("severity")]),
];

/// The module description of the platform.
pub const MODULE: module::Module = module::Module {
    name: "platform",
    migrations,
    jobs: |services| jobs::Jobs {
        workers: outbox::workers(&services.post.channels, services.config.jobs()),
        schedules: vec![idempotency::schedule(), alerts::schedule(services.clone())],
    },
    provide: |services, provided| {
        provided.insert(services.post.clone());
        provided.insert(services.operators());
        provided.insert(services.once(live::Live::default));
    },
    intake: media::routes,
    flags: &[live::FLAG],
    tasks: work::TASKS,
    services: outside::services,
    commands: commands::COMMANDS,
    sealed: &[
        idempotency::SEALED,
        outbox::push::SEALED,
        outbox::webhook::SEALED[0],
        outbox::webhook::SEALED[1],
        settings::SEALED,
    ],
    audit: &[
        AuditKind::new("flag.change", "flag", "Feature flag changed"),
        AuditKind::new("job.run", "job", "Job started by hand"),
        AuditKind::new("job.pause", "job", "Job paused"),
        AuditKind::new("job.resume", "job", "Job resumed"),
        AuditKind::new("job.retry", "job", "Failed runs queued again"),
        AuditKind::new("message.retry", "message", "Message queued again"),
        AuditKind::new("message.send", "message", "Waiting message sent at once"),
        AuditKind::new("picture.keep", "user", "Reported picture kept"),
        AuditKind::new("picture.remove", "user", "Reported picture removed"),
        AuditKind::new("setting.change", settings::TARGET, "Setting changed"),
    ],
    problems: problems::PROBLEMS,
    tables: TABLES,
    alerts: alerts::RULES,
    metrics: &[
        alerts::measure::OPEN,
        db::pools::CONNECTIONS,
        db::pools::FAILED,
        db::pools::MOST,
        db::pools::WAITING,
        db::replica::LAG,
        db::replica::READS,
        disk::FREE,
        disk::SIZE,
        jobs::metrics::AGE,
        jobs::metrics::DEAD,
        jobs::metrics::DEPTH,
        jobs::metrics::DURATION,
        jobs::metrics::FAILURES,
        jobs::metrics::RUNS,
        outbox::work::ATTEMPTS,
        outbox::work::FAILURES,
        outside::CALLS,
        outside::DURATION,
        probes::BUILD,
        telemetry::LOST,
        web::from_cache::ANSWERS,
        web::layers::REQUESTS,
        web::rate::FALLBACKS,
        web::rate::UP,
    ],
    spending: outbox::SPENDING,
    email_samples: || alerts::samples().into_iter().chain(outbox::samples()).collect(),
    export: Some(|tx, _, person| {
        Box::pin(async move {
            Ok(serde_json::json!({
                "outbox": outbox::export(tx, person).await?,
                "audit": audit::export(tx, person).await?,
                "media": media::export(tx, person).await?,
            }))
        })
    }),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move {
            outbox::erase(tx, person).await?;
            media::erase(tx, person).await?;
            Ok(idempotency::erase(tx, person).await?)
        })
    }),
    ..module::Module::EMPTY
};

fn migrations() -> Vec<Box<dyn crate::db::Migration>> {
    let mut all = jobs::migrations();
    all.push(flags::migration());
    all.push(exempt::migration());
    all.extend(audit::migrations());
    all.extend(outbox::migrations());
    all.extend(idempotency::migrations());
    all.extend(alerts::migrations());
    all.push(db::changes::migration());
    all.push(outbox::webhook::migration());
    all.extend(media::migrations());
    all.push(settings::migration());
    all.push(processes::migration());
    all.push(traffic::migration());
    all
}
