//! Hackathons: events and their dates, hosts and staff, applications with places and a waitlist, teams, submissions with their checks,
//! judging, points for results, calendars, friends, and rewards. Owns the tables that [`MODULE`] lists. Depends on kernel, platform, ui,
//! identity, notifications, recognition and github.

pub mod access;
pub mod actions;
pub mod api;
pub mod demo;
pub mod emails;
pub mod gateway;
pub mod jobs;
pub mod model;
pub mod pages;
mod problems;
mod programme;
pub mod reads;
mod rewards_programme;
pub mod rules;
mod store;
mod telemetry;

use model::{
    ApplicationStatus, AssignmentStatus, BoardService, CheckTrigger, ClaimKind, FriendStatus, Held,
    HelpState, JudgingMode, JuryOutcome, Phase, Places, PrizeState, RedemptionStatus,
    ResultBlocker, RewardKind, Segment, StaffRole, SurveyAudience, TaskState, TeamRole, Verdict,
    Visibility,
};
use platform::{
    db::CodeColumn,
    flags::{Flag, FlagKind, Start},
    jobs::Jobs,
    module::{
        AlertRule, ApiParameter, ApiRole, ApiTag, Audience, AuditKind, FrontSource, Module,
        NavItem, NavPlace, ParameterKind, Personal, Program, Table, UseSeries,
    },
};

pub use programme::Hackathons;
pub use rewards_programme::Rewards;

/// The flag of hackathons.
pub const FLAG: &Flag = &Flag {
    name: "hackathons",
    kind: FlagKind::Feature,
    variable: "ENABLE_HACKATHONS",
    start: Start::On,
    description: "Hackathons with their applications and teams: the pages, the API, the links to them, and what is sent about them.",
};

pub const FRIENDS: &Flag = &Flag {
    name: "friends",
    kind: FlagKind::Feature,
    variable: "ENABLE_FRIENDS",
    start: Start::On,
    description: "Friends: requests, blocks, the pages, the API and the links to them, and emails about them.",
};

pub const REWARDS: &Flag = &Flag {
    name: "rewards",
    kind: FlagKind::Feature,
    variable: "ENABLE_REWARDS",
    start: Start::On,
    description: "Rewards that people redeem with their points: the pages, the API, the emails and the links to them.",
};

/// The flag of what teams submit. Off, everything stays as it is and where it is, but nothing is added or changed.
pub const SUBMISSIONS: &Flag = &Flag {
    name: "submissions",
    kind: FlagKind::Feature,
    variable: "ENABLE_SUBMISSIONS",
    start: Start::On,
    description: "Submitting to hackathons, and changing or withdrawing submissions. What was submitted stays visible, and is checked, \
                  frozen and judged as before.",
};

