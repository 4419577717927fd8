//! Contribution programmes: projects, their rules, the points of pull requests and their explanations, reviews, seasons, and
//! fair play. Owns `projects`, `project_rules`, `project_maintainers`, `project_repositories`, `pull_closings`, `contributions`,
//! `pr_reviews`, `pr_review_words`, `open_reviews`, `seasons`, `season_consents`, `season_projects`, `season_organizers`,
//! `season_participants`, `season_results`, `sign_off_reasons`, `sanctions`, `fair_play_flags`, `fair_play_subjects`,
//! `flags_on_pull_requests`, `reports`, `report_words`, `repository_exclusions`,
//! `disputes`, `appeals`, `dispute_messages`, `dispute_words` and `score_overrides`. Depends on kernel, platform, ui, identity, notifications, recognition and github, and on
//! testkit for the demo.
//! Never changes the data from GitHub, and writes the ledger only through recognition.

pub mod access;
pub mod actions;
pub mod api;
mod commands;
pub mod demo;
pub mod emails;
mod flag;
pub mod jobs;
pub mod model;
pub mod pages;
mod problems;
mod programme;
mod public_routes;
pub mod reads;
pub mod rules;
mod store;
mod telemetry;

use model::{
    DisputeKind, DisputeState, FlagEffect, FlagState, InactiveState, MessageKind, OverrideKind,
    ReportReason, ReviewAction, ReviewVerdict, SanctionKind, SignOffBlocker, SubjectKind,
    TargetKind,
};
use platform::{
    db::CodeColumn,
    jobs::Jobs,
    module::{
        AlertRule, ApiLink, ApiParameter, ApiTag, Audience, AuditKind, FrontSource, Module,
        NavItem, NavPlace, ParameterKind, Personal, Program, Table,
    },
};
use rules::{State, fair_play::FindingKind};

pub use flag::{CREATE_PROJECTS, FLAG};
pub use programme::{Contributions, PROJECT_BOARDS, SEASON_BOARDS, SKILL_BOARDS};

