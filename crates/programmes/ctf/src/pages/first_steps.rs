//! The step with which a community without rosters begins.

use platform::{Context, db::DbError, module::FirstStep};

use crate::{FLAG, reads};

/// The steps of this module.
pub(crate) const FIRST_STEPS: &[FirstStep] = &[FirstStep {
    title: "Create your first roster",
    says: "A roster has the students and teams of a school for one year. You coach it, and can share it with others.",
    action: "Create a roster",
    address: "/ctf/rosters/new",
    flag: Some(FLAG),
    is_done: |context| Box::pin(has_roster(context)),
}];

async fn has_roster(context: &Context) -> Result<bool, DbError> {
    reads::has_roster(&context.db).await
}
