//! Discovery: open issues that are worth a person's time. Depends on kernel,
//! platform, ui, identity, notifications and github.

mod access;
pub mod actions;
pub mod api;
mod commands;
mod demo;
pub mod emails;
mod gateway;
pub mod jobs;
mod model;
mod pages;
mod problems;
pub mod reads;
pub mod rules;
mod search;
mod store;
mod telemetry;

use model::{
    ClaimStatus, DismissalReason, FeedbackKind, Frequency, Level, SearchKind, Status, WatchKind,
    WorkKind,
};
use platform::{
    db::CodeColumn,
    flags::{Flag, FlagKind, Start},
    jobs::Jobs,
    module::{
        AlertRule, ApiParameter, ApiTag, Audience, AuditKind, FrontSource, Module, NavItem,
        NavPlace, ParameterKind, Personal, Program, Spending, Spent, Table,
    },
};

/// The flag of finding issues.
pub const FLAG: &Flag = &Flag {
    name: "discovery",
    kind: FlagKind::Feature,
    variable: "ENABLE_DISCOVERY",
    start: Start::On,
    description: "Finding issues: Discover, claims, watches and suggestions, with the pages, the API, the links to them, and what is sent about them. No searches on GitHub and no calls to the language model. Claims end at their time nonetheless.",
};

#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table::new("followed_repositories", "followed repositories", Personal::None, "forever"),
    Table::new("repository_health", "followed repositories", Personal::None, "forever"),
    Table::new("opportunities", "issues", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<Status>("status"), CodeColumn::of::<WorkKind>("type")]),
    Table::new("discovery_watches", "watches of people", Personal::Erased, "a day after their end").with_codes(&[CodeColumn::of::<WatchKind>("kind")]),
    Table::new("discovery_searches", "searches on GitHub", Personal::None, "forever").with_codes(&[CodeColumn::of::<SearchKind>("kind")]),
    Table::new("discovery_finds", "repositories that searches found", Personal::None, "30 days after the search last found them"),
    Table::new("opportunity_claims", "claims of people", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<ClaimStatus>("status")]),
    Table::new("discovery_preferences", "people", Personal::Erased, "until erased").with_codes(&[CodeColumn::of::<Frequency>("digest"), CodeColumn::of::<Level>("level")]),
    Table::new("opportunity_feedback", "statements of people about issues", Personal::Erased, "until erased").with_codes(&[CodeColumn::of::<FeedbackKind>("kind"), CodeColumn::of::<DismissalReason>("reason")]),
    Table::new("model_analyses", "texts of issues that a language model is asked about", Personal::None, "forever"),
    Table::new("model_usage", "calls to language models", Personal::None, "90 days"),
];