#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table::new("projects", "projects", Personal::None, "forever"),
    Table::new("project_rules", "versions of rules", Personal::Pseudonymous, "forever"),
    Table::new("project_maintainers", "maintainers", Personal::Erased, "forever"),
    Table::new("project_repositories", "repositories", Personal::None, "forever").with_codes(&[CodeColumn::of::<InactiveState>("inactive_state")]),
    Table::new("pull_closings", "pull requests closed on GitHub", Personal::None, "forever"),
    Table::new("contributions", "pull requests", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<State>("state")]),
    Table::new("pr_reviews", "reviews", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<ReviewAction>("action"), CodeColumn::of::<ReviewVerdict>("decision")]),
    Table::new("pr_review_words", "reviews", Personal::Erased, "forever"),
    Table::new("open_reviews", "reviews in progress", Personal::Pseudonymous, "until they end"),
    Table::new("seasons", "seasons", Personal::None, "forever"),
    Table::new("season_consents", "versions of consent texts", Personal::None, "forever"),
    Table::new("season_projects", "projects of seasons", Personal::None, "forever"),
    Table::new("season_organizers", "organizers of seasons", Personal::Erased, "forever"),
    Table::new("season_participants", "people in seasons", Personal::Pseudonymous, "forever"),
    Table::new("sanctions", "sanctions in seasons", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<SanctionKind>("kind")]),
    Table::new("sign_off_reasons", "seasons", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<SignOffBlocker>("blocker")]),
    Table::new("season_results", "people in seasons", Personal::Pseudonymous, "forever"),
    Table::new("fair_play_flags", "flags on pull requests", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<FindingKind>("kind"), CodeColumn::of::<FlagState>("state"), CodeColumn::of::<FlagEffect>("effect")]),
    Table::new("fair_play_subjects", "flags on pull requests", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<SubjectKind>("kind")]),
    Table::new("flags_on_pull_requests", "flags on pull requests", Personal::None, "forever"),
    Table::new("reports", "reports", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<TargetKind>("target_kind"), CodeColumn::of::<ReportReason>("reason")]),
    Table::new("report_words", "reports", Personal::Erased, "forever"),
    Table::new("repository_exclusions", "decisions on repositories", Personal::Pseudonymous, "forever"),
    Table::new("disputes", "disputes", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<DisputeKind>("kind"), CodeColumn::of::<DisputeState>("state")]),
    Table::new("appeals", "disputes", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<DisputeState>("state")]),
    Table::new("dispute_messages", "messages in disputes", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<MessageKind>("kind")]),
    Table::new("dispute_words", "messages in disputes", Personal::Erased, "forever"),
    Table::new("score_overrides", "decisions on points", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<OverrideKind>("kind")]),
];

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "contributions",
    tables: TABLES,
    migrations: store::migrations,
    api: api::routes,
    api_tags: &[
        ApiTag {
            name: "Pull requests",
            description: "Pull requests, with explanations of their points.",
        },
        ApiTag {
            name: "Fair play",
            description: "Reports, and flags on what may game the scoring, for moderators.",
        },
        ApiTag {
            name: "Disputes",
            description: "Disputes about points, flags, sanctions and bans, and their appeals.",
        },
        ApiTag { name: "Projects", description: "Projects, their repositories and their rules." },
        ApiTag { name: "Seasons", description: "Seasons, their participants and their results." },
    ],
    api_parameters: PARAMETERS,
    api_links: &[
        ApiLink::new("list_leaderboard", "list_person_pull_requests", "login", "/items/0/login"),
        ApiLink::new("list_projects", "get_project", "slug", "/items/0/slug"),
        ApiLink::new("list_projects", "list_project_leaderboard", "slug", "/items/0/slug"),
        ApiLink::new("list_projects", "list_project_rules", "slug", "/items/0/slug"),
        ApiLink::new("list_seasons", "get_season", "slug", "/items/0/slug"),
    ],
    pages: |_| pages::routes(),
    navigation: &[
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Main, 30, "Projects", "/projects").with(&["/pull-requests"])
        },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Footer, 10, "Rules of each project", "/projects")
        },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Admin, 20, "Flags and reports", "/admin/fair-play")
                .to(Audience::Moderators)
                .in_group("Contributions")
                .counting(&["flag", "report"])
        },
        NavItem::new(NavPlace::Admin, 21, "Disputes and appeals", "/admin/disputes")
            .to(Audience::Moderators)
            .in_group("Contributions")
            .counting(&["dispute", "appeal", "stuck_appeal"]),
        NavItem::new(NavPlace::Account, 20, "Standing", "/me/standing").to(Audience::SignedIn),
    ],
    provide: |_, provided| {
        provided.insert(reads::KeptFigures::default());
    },
    panels: pages::PANELS,
    events: pages::EVENTS,
    tasks: reads::TASKS,
    running: reads::RUNNING,
    pictured: actions::PICTURED,
    search: pages::SEARCH,
    front: Some(FrontSource {
        flag: Some(FLAG),
        read: |context, _| Box::pin(pages::front(context)),
        reviewers: Some(|context, repositories| Box::pin(pages::reviewers(context, repositories))),
    }),
    program: Some(Program {
        flag: FLAG,
        title: "Contribution seasons",
        says: "People earn points for merged work in your projects, with rules you set.",
        picture: "programme-seasons",
    }),
    first_steps: pages::FIRST_STEPS,
    commands: commands::COMMANDS,
    guides: &[
        platform::guide!(
            11,
            "For contributors",
            "contributing",
            "Contribute to a project",
            "Your points and rank, what earns points, and what to do when something seems wrong."
        ),
        platform::guide!(
            30,
            "For maintainers",
            "maintaining",
            "Maintain a project",
            "How to register a repository, what merges, reviews and labels do, and how rules work."
        ),
        platform::guide!(
            53,
            "For organizers",
            "moderating",
            "Moderate flags and disputes",
            "How pull requests are flagged, and how to decide on a flag."
        ),
        platform::guide!(
            50,
            "For organizers",
            "organizers",
            "Run your first season",
            "How to hold a season, from the draft to the final results."
        ),
    ],
    demo: Some(demo::DEMO),
    audit: &[
        AuditKind::new("dispute.appeal", "dispute", "Decision appealed"),
        AuditKind::new("dispute.close", "dispute", "Dispute closed"),
        AuditKind::new("dispute.grant", "dispute", "Dispute granted"),
        AuditKind::new("dispute.grant_appeal", "dispute", "Appeal granted"),
        AuditKind::new("dispute.open", "dispute", "Dispute opened"),
        AuditKind::new("dispute.uphold", "dispute", "Decision confirmed"),
        AuditKind::new("dispute.uphold_appeal", "dispute", "Decision confirmed on appeal"),
        AuditKind::new("dispute.write", "dispute", "Message written in a dispute"),
        AuditKind::new("fair_play.confirm", "fair_play_flag", "Flag confirmed"),
        AuditKind::new("fair_play.dismiss", "fair_play_flag", "Flag cleared"),
        AuditKind::new("fair_play.reopen", "fair_play_flag", "Flag opened again"),
        AuditKind::new("project.add_maintainer", "project", "Maintainer added"),
        AuditKind::new("project.allow_repositories", "project", "Repositories of an owner allowed"),
        AuditKind::new("project.archive", "project", "Project archived"),
        AuditKind::new("project.create", "project", "Project created"),
        AuditKind::new("project.edit", "project", "Project changed"),
        AuditKind::new("project.picture", "project", "Picture of a project changed"),
        AuditKind::new("project.publish_rules", "project", "Rules of a project published"),
        AuditKind::new("project.remove_maintainer", "project", "Maintainer removed"),
        AuditKind::new("project.transfer", "project", "Project transferred"),
        AuditKind::new("project.unarchive", "project", "Project restored"),
        AuditKind::new("pull_request.approve", "pull_request", "Pull request approved"),
        AuditKind::new("pull_request.comment", "pull_request", "Pull request commented on"),
        AuditKind::new(
            "pull_request.lift_score_override",
            "pull_request",
            "Points calculated by the rules again",
        ),
        AuditKind::new("pull_request.mark_low_value", "pull_request", "Marked as of low value"),
        AuditKind::new("pull_request.mark_spam", "pull_request", "Marked as spam"),
        AuditKind::new("pull_request.override", "pull_request", "Conflict of reviews decided"),
        AuditKind::new("pull_request.override_score", "pull_request", "Points set by hand"),
        AuditKind::new("pull_request.rate", "pull_request", "Pull request rated"),
        AuditKind::new("pull_request.reject", "pull_request", "Pull request rejected"),
        AuditKind::new("pull_request.release", "pull_request", "Review given back"),
        AuditKind::new("pull_request.request_changes", "pull_request", "Changes requested"),
        AuditKind::new("pull_request.start_review", "pull_request", "Review started"),
        AuditKind::new(
            "pull_request.unmark_low_value",
            "pull_request",
            "Mark of low value removed",
        ),
        AuditKind::new("pull_request.unmark_spam", "pull_request", "Mark of spam removed"),
        AuditKind::new("repository.add", "repository", "Repository added"),
        AuditKind::new("repository.archive", "repository", "Repository archived"),
        AuditKind::new("repository.exclude", "repository", "Repository excluded"),
        AuditKind::new("repository.include", "repository", "Repository included again"),
        AuditKind::new("repository.pause", "repository", "Repository paused"),
        AuditKind::new("repository.remove", "repository", "Repository removed"),
        AuditKind::new("repository.resume", "repository", "Repository resumed"),
        AuditKind::new("repository.sync", "repository", "Repository synced"),
        AuditKind::new("season.add_organizer", "season", "Organizer of a season added"),
        AuditKind::new("season.add_project", "season", "Project added to a season"),
        AuditKind::new("season.cancel", "season", "Season canceled"),
        AuditKind::new("season.create", "season", "Season created"),
        AuditKind::new("season.disqualify", "user", "Disqualified from a season"),
        AuditKind::new("season.edit", "season", "Season changed"),
        AuditKind::new("season.lift_sanction", "user", "Sanction lifted"),
        AuditKind::new("season.publish", "season", "Season published"),
        AuditKind::new("season.register", "season", "Registered for a season"),
        AuditKind::new("season.remove_organizer", "season", "Organizer of a season removed"),
        AuditKind::new("season.remove_project", "season", "Project removed from a season"),
        AuditKind::new("season.sign_off", "season", "Results of a season made final"),
        AuditKind::new("season.warn", "user", "Warned in a season"),
        AuditKind::new("season.withdraw", "season", "Left a season"),
    ],
    problems: problems::PROBLEMS,
    flags: &[FLAG, CREATE_PROJECTS],
    public_routes: public_routes::PUBLIC_ROUTES,
    page_parameters: public_routes::PAGE_PARAMETERS,
    jobs: |services| Jobs {
        workers: jobs::workers(&services.post, &services.config),
        schedules: jobs::schedules(),
    },
    metrics: telemetry::ALL,
    alerts: &[AlertRule::new(actions::SETTLEMENT, |services| {
        Box::pin(async move {
            let found = actions::watch_settlement(&services.context).await?;
            Ok(found.into_iter().collect())
        })
    })],
    news: emails::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, _, person| Box::pin(reads::export(tx, person.into()))),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move { Ok(actions::erase(tx, person.into()).await?) })
    }),
    ..Module::EMPTY
};

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("projects/{slug}", ParameterKind::Text, "The project's slug", "lantern", "no project has this slug"),
    ApiParameter::new("projects/{project}", ParameterKind::Text, "The project's slug", "lantern", "the project is unknown"),
    ApiParameter::new("admin/repositories/{github_id}", ParameterKind::Number, "The repository's GitHub ID", "1296269", "no project has a repository with this GitHub ID"),
    ApiParameter::new("repositories/{github_id}", ParameterKind::Number, "The repository's GitHub ID", "1296269", "it has no such repository"),
    ApiParameter::new("pull-requests/{owner}", ParameterKind::Text, "The repository's owner", "octo-org", ""),
    ApiParameter::new("{owner}/{repository}", ParameterKind::Text, "The repository's name", "lantern", ""),
    ApiParameter::new("{repository}/{number}", ParameterKind::Number, "The pull request's number", "1", "the pull request does not belong to a project on this server"),
    ApiParameter::new("disputes/{number}", ParameterKind::Number, "The dispute's number", "12", "no dispute has this number"),
    ApiParameter::new("fair-play/{number}", ParameterKind::Number, "The flag's number", "12", "no flag has this number"),
    ApiParameter::new("reports/{id}", ParameterKind::Uuid, "The report's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "you made no such report"),
    ApiParameter::new("seasons/{slug}", ParameterKind::Text, "The season's slug", "autumn", "no season has this slug"),
    ApiParameter::new("sanctions/{id}", ParameterKind::Uuid, "The sanction's ID", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "it has no such sanction"),
];
