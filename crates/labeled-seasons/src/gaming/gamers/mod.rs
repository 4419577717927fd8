//! Scenes of people who game the programme.

mod alternates;
mod copycats;
mod cover;
mod farmers;
mod junk;
mod rings;
mod typos;

use super::stage::SketchStage;

/// The scenes, in the order in which they are drawn. Each has its own random numbers.
pub(super) const SCENES: [fn(&mut SketchStage<'_>); 6] =
    [farmers::farming, rings::trades, junk::farms, typos::spam, alternates::runs, cover::cover];

/// Scenes that repeat others' changes, drawn after ordinary work.
pub(super) const ECHOES: [fn(&mut SketchStage<'_>); 1] = [copycats::copies];
