//! Honest work, much of which resembles gaming.

mod coincidences;
mod courses;
mod docs;
mod events;
mod everyday;
mod machines;
mod newcomers;
mod sweeps;
mod teams;

use super::world::World;

/// Invents the pull requests of honest people.
pub(super) const SCENES: &[fn(&mut World)] = &[
    everyday::regulars,
    everyday::maintainers,
    everyday::solos,
    teams::pairs,
    teams::monorepos,
    teams::release_trains,
    events::docs_day,
    events::hackathon,
    courses::exercises,
    courses::workshop,
    docs::writers,
    docs::translators,
    machines::bots,
    sweeps::migrations,
    sweeps::template,
    sweeps::refactorings,
    sweeps::backports,
    newcomers::typos,
    newcomers::practice,
    newcomers::lists,
    newcomers::strays,
    coincidences::same_fix,
    coincidences::opened_again,
];
