//! The steps with which a community without projects or seasons begins.

use platform::module::FirstStep;

use crate::FLAG;

/// The steps of this module.
pub(crate) const FIRST_STEPS: &[FirstStep] = &[
    FirstStep {
        title: "Add your first project",
        says: "A project has repositories and rules. Everything that is merged there earns points, also from before today.",
        action: "Add a project",
        address: "/projects/new",
        flag: Some(FLAG),
        table: "projects",
    },
    FirstStep {
        title: "Start your first season",
        says: "A season counts what is merged in your projects within some weeks. It has a leaderboard and a goal.",
        action: "Start a season",
        address: "/seasons/new",
        flag: Some(FLAG),
        table: "seasons",
    },
];
