//! Work of organizers, judges, mentors, participants and admins.

mod rows;
mod text;

use chrono::TimeDelta;
use platform::{
    module::Audience,
    work::{TaskIcon, TaskKind, TaskText},
};

pub(super) use rows::{left_to_judge, own_assignments};

use crate::{
    FLAG, REWARDS,
    rules::{prizes::ORGANIZERS_AFTER, rewards::OWNER_AFTER},
};

const USUAL: TaskKind = TaskKind {
    code: "",
    label: "",
    one: "",
    list: "/work",
    waits: "",
    icon: TaskIcon::Todo,
    picture: None,
    is_about: false,
    is_taken: None,
    is_stuck: false,
    audience: Audience::SignedIn,
    flag: Some(FLAG),
    target: None,
    rows: |_| String::new(),
    text: |_| TaskText {
        title: String::new(),
        line: String::new(),
        action: "",
        address: String::new(),
        due: None,
    },
};

/// The kinds of work of this module.
pub(crate) const TASKS: &[TaskKind] = &[
    TaskKind {
        code: "judging",
        label: "Judging",
        one: "Judging",
        list: "/work?kind=judging",
        waits: "Projects wait for your scores",
        icon: TaskIcon::Scales,
        picture: Some("hackathon"),
        rows: rows::judging,
        text: |row| {
            let says = ("Judge the projects of", "Those that still need your scores");
            text::at_page(row, says, "judging", "Judge the next project")
        },
        ..USUAL
    },
    TaskKind {
        code: "help",
        label: "Help",
        one: "Help request",
        list: "/work?kind=help",
        waits: "A team waits for your help",
        icon: TaskIcon::Help,
        picture: Some("hackathon"),
        is_about: true,
        is_taken: Some(|row| row.number == 1),
        target: Some(TimeDelta::minutes(15)),
        rows: rows::help,
        text: text::help_text,
        ..USUAL
    },
    TaskKind {
        code: "application",
        label: "Applications",
        one: "Applications",
        list: "/work?kind=application",
        waits: "Applications wait for your decision",
        icon: TaskIcon::Approve,
        picture: Some("hackathon"),
        is_about: true,
        rows: rows::applications,
        text: text::application,
        ..USUAL
    },
    TaskKind {
        code: "place",
        label: "Places",
        one: "Place",
        list: "/work?kind=place",
        waits: "Your place is not confirmed yet",
        icon: TaskIcon::Ticket,
        picture: Some("hackathon"),
        rows: rows::places,
        text: |row| text::at_event(row, "Confirm your place at", "Confirm"),
        ..USUAL
    },
    TaskKind {
        code: "submission",
        label: "Submissions",
        one: "Submission",
        list: "/work?kind=submission",
        waits: "Your project is not submitted yet",
        icon: TaskIcon::Upload,
        picture: Some("hackathon"),
        rows: |_| rows::own(rows::MISSING, "submission"),
        text: |row| {
            let says = ("Submit your project to", "On your own");
            text::at_page(row, says, "submission", "Submit")
        },
        ..USUAL
    },
    TaskKind {
        code: "check",
        label: "Checks",
        one: "Failing check",
        list: "/work?kind=check",
        waits: "A check of your project fails",
        icon: TaskIcon::Warning,
        picture: Some("hackathon"),
        rows: |_| rows::own(rows::FAILING, "check"),
        text: text::check,
        ..USUAL
    },
    TaskKind {
        code: "team_task",
        label: "Team tasks",
        one: "Team task",
        list: "/work?kind=team_task",
        waits: "A task of your team is yours",
        icon: TaskIcon::Todo,
        picture: Some("hackathon"),
        rows: rows::team_tasks,
        text: text::team_task,
        ..USUAL
    },
    TaskKind {
        code: "draft",
        label: "Drafts",
        one: "Draft of a hackathon",
        list: "/work?kind=draft",
        waits: "A hackathon is still a draft",
        icon: TaskIcon::Draft,
        picture: Some("hackathon"),
        rows: |_| rows::drafts(),
        text: |row| {
            let says = ("Publish", "Only its organizers see the draft");
            text::at_page(row, says, "edit", "Finish the draft")
        },
        ..USUAL
    },
    TaskKind {
        code: "disqualified",
        label: "Appeals of teams",
        one: "Appeal of a team",
        list: "/work?kind=disqualified",
        waits: "A disqualified team appeals",
        icon: TaskIcon::Dispute,
        picture: Some("hackathon"),
        is_about: true,
        target: Some(TimeDelta::days(3)),
        rows: |_| rows::disqualified(),
        text: text::disqualified_text,
        ..USUAL
    },
    TaskKind {
        code: "results",
        label: "Results",
        one: "Results",
        list: "/work?kind=results",
        waits: "Results wait to be published",
        icon: TaskIcon::Trophy,
        picture: Some("hackathon"),
        target: Some(TimeDelta::days(2)),
        rows: |_| rows::results(),
        text: |row| {
            let says = ("Publish the results of", "Judging is over");
            text::at_page(row, says, "results", "Prepare the results")
        },
        ..USUAL
    },
    TaskKind {
        code: "prizes",
        label: "Prizes",
        one: "Prizes to hand over",
        list: "/work?kind=prizes",
        waits: "Winners wait for their prizes",
        icon: TaskIcon::Box,
        picture: Some("hackathon"),
        target: Some(ORGANIZERS_AFTER),
        rows: |_| rows::prizes(),
        text: text::prize,
        ..USUAL
    },
    TaskKind {
        code: "points",
        label: "Points of events",
        one: "Points of an event",
        list: "/work?kind=points",
        waits: "The points of an event wait for approval",
        icon: TaskIcon::Calendar,
        picture: Some("hackathon"),
        is_about: true,
        audience: Audience::Admins,
        rows: rows::points,
        text: text::points,
        ..USUAL
    },
    TaskKind {
        code: "networks",
        label: "Networks",
        one: "Networks of a place",
        list: "/work?kind=networks",
        waits: "Networks of a place wait for approval",
        icon: TaskIcon::Network,
        picture: Some("hackathon"),
        audience: Audience::Admins,
        rows: |_| rows::networks(),
        text: text::network,
        ..USUAL
    },
    TaskKind {
        code: "rewards",
        label: "Rewards",
        one: "Rewards to hand over",
        list: "/work?kind=rewards",
        waits: "People wait for their rewards",
        icon: TaskIcon::Box,
        picture: None,
        is_about: true,
        is_taken: None,
        is_stuck: false,
        audience: Audience::Admins,
        flag: Some(REWARDS),
        target: Some(OWNER_AFTER),
        rows: rows::rewards,
        text: text::reward,
    },
];
