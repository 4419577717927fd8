use std::sync::Arc;

use platform::{
    flags::Flag,
    jobs::{self, Jobs},
    module::{
        ApiLink, ApiParameter, ApiTag, Audience, AuditKind, Module, NavItem, NavPlace,
        ParameterKind,
    },
    outbox::DemoMailbox,
};

use crate::{
    api::{self, document::Description},
    badge_notices,
    health::Watch,
    jobs::JobControl,
    lost_rights, pages, privacy,
};

/// The application's own routes and jobs, as a module among the others.
pub const MODULE: Module = Module {
    name: "guildhall",
    api: api::routes,
    pages: pages::routes,
    public_routes: PUBLIC_ROUTES,
    search: pages::SEARCH,
    page_parameters: &[("/people/{login}", &["points"])],
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
    api_links: API_LINKS,
    navigation: NAVIGATION,
    flags: FLAGS,
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
        provided.insert(pages::Guides::of(services.modules()));
        provided.insert(Watch::new(services));
        provided.insert(Arc::new(JobControl(services.jobs())));
        provided.insert(mailbox);
    },
    ..Module::EMPTY
};

const FLAGS: &[&Flag] = &[pages::API_DOCS];

const fn admin(order: u8, label: &'static str, address: &'static str) -> NavItem {
    NavItem::new(NavPlace::Admin, order, label, address).to(Audience::Admins)
}

const NAVIGATION: &[NavItem] = &[
    NavItem::new(NavPlace::Main, 10, "Home", "/"),
    NavItem::new(NavPlace::Main, 40, "Events", "/events").with(&["/hackathons", "/seasons"]),
    NavItem::new(NavPlace::Footer, 5, "Guides", "/guides"),
    admin(5, "Overview", "/admin/overview"),
    admin(40, "Flags", "/admin/flags").in_group("Running"),
    NavItem {
        count: Some(|context, _| Box::pin(jobs::failed_count(&context.db))),
        ..admin(50, "Jobs", "/admin/jobs").in_group("Running")
    },
    admin(70, "Audit log", "/admin/audit").in_group("Running"),
    admin(80, "Health", "/admin/health").in_group("Running"),
    admin(90, "Settings", "/admin/settings").in_group("Running"),
    NavItem {
        flag: Some(pages::API_DOCS),
        ..NavItem::new(NavPlace::Footer, 30, "API", "/docs/api")
    },
];

/// Routes whose responses are identical for everyone, except for the slots of the layout.
const PUBLIC_ROUTES: &[&str] = &[
    "/api/v1/openapi.json",
    "/api/v1/people/{login}",
    "/api/v1/people/{login}/transactions",
    "/guides",
    "/guides/{name}",
    "/events",
    "/people/{login}",
];

const AUDIT: &[AuditKind] = &[
    AuditKind::new("keys.rotate", "key"),
    AuditKind::new(crate::sample_data::BEGIN, "sample_data"),
];

const API_TAGS: &[ApiTag] = &[
    ApiTag { name: "People", description: "People, their points and their pull requests." },
    ApiTag {
        name: "Admin",
        description: "For admins: people, deliveries, the ledger, flags, jobs and the audit log. Moderators can only list people.",
    },
    ApiTag { name: "OpenAPI", description: "The OpenAPI description of this API." },
];

const API_LINKS: &[ApiLink] = &[
    ApiLink::new("list_leaderboard", "get_person", "login", "/items/0/login"),
    ApiLink::new("list_leaderboard", "list_person_transactions", "login", "/items/0/login"),
];

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("flags/{name}", ParameterKind::Text, "The flag's name", "live_updates", "no flag has this name"),
    ApiParameter::new("jobs/{name}", ParameterKind::Text, "The job's name", "LedgerVerification", "no scheduled job has this name"),
];
