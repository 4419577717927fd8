//! Data from GitHub: the webhook inbox, repositories, pull requests and their history. Owns
//! `webhook_deliveries`, `repositories`, `hook_tasks`, `member_checks`, `repository_syncs`, `pull_requests`, `pull_request_versions`,
//! `pull_request_files`, `pull_request_patches`, `github_reviews`, `pushes`, `check_results`, `issues`,
//! `repository_profiles`, `issue_syncs`, `installations` and `installation_repositories`. Depends on kernel, platform,
//! ui, identity and recognition, and never on the points of a pull
//! request.

pub mod actions;
pub mod api;
mod commands;
pub mod gateway;
pub mod jobs;
pub mod model;
mod pages;
pub mod reads;
pub mod rules;
mod store;
mod telemetry;

use std::sync::Arc;

use platform::{
    jobs::Jobs,
    module::{
        AlertRule, ApiLink, ApiParameter, ApiTag, Audience, AuditKind, Module, NavItem, NavPlace,
        ParameterKind, Personal, ProblemCode, Table, UseSeries,
    },
};

#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table::new("webhook_deliveries", "deliveries", Personal::None, "90 days for bodies"),
    Table::new("repositories", "repositories", Personal::Pseudonymous, "forever"),
    Table::new("member_checks", "changed roles", Personal::Pseudonymous, "until the person has the role again"),
    Table::new("hook_tasks", "webhooks to delete", Personal::Pseudonymous, "until done"),
    Table::new("pull_requests", "pull requests", Personal::Pseudonymous, "forever"),
    Table::new("pull_request_versions", "statements", Personal::Pseudonymous, "forever"),
    Table::new("github_reviews", "reviews", Personal::Pseudonymous, "forever"),
    Table::new("pushes", "pushes", Personal::None, "forever"),
    Table::new("check_results", "results of checks", Personal::None, "forever"),
    Table::new("pull_request_files", "commits of pull requests", Personal::None, "forever"),
    Table::new("pull_request_patches", "small pull requests", Personal::None, "forever"),
    Table::new("issues", "issues", Personal::Pseudonymous, "forever"),
    Table::new("closing_references", "pull requests", Personal::None, "forever"),
    Table::new("linked_pulls", "claimed issues", Personal::Pseudonymous, "forever"),
    Table::new("repository_profiles", "followed repositories", Personal::None, "forever"),
    Table::new("issue_syncs", "followed repositories", Personal::None, "forever"),
    Table::new("installations", "installations of the GitHub App", Personal::Pseudonymous, "forever"),
    Table::new("installation_repositories", "repositories of installations", Personal::None, "forever"),
    Table::new("repository_syncs", "repositories", Personal::None, "forever"),
];

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "github",
    tables: TABLES,
    migrations: store::migrations,
    api: api::inbox_routes,
    api_tags: &[ApiTag {
        name: "Webhooks",
        description: "Receives webhook deliveries from GitHub.",
    }],
    api_parameters: &[ApiParameter::new(
        "deliveries/{id}",
        ParameterKind::Text,
        "The delivery's ID from GitHub",
        "0b989ba4-242f-11e5-81e1-c7b6966d2516",
        "no delivery has this ID",
    )],
    api_links: &[
        ApiLink::new("list_deliveries", "list_deliveries", "cursor", "/next_cursor"),
        ApiLink::new("list_deliveries", "get_delivery", "id", "/items/0/id"),
    ],
    pages: |_| pages::routes(),
    commands: commands::COMMANDS,
    navigation: &[NavItem {
        count: Some(|context, _| Box::pin(reads::dead(&context.db))),
        ..NavItem::new(NavPlace::Admin, 61, "Deliveries", "/admin/deliveries")
            .to(Audience::Admins)
            .in_group("Server")
    }],
    tasks: reads::TASKS,
    guarded_routes: &["/settings/identities/github/check"],
    unlimited_routes: &["/api/v1/webhooks/", "/api/webhooks/"],
    metrics: &[telemetry::DELIVERIES],
    series: &[
        UseSeries {
            code: "pull_requests_opened",
            title: "Pull requests opened",
            unit: "pull requests",
            flag: None,
            read: |context, since| Box::pin(reads::opened(&context.db, since)),
        },
        UseSeries {
            code: "pull_requests_merged",
            title: "Pull requests merged",
            unit: "pull requests",
            flag: None,
            read: |context, since| Box::pin(reads::merged(&context.db, since)),
        },
    ],
    alerts: &[
        AlertRule::new(actions::WEBHOOK_ERRORS, |services| {
            Box::pin(async move { Ok(actions::webhook_incidents(&services.context).await?) })
        }),
        AlertRule::new(actions::NO_DELIVERIES, |services| {
            Box::pin(async move { Ok(actions::silence_incidents(&services.context).await?) })
        }),
    ],
    audit: &[
        AuditKind::new("delivery.retry", "delivery", "Delivery queued again"),
        AuditKind::new("repository.secret", "repository", "Secret of a repository replaced"),
        AuditKind::new("repository.webhook", "repository", "Webhook of a repository updated"),
    ],
    problems: &[
        ProblemCode::new(
            "AMBIGUOUS_NAME",
            "several repositories have this name",
            "Use the repository's GitHub ID instead of the name.",
        ),
        ProblemCode::new(
            "BAD_HEADER",
            "a header is too long",
            "Shorten the header that `detail` names.",
        ),
        ProblemCode::new(
            "GITHUB_LIMIT",
            "GitHub's limit on requests is reached",
            "Wait the number of seconds in `Retry-After`.",
        ),
        ProblemCode::new(
            "GITHUB_NOT_CONNECTED",
            "you have not connected GitHub",
            "Connect GitHub at `/settings/identities`.",
        ),
        ProblemCode::new(
            "GITHUB_RECONNECT",
            "GitHub no longer accepts your connection",
            "Connect GitHub again at `/settings/identities`.",
        ),
        ProblemCode::new(
            "GITHUB_REFUSED",
            "GitHub refused a request; `detail` has its message",
            "Do what GitHub's message says.",
        ),
        ProblemCode::new(
            "GITHUB_SSO_REQUIRED",
            "the repository's organization requires single sign-on",
            "Authorize this server for the organization on GitHub, then try again.",
        ),
        ProblemCode::new(
            "GITHUB_UNAVAILABLE",
            "GitHub is not responding",
            "Wait the number of seconds in `Retry-After`, then try again.",
        ),
        ProblemCode::new(
            "REGISTRATION_IN_PROGRESS",
            "the repository is being registered or removed by another request",
            "Try again in a few minutes.",
        ),
        ProblemCode::new(
            "REPOSITORY_ARCHIVED",
            "the repository is archived on GitHub",
            "Unarchive the repository first.",
        ),
        ProblemCode::new(
            "REPOSITORY_FORK",
            "the project does not allow forks",
            "Change the project's settings for repositories, or register the original.",
        ),
        ProblemCode::new(
            "REPOSITORY_NOT_VISIBLE",
            "GitHub knows no such repository, or does not show it to you",
            "Check that you have access to the repository.",
        ),
        ProblemCode::new(
            "REPOSITORY_PRIVATE",
            "the project does not allow private repositories",
            "Change the project's settings for repositories, or make the repository public.",
        ),
        ProblemCode::new(
            "REPOSITORY_RIGHTS",
            "your role in the repository on GitHub does not allow this",
            "Ask an admin of the repository to register it.",
        ),
        ProblemCode::new(
            "SECRET_HAS_LINES",
            "the webhook's secret has several lines",
            "Send a secret of one line, for example from `openssl rand -hex 32`.",
        ),
        ProblemCode::new(
            "SECRET_TOO_SHORT",
            "the webhook's secret is shorter than 16 bytes",
            "Send a secret of at least 16 bytes, for example from `openssl rand -hex 32`.",
        ),
        ProblemCode::new(
            "BAD_SIGNATURE",
            "the signature does not match the webhook's secret",
            "Set the same secret on GitHub and on this server.",
        ),
        ProblemCode::new(
            "MISSING_HEADER",
            "a header is missing",
            "Send the header that `detail` names, as GitHub does.",
        ),
        ProblemCode::new(
            "NOT_STORED",
            "the delivery could not be stored",
            "Wait the number of seconds in `Retry-After`, then send the delivery again.",
        ),
        ProblemCode::new(
            "NO_OWN_HOOK",
            "the repository has no webhook of its own",
            "Register the repository's webhook first.",
        ),
        ProblemCode::new(
            "SAME_SECRET",
            "the webhook already has this secret",
            "Send a new secret.",
        ),
    ],
    provide: |services, provided| {
        provided.insert(Arc::new(actions::BioProofs::new(services.ring.clone())));
        provided.insert(Arc::new(actions::Registrar::of(&services.config)));
    },
    intake: |services| axum::Router::from(api::routes()).with_state(api::Webhook::of(services)),
    intake_description: || api::routes().into_openapi(),
    flags: &[<gateway::GithubApi as platform::flags::Outgoing>::FLAG],
    services: |config, _| {
        gateway::services(config).into_iter().chain([actions::arrivals(config)]).collect()
    },
    jobs: |services| Jobs {
        workers: jobs::workers(&services.config),
        schedules: jobs::schedules(&services.config),
    },
    sealed: &store::SEALED,
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person.into()))),
    ..Module::EMPTY
};
