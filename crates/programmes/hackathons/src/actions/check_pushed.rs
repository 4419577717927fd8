use github::model::RepositoryId;
use platform::{
    Context,
    db::{DbError, Tx},
};

use super::check::request_checks;
use crate::{model::CheckTrigger, reads};

/// Requests checks of the submissions for which a push to a repository matters.
///
/// # Errors
/// When the database fails.
pub async fn check_pushed(
    tx: &mut Tx,
    context: &Context,
    repository: RepositoryId,
) -> Result<(), DbError> {
    let open = reads::open_submissions_of(tx, repository, context.now()).await?;
    request_checks(tx, context, open, CheckTrigger::Push).await?;
    Ok(())
}
