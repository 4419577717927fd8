use std::sync::Arc;

use platform::{
    jobs::{self, JobControl, Jobs},
    module::{
        ApiParameter, ApiTag, Audience, AuditKind, Description, Guide, Module, NavItem, NavPlace,
        ParameterKind,
    },
    outbox::DemoMailbox,
    settings::Reload,
};

use crate::{api, badge_notices, health::Watch, lost_rights, pages, privacy};

/// The application's own routes and jobs, as a module among the others.
pub const MODULE: Module = Module {
    name: "guildhall",
    api: api::routes,
    pages: pages::routes,
    panels: pages::PANELS,
    public_routes: &["/api/v1/openapi.json"],
    unlimited_routes: &[
        "/api/health",
        "/assets/",
        "/livez",
        "/manifest.webmanifest",
        "/metrics",
        "/readyz",
        "/service-worker.js",
    ],
    problems: api::PROBLEMS,
    audit: AUDIT,
    api_tags: API_TAGS,
    api_parameters: PARAMETERS,
    navigation: NAVIGATION,
    guides: &[Guide {
        order: 90,
        group: "For operators",
        name: "running-a-server",
        title: "Run a server",
        summary: "How to install Guildhall, set it up in the browser, back it up and update it.",
        markdown: include_str!("../../../docs/guides/running-a-server.md"),
    }],
    jobs: |services| Jobs {
        workers: [
            vec![privacy::worker(services.modules())],
            badge_notices::workers(&services.post),
            lost_rights::workers(services.modules()),
        ]
        .concat(),
        schedules: vec![privacy::schedule(services.modules())],
    },
    provide: |services, provided| {
        let mailbox: DemoMailbox = services.extensions.get().cloned().unwrap_or_default();
        provided.insert(Arc::new(Description::of(services.modules())));
        provided.insert(services.modules());
        provided.insert(Watch::new(services));
        provided.insert(Arc::new(JobControl(services.jobs())));
        provided.insert(mailbox);
        if let Some(reload) = services.extensions.get::<Reload>() {
            provided.insert(reload.clone());
        }
    },
    ..Module::EMPTY
};

const fn admin(order: u8, label: &'static str, address: &'static str) -> NavItem {
    NavItem::new(NavPlace::Admin, order, label, address).to(Audience::Admins)
}

const NAVIGATION: &[NavItem] = &[
    NavItem::new(NavPlace::Main, 10, "Home", "/"),
    admin(5, "Overview", "/admin/overview"),
    admin(15, "Audit log", "/admin/audit"),
    admin(60, "Health", "/admin/health")
        .with(&["/admin/backups", "/admin/slow", "/admin/maintenance"])
        .in_group("Server"),
    NavItem {
        count: Some(|context, _| Box::pin(jobs::failed_count(&context.db))),
        ..admin(62, "Jobs", "/admin/jobs").in_group("Server")
    },
    admin(66, "Features", "/admin/flags").in_group("Server"),
    admin(67, "Settings", "/admin/settings").with(&["/admin/texts"]).in_group("Server"),
];

const AUDIT: &[AuditKind] = &[
    AuditKind::new("keys.rotate", "key", "Keys replaced"),
    AuditKind::new(crate::sample_data::BEGIN, "sample_data", "Sample data loaded"),
];

const API_TAGS: &[ApiTag] = &[
    ApiTag {
        name: "Admin",
        description: "For admins: people, deliveries, the ledger, flags, jobs and the audit log. Moderators can only list people.",
    },
    ApiTag { name: "OpenAPI", description: "The OpenAPI description of this API." },
];

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("flags/{name}", ParameterKind::Text, "The flag's name", "live_updates", "no flag has this name"),
    ApiParameter::new("jobs/{name}", ParameterKind::Text, "The job's name", "LedgerVerification", "no scheduled job has this name"),
];