#[rustfmt::skip]
const TABLES: &[Table] = &[
    Table::new("hackathons", "hackathons", Personal::None, "forever").with_codes(&[CodeColumn::of::<Held>("held"), CodeColumn::of::<Places>("places"), CodeColumn::of::<Visibility>("visibility")]),
    Table::new("hackathon_phases", "phases of hackathons", Personal::None, "forever").with_codes(&[CodeColumn::of::<Phase>("phase")]),
    Table::new("hackathon_conducts", "versions of codes of conduct", Personal::None, "forever"),
    Table::new("hackathon_hosts", "hosts", Personal::Erased, "forever"),
    Table::new("hackathon_staff", "hackathons", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<StaffRole>("role")]),
    Table::new("staff_invitations", "invitations to staffs", Personal::Erased, "forever; addresses until they are accepted, withdrawn or expired").with_codes(&[CodeColumn::of::<StaffRole>("role")]),
    Table::new("hackathon_tracks", "hackathons", Personal::None, "forever"),
    Table::new("judging_settings", "hackathons", Personal::None, "forever").with_codes(&[CodeColumn::of::<JudgingMode>("mode")]),
    Table::new("judging_criteria", "hackathons", Personal::None, "forever"),
    Table::new("judging_assignments", "projects of judges", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<AssignmentStatus>("status")]),
    Table::new("judging_scores", "projects of judges", Personal::Erased, "forever; notes to teams until 180 days after the results or the cancellation"),
    Table::new("judging_notes", "projects of judges", Personal::Erased, "90 days after the results or the cancellation"),
    Table::new("judging_rankings", "judges", Personal::Pseudonymous, "forever"),
    Table::new("judging_rounds", "hackathons", Personal::Pseudonymous, "forever"),
    Table::new("judging_decisions", "hackathons", Personal::Erased, "forever; reasons until 180 days after the results or the cancellation"),
    Table::new("judging_conflicts", "judges", Personal::Erased, "forever"),
    Table::new("applications", "applications", Personal::Erased, "forever; answers, motivations and reasons until 180 days after the results or the cancellation").with_codes(&[CodeColumn::of::<ApplicationStatus>("status")]),
    Table::new("teams", "teams", Personal::Erased, "forever"),
    Table::new("team_members", "members of teams", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<TeamRole>("role")]),
    Table::new("submissions", "submissions", Personal::Erased, "forever; appeals and reasons until 180 days after the results or the cancellation").with_codes(&[CodeColumn::of::<Verdict>("verdict"), CodeColumn::of::<JuryOutcome>("outcome")]),
    Table::new("submission_versions", "versions of submissions", Personal::Pseudonymous, "forever"),
    Table::new("submission_texts", "versions of submissions", Personal::Erased, "forever"),
    Table::new("submission_checks", "submissions", Personal::None, "forever").with_codes(&[CodeColumn::of::<CheckTrigger>("trigger_code")]),
    Table::new("submission_reports", "checks of submissions", Personal::None, "forever").with_codes(&[CodeColumn::of::<CheckTrigger>("trigger_code")]),
    Table::new("workflow_starts", "commits of submissions", Personal::None, "forever"),
    Table::new("submission_blobs", "files of submissions", Personal::None, "forever"),
    Table::new("submission_settings", "hackathons", Personal::None, "forever"),
    Table::new("submission_extensions", "later deadlines", Personal::Erased, "forever; reasons until 180 days after the results or the cancellation"),
    Table::new("submission_reminders", "reminders to submit", Personal::Pseudonymous, "forever"),
    Table::new("friendships", "friendships", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<FriendStatus>("status")]),
    Table::new("hackathon_points", "hackathons", Personal::Pseudonymous, "forever"),
    Table::new("hackathon_results", "people with results", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<JuryOutcome>("outcome")]),
    Table::new("result_publications", "hackathons", Personal::Pseudonymous, "forever"),
    Table::new("result_overrides", "hackathons", Personal::Erased, "forever; reasons until 180 days after the results or the cancellation").with_codes(&[CodeColumn::of::<ResultBlocker>("blocker")]),
    Table::new("rewards", "rewards", Personal::Erased, "forever").with_codes(&[CodeColumn::of::<RewardKind>("kind"), CodeColumn::of::<ClaimKind>("claim_kind")]),
    Table::new("reward_codes", "coupon codes", Personal::None, "forever"),
    Table::new("reward_redemptions", "redeemed rewards", Personal::Erased, "forever; addresses until they are delivered or canceled").with_codes(&[CodeColumn::of::<RedemptionStatus>("status")]),
    Table::new("announcements", "announcements", Personal::Pseudonymous, "forever").with_codes(&[CodeColumn::of::<Segment>("segment")]),
    Table::new("announcement_recipients", "recipients of announcements", Personal::Pseudonymous, "forever"),
    Table::new("help_requests", "requests for help", Personal::Erased, "forever; topics, places and answers until 180 days after the results or the cancellation").with_codes(&[CodeColumn::of::<HelpState>("state")]),
    Table::new("team_tasks", "tasks of teams", Personal::Erased, "until 180 days after the results or the cancellation").with_codes(&[CodeColumn::of::<TaskState>("state")]),
    Table::new("board_exports", "connections of boards", Personal::Erased, "until the team disconnects, the person leaves it, or 180 days after the results or the cancellation").with_codes(&[CodeColumn::of::<BoardService>("service")]),
    Table::new("board_cards", "cards of tasks", Personal::None, "as long as the connection of the board"),
    Table::new("confirmation_reminders", "reminders to confirm places", Personal::Pseudonymous, "forever"),
    Table::new("check_ins", "check-ins", Personal::Pseudonymous, "forever"),
    Table::new("calendar_feeds", "personal calendars", Personal::Erased, "until they are removed"),
    Table::new("surveys", "surveys", Personal::None, "forever; what was answered until 180 days after the results or the cancellation").with_codes(&[CodeColumn::of::<SurveyAudience>("audience")]),
    Table::new("survey_invitations", "invitations to surveys", Personal::Pseudonymous, "forever"),
    Table::new("survey_answers", "answers to surveys", Personal::Erased, "until the survey is closed, or 180 days after the cancellation"),
    Table::new("prizes", "prizes", Personal::None, "forever"),
    Table::new("prize_awards", "awards of prizes", Personal::Erased, "forever; claim details until they are received or forfeited, and they and reasons until 180 days after the results").with_codes(&[CodeColumn::of::<PrizeState>("state")]),
];

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "hackathons",
    tables: TABLES,
    migrations: store::migrations,
    api: api::routes,
    api_parameters: PARAMETERS,
    api_roles: ROLES,
    api_tags: &[
        ApiTag {
            name: "Hackathons",
            description: "Hackathons, their staff, applications, teams and submissions.",
        },
        ApiTag {
            name: "Friends",
            description: "Your friends, friend requests and blocked people.",
        },
        ApiTag { name: "Rewards", description: "Rewards and their redemption with points." },
    ],
    pages: |_| pages::routes(),
    panels: pages::PANELS,
    public_routes: &["/api/v1/hackathons"],
    guarded_routes: &["/hackathon-teams/join", "/api/v1/me/teams"],
    tasks: reads::TASKS,
    running: reads::RUNNING,
    pictured: actions::PICTURED,
    search: pages::SEARCH,
    front: Some(FrontSource {
        flag: Some(FLAG),
        read: |context, _| Box::pin(pages::front(context)),
        reviewers: None,
    }),
    program: Some(Program {
        flag: FLAG,
        title: "Hackathons",
        says: "People apply to your events, build something in teams, and judges choose the winners.",
        picture: "programme-hackathons",
    }),
    first_steps: pages::FIRST_STEPS,
    navigation: &[
        NavItem {
            flag: Some(FRIENDS),
            ..NavItem::new(NavPlace::Account, 15, "Friends", "/friends").to(Audience::SignedIn)
        },
        NavItem {
            flag: Some(FLAG),
            ..NavItem::new(NavPlace::Admin, 30, "Events and hosts", "/admin/hackathons")
                .to(Audience::Admins)
                .in_group("Hackathons")
                .counting(&["networks", "points"])
        },
        NavItem {
            flag: Some(REWARDS),
            ..NavItem::new(NavPlace::Account, 12, "Rewards", "/rewards").to(Audience::SignedIn)
        },
        NavItem {
            flag: Some(REWARDS),
            ..NavItem::new(NavPlace::Footer, 27, "Rewards", "/rewards")
        },
        NavItem {
            flag: Some(REWARDS),
            ..NavItem::new(NavPlace::Admin, 31, "Rewards", "/admin/rewards")
                .to(Audience::Admins)
                .in_group("Points")
                .counting(&["rewards"])
        },
    ],
    events: pages::EVENTS,
    guides: &[
        platform::guide!(
            51,
            "For organizers",
            "hackathon-organizers",
            "Hold a hackathon",
            "How to hold a hackathon: dates, places, the waitlist, staff and results."
        ),
        platform::guide!(
            12,
            "For contributors",
            "hackathon-participants",
            "Take part in a hackathon",
            "How to apply, what the waitlist means, and how teams form."
        ),
        platform::guide!(
            52,
            "For organizers",
            "hackathon-judges",
            "Judge a hackathon",
            "How to judge projects by criteria or by order, and who sees your scores."
        ),
        platform::guide!(
            13,
            "For contributors",
            "rewards",
            "Redeem rewards",
            "How to redeem rewards with points, and how admins offer and fulfill them."
        ),
    ],
    demo: Some(demo::DEMO),
    audit: &[
        AuditKind::new("announcement.send", "hackathon", "Announcement sent"),
        AuditKind::new("application.check_in", "hackathon", "Person checked in"),
        AuditKind::new("application.confirm", "hackathon", "Place confirmed"),
        AuditKind::new("application.decide", "hackathon", "Application decided"),
        AuditKind::new("application.look", "hackathon", "Application read"),
        AuditKind::new("application.undo_check_in", "hackathon", "Check-in undone"),
        AuditKind::new(
            "application.walk_in",
            "hackathon",
            "Person admitted without an application",
        ),
        AuditKind::new("application.withdraw", "hackathon", "Application withdrawn"),
        AuditKind::new("application.write", "hackathon", "Application written"),
        AuditKind::new("board.connect", "hackathon", "Board connected"),
        AuditKind::new("board.disconnect", "hackathon", "Board disconnected"),
        AuditKind::new("board.export", "hackathon", "Board exported"),
        AuditKind::new("calendar_feed.remove", "user", "Address of the calendar removed"),
        AuditKind::new("calendar_feed.renew", "user", "Address of the calendar replaced"),
        AuditKind::new("friend.accept", "user", "Friend accepted"),
        AuditKind::new("friend.block", "user", "Person blocked"),
        AuditKind::new("friend.cancel", "user", "Friend request canceled"),
        AuditKind::new("friend.decline", "user", "Friend request declined"),
        AuditKind::new("friend.remove", "user", "Friend removed"),
        AuditKind::new("friend.request", "user", "Friend request sent"),
        AuditKind::new("friend.unblock", "user", "Person unblocked"),
        AuditKind::new(
            "hackathon.accept_staff_invitation",
            "hackathon",
            "Invitation to the staff accepted",
        ),
        AuditKind::new("hackathon.add_staff", "hackathon", "Member of the staff added"),
        AuditKind::new("hackathon.approve_points", "hackathon", "Points of a hackathon approved"),
        AuditKind::new("hackathon.archive", "hackathon", "Hackathon archived"),
        AuditKind::new("hackathon.cancel", "hackathon", "Hackathon canceled"),
        AuditKind::new("hackathon.close_round", "hackathon", "Round of judging closed"),
        AuditKind::new("hackathon.create", "hackathon", "Hackathon created"),
        AuditKind::new("hackathon.declare_conflict", "hackathon", "Conflict of a judge declared"),
        AuditKind::new("hackathon.edit", "hackathon", "Hackathon changed"),
        AuditKind::new("hackathon.picture", "hackathon", "Picture of a hackathon changed"),
        AuditKind::new("hackathon.invite_staff", "hackathon", "Person invited to the staff"),
        AuditKind::new("hackathon.publish", "hackathon", "Hackathon published"),
        AuditKind::new("hackathon.hold_results", "hackathon", "Results held back"),
        AuditKind::new("hackathon.publish_results", "hackathon", "Results published"),
        AuditKind::new("hackathon.schedule_results", "hackathon", "Results planned"),
        AuditKind::new("hackathon.undo_results", "hackathon", "Publication of results undone"),
        AuditKind::new("hackathon.remove_staff", "hackathon", "Member of the staff removed"),
        AuditKind::new("hackathon.replace_link", "hackathon", "Link of a hackathon replaced"),
        AuditKind::new("hackathon.score", "hackathon", "Project scored"),
        AuditKind::new("hackathon.set_judge_tracks", "hackathon", "Tracks of a judge changed"),
        AuditKind::new("hackathon.set_judging", "hackathon", "Judging changed"),
        AuditKind::new("hackathon.set_tracks", "hackathon", "Tracks changed"),
        AuditKind::new("hackathon.set_venue_networks", "hackathon", "Networks of the place stated"),
        AuditKind::new(
            "hackathon.approve_venue_networks",
            "hackathon",
            "Networks of the place approved",
        ),
        AuditKind::new("hackathon.settle_tie", "hackathon", "Tie decided"),
        AuditKind::new(
            "hackathon.withdraw_staff_invitation",
            "hackathon",
            "Invitation to the staff withdrawn",
        ),
        AuditKind::new("hackathon_host.add", "user", "Host of hackathons added"),
        AuditKind::new("hackathon_host.remove", "user", "Host of hackathons removed"),
        AuditKind::new("submission.number_tables", "hackathon", "Tables numbered"),
        AuditKind::new("submission.place", "hackathon", "Table or link of a project set"),
        AuditKind::new("hackathon.extend_deadline", "hackathon", "Deadline extended"),
        AuditKind::new("hackathon.set_submissions", "hackathon", "Submission form changed"),
        AuditKind::new("help.ask", "hackathon", "Help requested"),
        AuditKind::new("help.close", "hackathon", "Help request closed"),
        AuditKind::new("help.hand_back", "hackathon", "Help request given back"),
        AuditKind::new("help.take", "hackathon", "Help request taken"),
        AuditKind::new("help.withdraw", "hackathon", "Help request withdrawn"),
        AuditKind::new("prize.award", "hackathon", "Prize awarded"),
        AuditKind::new("prize.claim", "hackathon", "Prize claimed"),
        AuditKind::new("prize.create", "hackathon", "Prize created"),
        AuditKind::new("prize.edit", "hackathon", "Prize changed"),
        AuditKind::new("prize.read_claim", "hackathon", "Address of a winner read"),
        AuditKind::new("prize.remove", "hackathon", "Prize removed"),
        AuditKind::new("prize.step", "hackathon", "State of a prize changed"),
        AuditKind::new("prize.take_back", "hackathon", "Prize taken back"),
        AuditKind::new("reward.add_codes", "reward", "Codes of a reward added"),
        AuditKind::new("reward.archive", "reward", "Reward archived"),
        AuditKind::new("reward.create", "reward", "Reward created"),
        AuditKind::new("reward.edit", "reward", "Reward changed"),
        AuditKind::new("reward.redeem", "reward", "Reward redeemed"),
        AuditKind::new("reward.restore", "reward", "Reward restored"),
        AuditKind::new("reward.step_redemption", "reward", "State of a redemption changed"),
        AuditKind::new("submission.appeal", "hackathon", "Disqualification appealed"),
        AuditKind::new("submission.check_all", "hackathon", "All submissions checked"),
        AuditKind::new("submission.picture", "hackathon", "Picture of a submission changed"),
        AuditKind::new("submission.rule", "hackathon", "Decision on a submission"),
        AuditKind::new("submission.submit", "hackathon", "Project submitted"),
        AuditKind::new("submission.withdraw", "hackathon", "Submission withdrawn"),
        AuditKind::new("survey.set", "hackathon", "Survey changed"),
        AuditKind::new("task.add", "hackathon", "Team task added"),
        AuditKind::new("task.edit", "hackathon", "Team task changed"),
        AuditKind::new("task.remove", "hackathon", "Team task removed"),
        AuditKind::new("team.cancel_invitation", "hackathon", "Invitation to a team canceled"),
        AuditKind::new("team.create", "hackathon", "Team created"),
        AuditKind::new("team.decline_invitation", "hackathon", "Invitation to a team declined"),
        AuditKind::new("team.edit", "hackathon", "Team changed"),
        AuditKind::new("team.invite", "hackathon", "Person invited to a team"),
        AuditKind::new("team.join", "hackathon", "Team joined"),
        AuditKind::new("team.leave", "hackathon", "Team left"),
        AuditKind::new("team.remove_member", "hackathon", "Member of a team removed"),
        AuditKind::new("team.set_role", "hackathon", "Role in a team changed"),
    ],
    problems: problems::PROBLEMS,
    jobs: |services| Jobs { workers: jobs::workers(services), schedules: jobs::schedules() },
    flags: &[
        FLAG,
        FRIENDS,
        REWARDS,
        SUBMISSIONS,
        <gateway::CodeHosts as platform::flags::Outgoing>::FLAG,
        <gateway::BoardExports as platform::flags::Outgoing>::FLAG,
    ],
    provide: |services, provided| {
        let sites = &services.config.code_hosts[..];
        provided.insert(rules::repository_address::CodeSites::from(sites));
    },
    sealed: &store::SEALED,
    metrics: telemetry::ALL,
    series: &[UseSeries {
        code: "submissions",
        title: "Submissions to hackathons",
        unit: "submissions",
        flag: Some(FLAG),
        read: |context, since| Box::pin(reads::submitted(&context.db, since)),
    }],
    measure: Some(|context| Box::pin(actions::measure_stocks(context))),
    alerts: &[
        AlertRule::new(actions::DEADLINES, |services| {
            Box::pin(async move { Ok(actions::deadline_incidents(&services.context).await?) })
        })
        .covering(&[jobs::DEADLINES]),
        AlertRule::new(actions::CHECKS, |services| {
            Box::pin(actions::check_incidents(&services.context))
        }),
        AlertRule::new(actions::STOCK, |services| {
            Box::pin(actions::stock_incidents(&services.context))
        }),
        AlertRule::new(actions::OVERDUE, |services| {
            Box::pin(actions::overdue_incidents(&services.context))
        }),
    ],
    news: emails::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, context, person| {
        Box::pin(reads::export(tx, context.keys.as_ref(), person.into()))
    }),
    erase: Some(|tx, context, _, person| {
        Box::pin(async move { actions::erase(tx, context, person.into()).await })
    }),
    invites: Some(|tx, context, address| {
        Box::pin(async move {
            let is_on = context.flags.is_on_for_anyone(FLAG);
            Ok(is_on && reads::invites(tx, address, context.now()).await?)
        })
    }),
    banned: Some(|tx, context, person| {
        Box::pin(actions::replace_codes(tx, context, person.into()))
    }),
    ..Module::EMPTY
};

