//! Gaming, as people do it who know that it is looked for.

mod alternates;
mod copies;
mod covers;
mod farmers;
mod junk;
mod rings;
mod typos;

use super::world::World;

/// Invents the pull requests of gamers.
pub(super) const SCENES: &[fn(&mut World)] = &[
    farmers::bursts,
    farmers::crafts,
    rings::stamps,
    rings::duo,
    rings::circle,
    junk::programs,
    junk::handbook,
    junk::walls,
    typos::hasty,
    typos::patient,
    copies::policies,
    copies::thieves,
    alternates::siblings,
    alternates::strangers,
    covers::real_work,
];
