use platform::{Context, db::DbError};

use crate::{
    gateway::{HostError, OpenRepository},
    model::SubmissionId,
    reads::{self, SettingsView},
    store::own_checks::NewStart,
};

/// Starts the hackathon's own checks of a submission, unless they were started for this commit. Returns the start to record. A server
/// that ends before it is recorded starts them again, which costs a second run.
///
/// An unavailable code host is a reason of refusal too, so that the program's own checks do not wait for it: whoever asks for a new
/// check tries again.
///
/// # Errors
/// When the database fails.
pub(super) async fn start_checks(
    context: &Context,
    submission: SubmissionId,
    settings: &SettingsView,
    open: &dyn OpenRepository,
    sha: &str,
) -> Result<Option<NewStart>, DbError> {
    let Some(event) = settings.workflow_event.clone() else {
        return Ok(None);
    };
    let latest = reads::latest_start(&context.db, submission).await?;
    let is_started = latest.is_some_and(|start| {
        start.commit_sha == sha && start.workflow_event == event && start.refusal.is_none()
    });
    if is_started {
        return Ok(None);
    }
    let refusal = match open.start(&event, sha).await {
        Ok(refusal) => refusal,
        Err(HostError(failure)) => Some(failure.reason().to_owned()),
    };
    Ok(Some(NewStart { commit_sha: sha.to_owned(), event, refusal }))
}
