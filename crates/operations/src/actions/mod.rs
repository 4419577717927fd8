//! What the module changes.

mod back_up;

pub(crate) use back_up::{Maker, back_up};
