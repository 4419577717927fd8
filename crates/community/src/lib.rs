//! Texts of the community: its pages about itself, its code of conduct, privacy and contact, which admins write in the
//! browser, the events and the guides of all modules, and the documentation of the API. Owns `community_texts`. Depends on kernel,
//! platform, ui and identity, and never on a programme.

pub mod actions;
pub mod api;
mod demo;
pub mod model;
mod pages;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    db::CodeColumn,
    module::{
        ApiParameter, ApiTag, AuditKind, Module, NavItem, NavPlace, ParameterKind, Personal,
        ProblemCode, Table,
    },
};

use model::{Facts, TextName};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "community",
    tables: &[Table::new(
        "community_texts",
        "versions of texts",
        Personal::Pseudonymous,
        "forever",
    )
    .with_codes(&[CodeColumn::of::<TextName>("name")])],
    migrations: store::migrations,
    api: api::routes,
    api_tags: &[ApiTag {
        name: "Community",
        description: "The texts of the community that runs the server.",
    }],
    api_parameters: PARAMETERS,
    pages: |_| pages::routes(),
    search: pages::SEARCH,
    flags: &[pages::API_DOCS],
    provide: |services, provided| {
        provided.insert(Facts::of(&services.config));
        provided.insert(pages::Guides::of(services.modules()));
    },
    public_routes: &[
        "/about",
        "/api/v1/community/texts/{name}",
        "/conduct",
        "/contact",
        "/events",
        "/guides",
        "/guides/{name}",
        "/privacy",
    ],
    navigation: &[
        NavItem::new(NavPlace::Main, 40, "Events", "/events").with(&["/hackathons", "/seasons"]),
        footer(5, TextName::About),
        footer(6, TextName::Conduct),
        footer(7, TextName::Privacy),
        footer(8, TextName::Contact),
        NavItem::new(NavPlace::Footer, 5, "Guides", "/guides"),
        NavItem {
            flag: Some(pages::API_DOCS),
            ..NavItem::new(NavPlace::Footer, 30, "API", "/docs/api")
        },
    ],
    audit: &[
        AuditKind::new("text.save", "community_text", "Text saved"),
        AuditKind::new("text.restore", "community_text", "Text restored"),
    ],
    problems: &[
        ProblemCode::new(
            "BAD_TEXT",
            "the text is empty or too long",
            "Write at most 20,000 characters.",
        ),
        ProblemCode::new(
            "TEXT_OUTDATED",
            "someone saved another version of the text in the meantime",
            "Compare your text with the newer version, and save it again.",
        ),
    ],
    demo: Some(demo::DEMO),
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person.into()))),
    ..Module::EMPTY
};

const fn footer(order: u8, name: TextName) -> NavItem {
    NavItem::new(NavPlace::Footer, order, name.heading(), name.address())
}

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("texts/{name}", ParameterKind::Text, "The text's name: `about`, `conduct`, `privacy` or `contact`", "conduct", "no text has this name"),
];
