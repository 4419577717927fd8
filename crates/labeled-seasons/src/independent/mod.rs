//! A second labeled season, in the types of [`gaming`](crate::gaming), by which detectors of gaming are judged
//! independently: it was written from the prose of the specification and from public experience with contribution
//! seasons, without a look at the detectors or at the code of the first generator, of which only the types and their
//! documentation were known. It has its own names, texts, sizes and times. Labels say what a fair moderator who sees
//! everything would flag. Shares are estimates, not measurements.
//!
//! **Gamers** are a fifth of the people. Many know that simple limits exist.
//! - Farmers drip two or three comments a day, cut one change into ten, send one unused import per file, open a dozen
//!   edits in an evening, or paste long generated texts and tests without a request.
//! - Rings: three people stamp everything within minutes; two wait for hours and write plausible reviews; five approve
//!   in a circle, so that no pair is mutual, and review outsiders too.
//! - Junk: beginners' programs merged within minutes; a handbook that looks serious, whose owner reviews and waits; and
//!   walls of names that are kept for points.
//! - Typo spammers vary titles, files and days, exchange synonyms, or advertise.
//! - Copycats put one policy file everywhere, vary its length and name, or take others' open changes.
//! - Alternates: accounts of one evening that resemble each other, and three that share nothing but their texts.
//!
//! All but the sloppiest also do real work.
//!
//! **Honest people who look like gamers**: two-member teams that approve each other with one word, hackathons, days of
//! documentation, students with accounts of the same week who hand in the same exercise and approve each other,
//! translators, release trains, monorepos with dozens of tiny changes, services made from one template, long
//! refactorings in numbered parts, backports, pull requests that are opened again after a failed rebase, newcomers
//! with accounts that are a day old, names in places to practice, bots, projects of one person, and two people with
//! the same fix.

mod calendar;
mod cast;
mod draft;
mod fates;
mod finish;
mod gamers;
mod honest;
mod life;
mod names;
mod phrases;
mod places;
mod stacks;
mod work;
mod world;

use crate::gaming::Season;
use testkit::rng::Rng;
use world::World;

/// Generates a season of ninety days with about 1,600 pull requests, 210 people and 62 repositories: the same from the
/// same seed on every machine.
#[must_use]
pub fn generate(seed: u64) -> Season {
    let mut world = World::new(seed);
    cast::settle(&mut world);
    places::found(&mut world);
    for (part, scene) in honest::SCENES.iter().chain(gamers::SCENES).enumerate() {
        // Each scene has its own random numbers, so that a change of one does not affect the others.
        world.rng = Rng::part(seed, 100 + part as u64);
        scene(&mut world);
    }
    finish::finish(world, seed)
}

#[cfg(test)]
mod tests;
