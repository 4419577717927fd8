//! Points and badges for all programmes: the ledger, the leaderboards and the badges. Owns `point_transactions`, `boards`,
//! `board_rows`, `board_ranks`, `board_histogram`, `fed_boards`, `board_feeds`, `board_members`, `board_notes`, `board_opt_outs`,
//! `hidden_people`, `badges`, `user_badges`, `badge_evaluations` and `credential_keys`.
//! Depends on kernel, platform, ui and identity. Programmes implement
//! the trait [`Programme`], through which alone this module uses them.

pub mod access;
pub mod actions;
pub mod api;
mod commands;
pub mod emails;
pub mod jobs;
pub mod model;
pub mod pages;
mod programme;
pub mod reads;
pub mod rules;
mod store;
mod telemetry;

use model::{AwardedBy, BadgeAudience, Finalizer, Rarity};
use platform::db::CodeColumn;
use platform::module::{
    AlertRule, ApiLink, ApiParameter, ApiTag, Audience, AuditKind, Module, NavItem, NavPlace,
    ParameterKind, Personal, ProblemCode, Table,
};

pub use programme::{Facts, Programme, Programmes, Targets};
pub use telemetry::LEDGER_ENTRIES;

#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table::new("point_transactions", "points posted", Personal::Pseudonymous, "forever"),
    Table::new("boards", "boards", Personal::None, "forever").with_codes(&[CodeColumn::of::<Finalizer>("final_by")]),
    Table::new("board_rows", "people on boards", Personal::Pseudonymous, "forever"),
    Table::new("board_ranks", "people on boards", Personal::Pseudonymous, "until the next month"),
    Table::new("board_histogram", "buckets of points", Personal::None, "forever"),
    Table::new("fed_boards", "seasons and skills", Personal::None, "forever"),
    Table::new("board_feeds", "projects of seasons and with skills", Personal::None, "forever"),
    Table::new("board_members", "people in seasons", Personal::Pseudonymous, "forever"),
    Table::new("board_notes", "late corrections", Personal::Pseudonymous, "forever"),
    Table::new("board_opt_outs", "people who opted out", Personal::Erased, "while they are opted out"),
    Table::new("hidden_people", "people on no board", Personal::Pseudonymous, "while they are banned, opted out, closed or erased"),
    Table::new("badges", "badges", Personal::None, "forever").with_codes(&[CodeColumn::of::<Rarity>("rarity"), CodeColumn::of::<BadgeAudience>("audience")]),
    Table::new("user_badges", "badges that people have", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<AwardedBy>("awarded_by"), CodeColumn::of::<AwardedBy>("revoked_by")]),
    Table::new("badge_evaluations", "nothing", Personal::None, "until the next evaluation of everyone"),
    Table::new("credential_keys", "nothing", Personal::None, "forever"),
];

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "recognition",
    tables: TABLES,
    migrations: store::migrations,
    api: api::routes,
    pages: |_| pages::routes(),
    panels: pages::PANELS,
    public_routes: PUBLIC_ROUTES,
    page_parameters: &[
        ("/people/{login}", &["points"]),
        ("/badges/{slug}", &["holders"]),
        ("/leaderboards", pages::EVERYONE_PARAMETERS),
        ("/leaderboards/board.csv", pages::EVERYONE_PARAMETERS),
        ("/leaderboards/months/{month}", pages::EVERYONE_PARAMETERS),
        ("/leaderboards/months/{month}/board.csv", pages::EVERYONE_PARAMETERS),
    ],
    navigation: &[
        NavItem::new(NavPlace::Main, 50, "Leaderboards", "/leaderboards"),
        NavItem::new(NavPlace::Settings, 85, "Leaderboards", "/settings/listing")
            .to(Audience::SignedIn)
            .in_group("Data"),
        NavItem::new(NavPlace::Footer, 25, "Badges", "/badges"),
        NavItem::new(NavPlace::Admin, 22, "Badges", "/admin/badges")
            .to(Audience::Admins)
            .in_group("Contributions"),
        NavItem::new(NavPlace::Admin, 23, "Ledger", "/admin/ledger")
            .to(Audience::Admins)
            .in_group("Contributions"),
    ],
    problems: &[
        ProblemCode::new(
            "BAD_MONTH",
            "the month is not in the form YYYY-MM",
            "Send a month such as `2026-11`.",
        ),
        ProblemCode::new(
            "BADGE_HELD",
            "the person already has the badge",
            "Nothing is left to do.",
        ),
        ProblemCode::new(
            "BADGE_NOT_HELD",
            "the person does not have the badge",
            "Use the login of a holder of the badge.",
        ),
        ProblemCode::new(
            "BADGE_SLUG_TAKEN",
            "another badge has the slug",
            "Choose a different slug.",
        ),
        ProblemCode::new(
            "BAD_BADGE",
            "a text or the rarity of the badge is not valid",
            "Correct the field that the response names.",
        ),
        ProblemCode::new(
            "BAD_CRITERIA",
            "the criteria of the badge are not valid",
            "Correct every field that `errors` lists.",
        ),
        ProblemCode::new(
            "TOO_MANY_BADGES",
            "the server has the maximum number of badges",
            "Change a badge that no one needs.",
        ),
        ProblemCode::new(
            "BAD_SOURCE",
            "the source of points is not known",
            "Send one of the names that the response lists, or `all`.",
        ),
        ProblemCode::new(
            "BAD_LISTING",
            "the form does not say whether leaderboards list the person",
            "Send `yes` or `no`.",
        ),
        ProblemCode::new("BAD_RANK", "the rank is below 1", "Send a rank of at least 1."),
        ProblemCode::new(
            "INSUFFICIENT_POINTS",
            "the person has fewer points to spend than this costs",
            "Earn more points, or choose something that costs less.",
        ),
        ProblemCode::new(
            "MONTH_OPEN",
            "points of the month may still change",
            "Wait until the time that the response names.",
        ),
        ProblemCode::new(
            "SETTLEMENT_BEHIND",
            "points of recent changes are not settled yet",
            "Try again in a minute.",
        ),
    ],
    api_tags: &[
        ApiTag { name: "People", description: "People, their points and their pull requests." },
        ApiTag { name: "Leaderboards", description: "All-time, monthly and project leaderboards." },
        ApiTag { name: "Badges", description: "Badges, their criteria and their holders." },
    ],
    api_parameters: PARAMETERS,
    api_links: &[
        ApiLink::new("list_leaderboard", "list_leaderboard", "cursor", "/next_cursor"),
        ApiLink::new("list_leaderboard", "get_leaderboard_rank", "login", "/items/0/login"),
        ApiLink::new("list_leaderboard", "get_person", "login", "/items/0/login"),
        ApiLink::new("list_leaderboard", "list_person_transactions", "login", "/items/0/login"),
        ApiLink::new("list_badges", "get_badge", "slug", "/items/0/slug"),
        ApiLink::new("list_badges", "list_badge_holders", "slug", "/items/0/slug"),
        ApiLink::new("list_leaderboard", "list_person_badges", "login", "/items/0/login"),
    ],
    sealed: &[store::SEALED],
    commands: commands::COMMANDS,
    audit: AUDIT,
    news: emails::KINDS,
    email_samples: emails::samples,
    jobs: jobs::jobs,
    metrics: telemetry::ALL,
    alerts: &[AlertRule::reported(actions::LEDGER).covering(&[jobs::VERIFICATION])],
    provide: |services, provided| {
        provided.insert(Programmes::of(services));
    },
    erase: Some(|tx, context, _, person| {
        Box::pin(async move { Ok(actions::hide_erased(tx, context, person.into()).await?) })
    }),
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person.into()))),
    ..Module::EMPTY
};

