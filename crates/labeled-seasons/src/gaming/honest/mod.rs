//! Honest scenes, among them those that resemble gaming.

mod bots;
mod everyday;
mod lists;
mod maintainers;
mod mechanical;
mod newcomers;
mod series;
mod sprints;
mod writers;

use super::stage::SketchStage;

pub(super) use everyday::{first, last};

/// The scenes, in the order in which they are drawn. Each has its own random numbers.
pub(super) const SCENES: [fn(&mut SketchStage<'_>); 14] = [
    maintainers::teams,
    maintainers::fast,
    maintainers::solo,
    writers::docs,
    writers::translations,
    sprints::sprints,
    newcomers::courses,
    newcomers::first_typos,
    lists::practice,
    lists::lists,
    bots::bumps,
    mechanical::migrations,
    mechanical::rollouts,
    series::series,
];

/// Scenes that repeat earlier changes, drawn after all others.
pub(super) const ECHOES: [fn(&mut SketchStage<'_>); 2] = [series::backports, series::duplicates];
