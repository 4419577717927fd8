//! The step with which a community without a project begins.

use platform::{Context, db::DbError, module::FirstStep};

use crate::reads::{self, ProjectPart};

/// The steps of this module.
pub(crate) const FIRST_STEPS: &[FirstStep] = &[FirstStep {
    title: "Add your first project",
    says: "A project has repositories and rules. Everything that is merged there earns points, also from before today.",
    action: "Add a project",
    address: "/projects/new",
    is_done: |context| Box::pin(has_project(context)),
}];

async fn has_project(context: &Context) -> Result<bool, DbError> {
    Ok(!reads::projects(&context.db, ProjectPart::Current, "", 1).await?.is_empty())
}
