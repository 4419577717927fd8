//! Copies of installations of this program, and rotation of the keys that they do not contain.

pub mod keys;
pub(crate) mod lost_key;

use operations::backup::Copier;

use crate::{Migrator, PROGRAMMES};

/// Copies installations of this program.
pub const COPIER: Copier = Copier::of::<Migrator>(PROGRAMMES);
