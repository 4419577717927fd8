//! The operator's half: backups, costs and use, and what people say about the server. Owns `backups`. Uses modules of all
//! programs only through what they declare in their `MODULE`.

mod actions;
pub mod backup;
pub mod bundle;
mod gateway;
mod jobs;
mod model;
mod pages;
pub mod production;
mod reads;
mod rules;
mod store;

use platform::{
    jobs::Jobs,
    module::{AlertRule, Audience, Module, NavItem, NavPlace, Personal, Table},
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "operations",
    tables: &[Table::new(
        "backups",
        "backups",
        Personal::None,
        "a year after the file was removed",
    )],
    migrations: store::migrations,
    pages: |_| pages::routes(),
    provide: |services, provided| {
        provided.insert(pages::Plan::of(&services.config));
    },
    navigation: &[NavItem::new(NavPlace::Admin, 63, "Backups", "/admin/backups")
        .to(Audience::Admins)
        .in_group("Server")],
    jobs: |services| Jobs { workers: Vec::new(), schedules: jobs::schedules(services) },
    alerts: &[AlertRule {
        kind: rules::backups::OLD,
        look: Some(|services| Box::pin(reads::missing(services))),
        covers: &[jobs::BACKUP],
    }],
    metrics: &[reads::AGE],
    measure: Some(|context| Box::pin(reads::measure(context))),
    services: |config, _| vec![reads::check(config)],
    ..Module::EMPTY
};
