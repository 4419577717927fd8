use github::model::ISSUES_CHANGED;
use platform::{
    Context,
    db::{DbError, Tx},
};

use super::{Followed, follow};
use crate::{rules::projects::ListedProject, store::followed};

/// Follows the repositories of a list of projects, and keeps the labels with which they ask for help.
///
/// # Errors
/// When the database fails.
pub async fn import_projects(
    tx: &mut Tx,
    context: &Context,
    projects: &[ListedProject],
) -> Result<Followed, DbError> {
    let names = projects.iter().map(|own| own.repository.clone());
    let followed = follow(tx, context, names).await?;
    let labels = projects.iter().filter_map(|own| {
        let label = own.label.clone()?;
        Some((own.repository.to_lowercase(), label))
    });
    let labels: Vec<(String, String)> = labels.collect();
    let changed = followed::state_labels(tx, &labels).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(ISSUES_CHANGED, changed, ids, now).await?;
    Ok(followed)
}
