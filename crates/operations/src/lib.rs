//! The operator's half: backups, costs, use, what was slow, and what people say about the server. Owns `backups`, `person_days`,
//! `feedback`, `slow_requests`, `slow_statements` and `storage_days`. Depends on kernel, platform, ui, identity, notifications
//! and recognition; of the programs it uses what they declare in their `MODULE`.

pub mod actions;
mod api;
pub mod backup;
pub mod bundle;
mod demo;
pub mod emails;
mod gateway;
mod jobs;
pub mod model;
mod pages;
pub mod production;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    db::CodeColumn,
    jobs::Jobs,
    module::{
        AlertRule, Audience, AuditKind, Module, NavItem, NavPlace, Personal, ProblemCode, Table,
    },
};

use model::{Accounts, FeedbackKind};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "operations",
    tables: &[
        Table::new("backups", "backups", Personal::None, "a year after the file was removed"),
        Table::new("person_days", "people and days", Personal::Erased, "400 days"),
        Table::new("feedback", "feedback of people", Personal::Erased, "until erased")
            .with_codes(&[CodeColumn::of::<FeedbackKind>("kind")]),
        Table::new("storage_days", "days", Personal::None, "400 days"),
        Table::new("slow_requests", "requests over a second", Personal::Erased, "14 days"),
        Table::new("slow_statements", "statements over 500 ms", Personal::None, "14 days"),
    ],
    migrations: store::migrations,
    api: api::routes,
    pages: |_| pages::routes(),
    provide: |services, provided| {
        actions::Recorder::start(services);
        provided.insert(Accounts::of(services));
        provided.insert(pages::Plan::of(&services.config));
    },
    navigation: &[
        NavItem {
            count: Some(|context, _| Box::pin(reads::open_feedback(&context.db))),
            ..NavItem::new(NavPlace::Admin, 68, "Use, costs, feedback", "/admin/use")
                .with(&["/admin/costs", "/admin/feedback"])
                .to(Audience::Admins)
                .in_group("Server")
        },
        NavItem::new(NavPlace::Account, 90, "Feedback", "/feedback").to(Audience::SignedIn),
    ],
    jobs: |services| {
        actions::Recorder::start(services);
        actions::copy_log(services);
        Jobs { workers: jobs::workers(&services.post), schedules: jobs::schedules(services) }
    },
    audit: &[AuditKind::new("feedback.answer", "feedback", "Feedback answered")],
    problems: &[
        ProblemCode::new(
            "BAD_FEEDBACK",
            "the feedback, or its answer, is empty, too long or of an unknown kind",
            "Write at most 4,000 characters.",
        ),
        ProblemCode::new(
            "FEEDBACK_ANSWERED",
            "someone has already answered the feedback",
            "Read the answer at `/admin/feedback?state=answered`.",
        ),
        ProblemCode::new(
            "TOO_MUCH_FEEDBACK",
            "you sent ten messages in 24 hours",
            "Try again after the number of seconds in `Retry-After`.",
        ),
    ],
    news: &[emails::FEEDBACK_ANSWERED],
    email_samples: emails::samples,
    alerts: &[
        AlertRule::new(rules::backups::OLD, |services| Box::pin(reads::backups::missing(services)))
            .covering(&[jobs::BACKUP]),
        AlertRule::new(actions::DATABASE_COST, |services| {
            Box::pin(async move {
                Ok(actions::watch_database_cost(&services.context, &services.config).await?)
            })
        }),
        AlertRule::new(actions::ACTIVITY, |services| {
            Box::pin(async move { Ok(actions::watch_activity(&services.context).await?) })
        }),
    ],
    metrics: &[reads::backups::AGE, reads::log_copies::AGE, reads::ACTIVE_PEOPLE],
    measure: Some(|context| Box::pin(reads::measure(context))),
    services: |config, _| vec![reads::backups::check(config)],
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person))),
    demo: Some(demo::DEMO),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move { Ok(store::privacy::erase(tx, person).await?) })
    }),
    ..Module::EMPTY
};