/// The cost of calls to models, as each call recorded it.
const MODELS: Spending = Spending {
    code: "language_model",
    title: "Language model",
    units: "calls",
    priced_by: "AI_PRICE_INPUT_USD, AI_PRICE_OUTPUT_USD and AI_PRICE_EMBEDDING_USD",
    budget: |config| config.model_budget,
    read: |context, _, (since, until)| {
        Box::pin(async move {
            let (units, cost) = reads::calls_between(&context.db, since, until).await?;
            Ok(Spent { units, cost })
        })
    },
    cheaper: Some("Name a smaller model in OPENAI_MODEL, with its prices, and restart."),
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "discovery",
    commands: commands::COMMANDS,
    tables: TABLES,
    demo: Some(demo::DEMO),
    migrations: store::migrations,
    jobs: |services| Jobs {
        workers: jobs::workers(services),
        schedules: jobs::schedules(services),
    },
    api: api::routes,
    api_parameters: PARAMETERS,
    api_tags: &[ApiTag {
        name: "Discovery",
        description: "Open issues that are worth your time, and your claims to them.",
    }],
    pages: |_| pages::routes(),
    provide: |services, provided| {
        provided.insert(services.once(|| search::Catalog::of(services)));
        provided.insert(services.once(|| search::Pool::of(services)));
        provided.insert(pages::KeptOffers::default());
        provided.insert(gateway::Models::of(&services.config));
        provided.insert(github::gateway::Clients::of(&services.config));
    },
    public_routes: &[
        "/discover",
        "/api/v1/opportunities",
        "/api/v1/opportunities/{id}",
        "/api/v1/repositories/search",
        "/api/v1/repositories/trending",
        "/api/v1/repositories/{id}/health",
        "/discover/repositories",
    ],
    page_parameters: &[
        (
            "/discover",
            &[
                "cursor",
                "freshness",
                "health",
                "hours",
                "label",
                "language",
                "level",
                "limit",
                "q",
                "sort",
                "topic",
                "type",
            ],
        ),
        ("/discover/repositories", &["cursor", "language", "limit", "q", "topic"]),
    ],
    navigation: &[
        NavItem { flag: Some(FLAG), ..NavItem::new(NavPlace::Main, 20, "Discover", "/discover") },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Account, 14, "Claims", "/discover/claims")
                .to(Audience::SignedIn)
        },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Admin, 50, "Followed repositories", "/admin/discovery")
                .to(Audience::Admins)
                .in_group("Discovery")
        },
    ],
    flags: &[FLAG, <gateway::ModelCalls as platform::flags::Outgoing>::FLAG],
    services: |config, _| actions::services(config),
    metrics: telemetry::ALL,
    spending: &[MODELS],
    alerts: &[AlertRule::new(actions::MODEL, |services| {
        Box::pin(async move {
            let models = gateway::Models::of(&services.config);
            Ok(actions::watch_models(&services.context, &models).await?)
        })
    })],
    guides: &[
        platform::guide!(
            10,
            "For contributors",
            "first-issue",
            "Find your first issue",
            "How to find an open issue that you can do, and what its numbers mean."
        ),
        platform::guide!(
            31,
            "For maintainers",
            "be-found",
            "Make issues easy to find",
            "How issues appear on Discover, and what makes people choose them."
        ),
    ],
    tasks: reads::TASKS,
    panels: pages::PANELS,
    search: pages::SEARCH,
    front: Some(FrontSource {
        flag: Some(FLAG),
        read: |context, _| Box::pin(pages::front(context)),
        reviewers: None,
    }),
    program: Some(Program {
        flag: FLAG,
        title: "Finding issues",
        says: "People find open issues that fit them, claim one, and work on it.",
        picture: "programme-issues",
    }),
    audit: &[
        AuditKind::new("claim.create", "user", "Issue claimed"),
        AuditKind::new("claim.rate", "user", "Difficulty of an issue rated"),
        AuditKind::new("claim.release", "user", "Claim released"),
        AuditKind::new("discovery_preferences.set", "user", "Interests changed"),
        AuditKind::new("watch.create", "user", "Watch started"),
        AuditKind::new("watch.end", "user", "Watch ended"),
    ],
    problems: problems::PROBLEMS,
    news: emails::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, _, person| Box::pin(async move { reads::export(tx, person.into()).await })),
    erase: Some(|tx, context, _, person| {
        Box::pin(async move {
            actions::erase_watches(tx, person.into()).await?;
            actions::erase(tx, context, person.into()).await
        })
    }),
    ..Module::EMPTY
};

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("claims/{id}", ParameterKind::Uuid, "The claim's ID", "01931b6e-6c00-7000-8000-000000000021", "you have no claim with this ID"),
    ApiParameter::new("opportunities/{id}", ParameterKind::Uuid, "The opportunity's ID", "01931b6e-6c00-7000-8000-000000000020", "no opportunity has this ID"),
    ApiParameter::new("repositories/{id}", ParameterKind::Uuid, "The repository's ID", "01931b6e-6c00-7000-8000-000000000022", "no repository has this ID"),
    ApiParameter::new("watches/{id}", ParameterKind::Uuid, "The watch's ID", "01931b6e-6c00-7000-8000-000000000023", "you have no such watch"),
];
