//! The step with which a community without hackathons begins.

use platform::{Context, db::DbError, module::FirstStep};

use crate::{
    FLAG,
    reads::{self, HackathonPart},
};

/// The steps of this module.
pub(crate) const FIRST_STEPS: &[FirstStep] = &[FirstStep {
    title: "Hold your first event",
    says: "A hackathon of an evening, a weekend or a week. Three answers make a draft with all its dates.",
    action: "Plan an event",
    address: "/hackathons/new",
    flag: Some(FLAG),
    is_done: |context| Box::pin(has_hackathon(context)),
}];

async fn has_hackathon(context: &Context) -> Result<bool, DbError> {
    Ok(!reads::hackathons(&context.db, HackathonPart::All, None, 1).await?.is_empty())
}