const AUDIT: &[AuditKind] = &[
    AuditKind::new("badge.award", "user", "Badge awarded"),
    AuditKind::new("badge.create", "badge", "Badge created"),
    AuditKind::new("badge.edit", "badge", "Badge changed"),
    AuditKind::new("badge.restore", "badge", "Badge restored"),
    AuditKind::new("badge.retire", "badge", "Badge retired"),
    AuditKind::new("badge.revoke", "user", "Badge revoked"),
    AuditKind::new("leaderboard.finalize", "leaderboard", "Leaderboard made final"),
    AuditKind::new("leaderboard.opt_in", "user", "Listed on leaderboards again"),
    AuditKind::new("leaderboard.opt_out", "user", "Left the leaderboards"),
];

/// Routes with the same response for everyone, except for the slots of the layout.
const PUBLIC_ROUTES: &[&str] = &[
    "/.well-known/jwks.json",
    "/api/v1/badges",
    "/api/v1/badges/{slug}",
    "/api/v1/badges/{slug}/holders",
    "/api/v1/people/{login}",
    "/api/v1/people/{login}/badges",
    "/api/v1/people/{login}/transactions",
    "/api/v1/schemas/badge-criteria",
    "/badges",
    "/badges/{slug}",
    "/badges/{slug}/image.svg",
    "/badges/revocations.json",
    "/api/v1/leaderboards/global",
    "/api/v1/leaderboards/global/ranks/{login}",
    "/api/v1/leaderboards/months/{month}",
    "/api/v1/leaderboards/months/{month}/ranks/{login}",
    "/leaderboards",
    "/leaderboards/board.csv",
    "/leaderboards/card.svg",
    "/leaderboards/months",
    "/leaderboards/months/{month}",
    "/leaderboards/months/{month}/board.csv",
    "/leaderboards/months/{month}/card.svg",
    "/people/{login}",
    "/people/{login}/card.svg",
    "/people/{login}/days.csv",
    "/people/{login}/feed.atom",
];

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("badges/{slug}", ParameterKind::Text, "The badge's slug", "ten-merges", "no badge has this slug"),
    ApiParameter::new("months/{month}", ParameterKind::Month, "The month (UTC), such as `2026-11`", "2026-11", "there is no leaderboard for this month"),
    ApiParameter::new("skills/{slug}", ParameterKind::Text, "The skill's slug", "rust", "no skill has this slug"),
    ApiParameter::new("ranks/{login}", ParameterKind::Text, "The person's login (case-insensitive)", "wren-oak", "the login is unknown, or the person has no points on the leaderboard"),
    ApiParameter::new("holders/{login}", ParameterKind::Text, "The person's login (case-insensitive), or ID", "wren-oak", "the login is unknown"),
];
