//! The step with which a community without rosters begins.

use platform::module::FirstStep;

use crate::FLAG;

/// The steps of this module.
pub(crate) const FIRST_STEPS: &[FirstStep] = &[FirstStep {
    title: "Create your first roster",
    says: "A roster has the students and teams of a school for one year. You coach it, and can share it with others.",
    action: "Create a roster",
    address: "/ctf/rosters/new",
    flag: Some(FLAG),
    table: "rosters",
}];
