//! CTF teams: coaches, rosters, competitors, their teams, and what the game platform reports of them. Owns `coaches`,
//! `rosters`, `roster_coaches`, `competitors`, `ctf_enrollments`, `ctf_consents`, `ctf_links`, `ctf_teams`, `ctf_team_members`,
//! `game_platform_stats`, `game_platform_challenge_solves`, `game_platform_flash_ctf_events`, `game_platform_sync_state`,
//! `game_platform_sync_runs`, `game_platform_sync_failures`, `game_platform_erasures`, `game_platform_reconciliations`,
//! `game_platform_differences`, `ctf_milestones`, `ctf_division_figures`, `ctf_discrepancies` and `ctf_support_tickets`. Depends
//! on kernel, platform, ui, identity, notifications and recognition, and on testkit for the demo.
//! Never awards points of the ledger, and shows competitors and their badges on no public page.

pub mod access;
pub mod actions;
pub mod api;
mod commands;
pub mod demo;
pub mod emails;
pub mod gateway;
pub mod jobs;
pub mod model;
pub mod pages;
mod problems;
mod programme;
pub mod reads;
pub mod rules;
mod store;
mod telemetry;

pub use programme::CtfTeams;

use model::{
    CompetitorStatus, Division, LinkKind, MilestoneNotices, ReleaseBy, Reporter, RosterRole,
    SolveSource, SyncResult, TeamStatus,
};
use platform::{
    audit::Actor,
    db::CodeColumn,
    flags::{Flag, FlagKind, Start},
    jobs::Jobs,
    module::{
        AlertRule, ApiParameter, ApiRole, ApiTag, Audience, AuditKind, Module, NavItem, NavPlace,
        ParameterKind, Personal, Program, Table, UseSeries,
    },
};
use rules::{
    compare::CompareScope,
    milestones::Milestone,
    reconcile_kinds::DifferenceKind,
    runs::{RunOutcome, RunScope, Trigger},
};

/// The flag of CTF teams. The pages of links do not have it, so that parents can withdraw their consent.
pub const FLAG: &Flag = &Flag {
    name: "ctf",
    kind: FlagKind::Feature,
    variable: "ENABLE_CTF",
    start: Start::On,
    description: "CTF teams of schools: coaches, rosters, students and the sync with the game platform, with the pages, the API, the links to them, and what is sent about them. Parents can still answer and withdraw consents by their links.",
};

