//! Points for all programmes: the ledger and the leaderboards. Owns `point_transactions`, `boards`,
//! `board_rows`, `board_histogram` and `hidden_people`. Depends on kernel, platform, ui and identity. Programmes implement
//! the trait [`Programme`], through which alone this module uses them.

pub mod access;
pub mod actions;
pub mod api;
pub mod jobs;
pub mod model;
pub mod pages;
mod programme;
pub mod reads;
pub mod rules;
mod store;

use platform::module::{
    AlertRule, ApiLink, ApiTag, Audience, Module, NavItem, Personal, Place, ProblemCode, Table,
};

pub use programme::{Programme, Programmes, Targets};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "recognition",
    tables: &[
        Table::new(
            "point_transactions",
            "points posted",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new("boards", "boards", Personal::None, "forever"),
        Table::new(
            "board_rows",
            "people on boards",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new(
            "board_histogram",
            "buckets of points",
            Personal::None,
            "forever",
        ),
        Table::new(
            "hidden_people",
            "people on no board",
            Personal::Pseudonymous,
            "while they are banned, closed or erased",
        ),
    ],
    migrations: store::migrations,
    api: api::routes,
    pages: |_| pages::routes(),
    panels: pages::PANELS,
    flags: &[pages::LIVE_UPDATES],
    public_routes: PUBLIC_ROUTES,
    navigation: &[
        NavItem::new(Place::Main, 20, "Leaderboard", "/leaderboards"),
        NavItem::new(Place::Admin, 30, "Ledger", "/admin/ledger").to(Audience::Admins),
    ],
    problems: &[
        ProblemCode::new(
            "BAD_MONTH",
            "the month is not in the form YYYY-MM",
            "Send a month such as `2026-11`.",
        ),
        ProblemCode::new(
            "BAD_RANK",
            "the rank is below 1",
            "Send a rank of at least 1.",
        ),
    ],
    api_tags: &[ApiTag {
        name: "Leaderboards",
        description: "All-time, monthly and project leaderboards.",
    }],
    api_links: &[
        ApiLink::new(
            "list_leaderboard",
            "list_leaderboard",
            "cursor",
            "/next_cursor",
        ),
        ApiLink::new(
            "list_leaderboard",
            "get_leaderboard_rank",
            "login",
            "/items/0/login",
        ),
    ],
    jobs: jobs::jobs,
    alerts: &[AlertRule {
        kind: actions::LEDGER,
        look: None,
        covers: &[jobs::VERIFICATION],
    }],
    provide: |services, provided| {
        provided.insert(Programmes::of(services));
    },
    erase: Some(|tx, context, _, person| {
        Box::pin(async move { Ok(actions::hide_erased(tx, context, person.into()).await?) })
    }),
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    ..Module::EMPTY
};

/// Routes with the same response for everyone, except for the slots of the layout.
const PUBLIC_ROUTES: &[&str] = &[
    "/api/v1/leaderboards/global",
    "/api/v1/leaderboards/global/ranks/{login}",
    "/api/v1/leaderboards/months/{month}",
    "/api/v1/leaderboards/months/{month}/ranks/{login}",
    "/leaderboards",
    "/leaderboards/board.csv",
    "/leaderboards/months",
    "/leaderboards/months/{month}",
    "/leaderboards/months/{month}/board.csv",
];
