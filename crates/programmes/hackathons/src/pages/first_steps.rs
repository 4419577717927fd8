//! The step with which a community without hackathons begins.

use platform::module::FirstStep;

use crate::FLAG;

/// The steps of this module.
pub(crate) const FIRST_STEPS: &[FirstStep] = &[FirstStep {
    title: "Hold your first event",
    says: "A hackathon of an evening, a weekend or a week. Three answers make a draft with all its dates.",
    action: "Plan an event",
    address: "/hackathons/new",
    flag: Some(FLAG),
    table: "hackathons",
}];