/// The parameters in paths of its API.
#[rustfmt::skip]
const PARAMETERS: &[ApiParameter] = &[
    ApiParameter::new("hackathons/{slug}", ParameterKind::Text, "The hackathon's slug", "low-tide", "no hackathon that you may see has this slug"),
    ApiParameter::new("hackathons/{id}", ParameterKind::Uuid, "The hackathon's ID", "01931b6e-6c00-7000-8000-00000000000c", "no hackathon that you may see has this ID"),
    ApiParameter::new("surveys/{audience}", ParameterKind::Text, "`participants` or `judges`", "participants", "the audience is unknown"),
    ApiParameter::new("exports/{service}", ParameterKind::Text, "`trello` or `notion`", "trello", "the service is unknown"),
    ApiParameter::new("help/{id}", ParameterKind::Uuid, "The request's ID", "01931b6e-6c00-7000-8000-000000000006", "it has no such request"),
    ApiParameter::new("judging/{submission}", ParameterKind::Uuid, "The ID of the submission", "01900000-0000-7000-8000-000000000001", "you did not get the project"),
    ApiParameter::new("submissions/{id}", ParameterKind::Uuid, "The submission's ID", "01900000-0000-7000-8000-000000000002", "it has no such submission"),
    ApiParameter::new("prize-awards/{id}", ParameterKind::Uuid, "The award's ID", "01931b6e-6c00-7000-8000-000000000004", "it has no such award"),
    ApiParameter::new("prizes/{id}", ParameterKind::Uuid, "The award's ID", "01931b6e-6c00-7000-8000-000000000004", "you won no such prize"),
    ApiParameter::new("prizes/{prize}", ParameterKind::Text, "The prize's slug", "harbor-prize", "it has no such prize"),
    ApiParameter::new("redemptions/{id}", ParameterKind::Uuid, "The redemption's ID", "01931b6e-6c00-7000-8000-000000000001", "no redemption that you may see has this ID"),
    ApiParameter::new("rewards/{slug}", ParameterKind::Text, "The reward's slug", "mug", "no reward that you may see has this slug"),
    ApiParameter::new("staff-invitations/{id}", ParameterKind::Uuid, "The invitation's ID", "01931b6e-6c00-7000-8000-00000000000b", "it has no such invitation"),
    ApiParameter::new("tasks/{id}", ParameterKind::Uuid, "The task's ID", "01931b6e-6c00-7000-8000-00000000000a", "your team has no such task"),
    ApiParameter::new("teams/{team}", ParameterKind::Text, "The team's slug", "gannet", "it has no team with this slug whose board you may see"),
    ApiParameter::new("invitations/{team}", ParameterKind::Text, "The team's slug", "gannet", "the team has not invited you"),
    ApiParameter::new("deadlines/{name}", ParameterKind::Text, "The slug of the team, or the login of a person without a team", "gannet", ""),
];

/// The roles in a hackathon that its API requires.
const ROLES: &[ApiRole] = &[
    ApiRole { name: "organizer", refusal: "You do not organize the hackathon" },
    ApiRole { name: "mentor", refusal: "You are no mentor or organizer of the hackathon" },
    ApiRole { name: "judge", refusal: "You do not judge the hackathon" },
    ApiRole { name: "participant", refusal: "You do not take part in the hackathon" },
    ApiRole {
        name: "leader",
        refusal: "You do not take part in the hackathon, or do not lead the team",
    },
];