#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table::new("coaches", "coaches", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<Division>("division"), CodeColumn::of::<MilestoneNotices>("milestone_notices")]),
    Table::new("rosters", "rosters", Personal::None, "forever"),
    Table::new("roster_coaches", "rosters", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<RosterRole>("role")]),
    Table::new("competitors", "competitors", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<CompetitorStatus>("status"), CodeColumn::of::<ReleaseBy>("release_stated_by")]),
    Table::new("ctf_enrollments", "competitors in school years", Personal::Erased, "forever"),
    Table::new("ctf_consents", "versions of consent texts", Personal::None, "forever"),
    Table::new("ctf_links", "invitations", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<LinkKind>("kind"), CodeColumn::of::<RosterRole>("role")]),
    Table::new("ctf_teams", "teams", Personal::None, "forever").with_codes(&[CodeColumn::of::<Division>("division"), CodeColumn::of::<TeamStatus>("status")]),
    Table::new("ctf_team_members", "competitors", Personal::Pseudonymous, "forever"),
    Table::new("game_platform_stats", "competitors", Personal::Pseudonymous, "forever"),
    Table::new("game_platform_challenge_solves", "solves", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<SolveSource>("source")]),
    Table::new("game_platform_flash_ctf_events", "competitors in events", Personal::Pseudonymous, "forever"),
    Table::new("game_platform_sync_state", "competitors", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<SyncResult>("last_result")]),
    Table::new("game_platform_sync_runs", "runs of the sync", Personal::None, "forever").with_codes(&[CodeColumn::of::<RunScope>("scope"), CodeColumn::of::<Trigger>("trigger"), CodeColumn::of::<RunOutcome>("outcome")]),
    Table::new("ctf_division_figures", "divisions", Personal::None, "replaced every hour"),
    Table::new("game_platform_reconciliations", "comparisons with the game platform", Personal::None, "forever").with_codes(&[CodeColumn::of::<CompareScope>("scope"), CodeColumn::of::<Trigger>("trigger"), CodeColumn::of::<RunOutcome>("outcome")]),
    Table::new("game_platform_differences", "differences from the game platform", Personal::Pseudonymous, "90 days after they are resolved").with_codes(&[CodeColumn::of::<DifferenceKind>("kind")]),
    Table::new("ctf_discrepancies", "reports of differences", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<Reporter>("reporter")]),
    Table::new("ctf_support_tickets", "months", Personal::None, "forever"),
    Table::new("ctf_milestones", "competitors", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<Milestone>("code")]),
    Table::new("game_platform_erasures", "deletions of accounts and teams", Personal::Pseudonymous, "forever"),
    Table::new("game_platform_sync_failures", "failed syncs", Personal::Pseudonymous, "90 days"),
];

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "ctf",
    tables: TABLES,
    migrations: store::migrations,
    api: api::routes,
    api_parameters: &[ApiParameter::new(
        "rosters/{roster}",
        ParameterKind::Uuid,
        "The roster's ID",
        "00000000-0000-7000-8000-000000000001",
        "no roster that you may see has this ID",
    )],
    api_roles: &[ApiRole { name: "coach", refusal: "You only assist on the roster" }],
    api_tags: &[
        ApiTag { name: "CTF rosters", description: "The competitors of coaches." },
        ApiTag {
            name: "Game platform",
            description: "The sync with the game platform, for operators.",
        },
    ],
    pages: |_| pages::routes(),
    panels: pages::PANELS,
    tasks: reads::TASKS,
    running: reads::RUNNING,
    program: Some(Program {
        flag: FLAG,
        title: "CTF teams of schools",
        says: "Coaches prepare teams of students for capture-the-flag competitions and see their scores.",
        picture: "programme-teams",
    }),
    first_steps: pages::FIRST_STEPS,
    navigation: &[
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Manage, 27, "CTF teams", "/ctf").to(Audience::SignedIn)
        },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Admin, 40, "Coaches and consent", "/admin/ctf")
                .to(Audience::Admins)
                .in_group("CTF teams")
                .counting(&["platform_erasures"])
        },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Admin, 41, "Game platform", "/admin/game-platform")
                .to(Audience::Admins)
                .in_group("CTF teams")
                .counting(&["differences", "discrepancies"])
        },
    ],
    guides: &[
        platform::guide!(
            70,
            "For coaches",
            "ctf-coaches",
            "Start a school's team",
            "How to keep a roster, what each figure of the dashboard means, and how minors are protected."
        ),
        platform::guide!(
            91,
            "For operators",
            "game-platform",
            "Connect a game platform",
            "How to connect the game platform of CTF teams, roll it out, and find out why something fails."
        ),
    ],
    commands: commands::COMMANDS,
    demo: Some(demo::DEMO),
    audit: &[
        AuditKind::new("coach.accept", "coach", "Invitation of a coach accepted"),
        AuditKind::new("coach.approve", "coach", "Coach approved"),
        AuditKind::new("coach.invite", "coach", "Coach invited"),
        AuditKind::new("coach.revoke_link", "coach", "Invitation of a coach revoked"),
        AuditKind::new("coach.suspend", "coach", "Coach suspended"),
        AuditKind::new("ctf_competitor.add", "ctf_competitor", "Student added"),
        AuditKind::new(
            "ctf_competitor.clear_error",
            "ctf_competitor",
            "Error of a student cleared",
        ),
        AuditKind::new(
            "ctf_competitor.complete",
            "ctf_competitor",
            "Profile of a student completed",
        ),
        AuditKind::new("ctf_competitor.confirm", "ctf_competitor", "Student confirmed"),
        AuditKind::new(
            "ctf_competitor.confirm_account",
            "ctf_competitor",
            "Account of a student confirmed",
        ),
        AuditKind::new("ctf_competitor.consent", "ctf_competitor", "Consent answered"),
        AuditKind::new(
            "ctf_competitor.disconnect",
            "ctf_competitor",
            "Account of a student disconnected",
        ),
        AuditKind::new("ctf_competitor.edit", "ctf_competitor", "Student changed"),
        AuditKind::new("ctf_competitor.erase", "ctf_competitor", "Student erased"),
        AuditKind::new("ctf_competitor.invite", "ctf_competitor", "Student invited"),
        AuditKind::new("ctf_competitor.join", "ctf_competitor", "Student joined"),
        AuditKind::new("ctf_competitor.leave", "ctf_competitor", "Student left"),
        AuditKind::new("ctf_competitor.move", "ctf_competitor", "Student moved to another roster"),
        AuditKind::new(
            "ctf_competitor.password_reset",
            "ctf_competitor",
            "Password of a student reset",
        ),
        AuditKind::new("ctf_competitor.read", "ctf_competitor", "Student read"),
        AuditKind::new("ctf_competitor.sign_release", "ctf_competitor", "Consent recorded"),
        AuditKind::new("ctf_competitor.sync", "ctf_competitor", "Student synced"),
        AuditKind::new("ctf_competitor.withdraw_release", "ctf_competitor", "Consent withdrawn"),
        AuditKind::new("ctf_consent.publish", "ctf_consent", "Consent text published"),
        AuditKind::new("ctf_discrepancy.report", "ctf_discrepancy", "Wrong number reported"),
        AuditKind::new("ctf_discrepancy.resolve", "ctf_discrepancy", "Wrong number resolved"),
        AuditKind::new("ctf_roster.accept", "ctf_roster", "Invitation to a roster accepted"),
        AuditKind::new("ctf_roster.archive", "ctf_roster", "Roster archived"),
        AuditKind::new("ctf_roster.change_role", "ctf_roster", "Role on a roster changed"),
        AuditKind::new("ctf_roster.create", "ctf_roster", "Roster created"),
        AuditKind::new("ctf_roster.edit", "ctf_roster", "Roster changed"),
        AuditKind::new("ctf_roster.import", "ctf_roster", "Students imported"),
        AuditKind::new("ctf_roster.invite", "ctf_roster", "Coach invited to a roster"),
        AuditKind::new("ctf_roster.leave", "ctf_roster", "Coach left a roster"),
        AuditKind::new("ctf_roster.read", "ctf_roster", "Roster read"),
        AuditKind::new("ctf_roster.remind", "ctf_roster", "Students reminded"),
        AuditKind::new("ctf_roster.remove_coach", "ctf_roster", "Coach removed from a roster"),
        AuditKind::new("ctf_roster.reopen", "ctf_roster", "Roster opened again"),
        AuditKind::new("ctf_roster.retry", "ctf_roster", "Failed syncs of a roster queued again"),
        AuditKind::new("ctf_roster.revoke_link", "ctf_roster", "Link of a roster revoked"),
        AuditKind::new("ctf_roster.start_year", "ctf_roster", "New school year started"),
        AuditKind::new("ctf_roster.sync", "ctf_roster", "Roster synced"),
        AuditKind::new(
            "ctf_support_tickets.set",
            "ctf_support_tickets",
            "Number of support tickets entered",
        ),
        AuditKind::new("ctf_team.add_member", "ctf_team", "Student added to a CTF team"),
        AuditKind::new("ctf_team.create", "ctf_team", "CTF team created"),
        AuditKind::new("ctf_team.delete", "ctf_team", "CTF team deleted"),
        AuditKind::new("ctf_team.edit", "ctf_team", "CTF team changed"),
        AuditKind::new("ctf_team.remove_member", "ctf_team", "Student removed from a CTF team"),
        AuditKind::new("ctf_team.sync", "ctf_team", "CTF team synced"),
        AuditKind::new(
            "game_platform_difference.fix",
            "game_platform_difference",
            "Difference resolved",
        ),
        AuditKind::new(
            "game_platform_erasure.confirm",
            "game_platform_erasure",
            "Deletion on the game platform confirmed",
        ),
        AuditKind::new(
            "reconciliation.read",
            "reconciliation",
            "Comparison with the game platform read",
        ),
        AuditKind::new(
            "reconciliation.request",
            "reconciliation",
            "Comparison with the game platform started",
        ),
        AuditKind::new("sync_preflight.read", "sync_preflight", "Check before a sync read"),
        AuditKind::new("sync_run.read", "sync_run", "Sync read"),
        AuditKind::new("sync_run.request", "sync_run", "Sync started"),
    ],
    problems: problems::PROBLEMS,
    metrics: telemetry::ALL,
    series: &[UseSeries {
        code: "ctf_solves",
        title: "Challenges solved",
        unit: "solves",
        flag: Some(FLAG),
        read: |context, since| Box::pin(reads::solved(&context.db, since)),
    }],
    alerts: &[AlertRule::new(actions::SYNC, |services| {
        Box::pin(async move {
            let platforms = gateway::Platforms::of(&services.config);
            Ok(actions::watch_syncs(&services.context, &platforms).await?)
        })
    })],
    jobs: |services| Jobs {
        workers: jobs::workers(services),
        schedules: jobs::schedules(services),
    },
    provide: |services, provided| {
        provided.insert(gateway::Platforms::of(&services.config));
        provided.insert(reads::KeptFigures::default());
        provided.insert(access::SyncSecrets::of(&services.config));
    },
    flags: &[FLAG, <gateway::GamePlatformCalls as platform::flags::Outgoing>::FLAG],
    services: |config, _| gateway::services(config),
    news: emails::KINDS,
    subjects: Some(|context, person, competitors| {
        Box::pin(reads::names_for(&context.db, person.into(), competitors))
    }),
    email_samples: emails::samples,
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person.into()))),
    invites: Some(|tx, context, address| {
        Box::pin(async move {
            let is_on = context.flags.is_on_for_anyone(FLAG);
            Ok(is_on && reads::invites(tx, address, context.now()).await?)
        })
    }),
    erase: Some(|tx, context, actor, person| {
        Box::pin(async move { actions::erase(tx, context, actor, person.into()).await })
    }),
    banned: Some(|tx, context, person| {
        Box::pin(actions::end_connections(tx, context, Actor::Operator, person.into()))
    }),
    role_lowered: Some(|tx, context, person| {
        Box::pin(actions::end_connections(tx, context, Actor::Operator, person.into()))
    }),
    ..Module::EMPTY
};
