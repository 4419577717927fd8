//! Hackathons: events and their dates, hosts and staff, applications with places and a waitlist, teams, and calendars. Owns
//! `hackathons`, `hackathon_conducts`, `hackathon_hosts`, `hackathon_staff`, `applications`, `teams` and `team_members`. Depends on
//! kernel, platform, ui, identity and notifications.

pub mod access;
pub mod actions;
pub mod api;
pub mod demo;
pub mod emails;
pub mod jobs;
pub mod model;
pub mod pages;
mod problems;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    flags::{Flag, FlagKind, Start},
    jobs::Jobs,
    module::{ApiTag, Audience, AuditKind, Module, NavItem, Personal, Place, Table},
};

/// The flag of hackathons.
pub const FLAG: &Flag = &Flag {
    name: "hackathons",
    kind: FlagKind::Feature,
    variable: "ENABLE_HACKATHONS",
    start: Start::On,
    description: "Hackathons with their applications and teams: the pages, the API and the links to them.",
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "hackathons",
    tables: &[
        Table::new("hackathons", "hackathons", Personal::None, "forever"),
        Table::new(
            "hackathon_conducts",
            "versions of codes of conduct",
            Personal::None,
            "forever",
        ),
        Table::new("hackathon_hosts", "hosts", Personal::Erased, "forever"),
        Table::new("hackathon_staff", "hackathons", Personal::Erased, "forever"),
        Table::new("applications", "applications", Personal::Erased, "forever"),
        Table::new("teams", "teams", Personal::Erased, "forever"),
        Table::new(
            "team_members",
            "members of teams",
            Personal::Pseudonymous,
            "forever",
        ),
    ],
    migrations: store::migrations,
    api: api::routes,
    api_tags: &[ApiTag {
        name: "Hackathons",
        description: "Hackathons, their staff, applications and teams.",
    }],
    pages: |_| pages::routes(),
    public_routes: &["/api/v1/hackathons"],
    guarded_routes: &["/hackathons/join", "/api/v1/me/teams"],
    navigation: &[
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(Place::Main, 25, "Hackathons", "/hackathons")
        },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(Place::Admin, 25, "Hackathons", "/admin/hackathons").to(Audience::Admins)
        },
    ],
    guides: &[
        platform::guide!(
            "hackathon-organizers",
            "For organizers of hackathons",
            "How to hold a hackathon: dates, places, the waitlist, staff and results."
        ),
        platform::guide!(
            "hackathon-participants",
            "For participants of hackathons",
            "How to apply, what the waitlist means, and how teams form."
        ),
    ],
    demo: Some(demo::DEMO),
    audit: &[
        AuditKind::new("application.decide", "hackathon"),
        AuditKind::new("application.look", "hackathon"),
        AuditKind::new("application.withdraw", "hackathon"),
        AuditKind::new("application.write", "hackathon"),
        AuditKind::new("hackathon.add_staff", "hackathon"),
        AuditKind::new("hackathon.archive", "hackathon"),
        AuditKind::new("hackathon.cancel", "hackathon"),
        AuditKind::new("hackathon.create", "hackathon"),
        AuditKind::new("hackathon.edit", "hackathon"),
        AuditKind::new("hackathon.publish", "hackathon"),
        AuditKind::new("hackathon.publish_results", "hackathon"),
        AuditKind::new("hackathon.remove_staff", "hackathon"),
        AuditKind::new("hackathon.replace_link", "hackathon"),
        AuditKind::new("hackathon_host.add", "user"),
        AuditKind::new("hackathon_host.remove", "user"),
        AuditKind::new("team.create", "hackathon"),
        AuditKind::new("team.edit", "hackathon"),
        AuditKind::new("team.join", "hackathon"),
        AuditKind::new("team.leave", "hackathon"),
        AuditKind::new("team.remove_member", "hackathon"),
        AuditKind::new("team.set_role", "hackathon"),
    ],
    problems: problems::PROBLEMS,
    jobs: |services| Jobs {
        workers: jobs::workers(services),
        schedules: jobs::schedules(),
    },
    flags: &[FLAG],
    news: emails::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    erase: Some(|tx, context, _, person| {
        Box::pin(async move { actions::erase(tx, context, person.into()).await })
    }),
    ..Module::EMPTY
};
