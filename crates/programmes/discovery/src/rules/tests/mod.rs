//! Tests of several rules together, on generated issues.

mod analyzed;
mod dice;
mod doable_texts;
mod generated;
mod long;
mod undoable_texts;

pub(super) use generated::now;
