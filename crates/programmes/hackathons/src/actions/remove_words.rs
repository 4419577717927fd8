use platform::{Context, db::DbError};

use crate::{
    reads,
    rules::retention::removed_before,
    store::{results, surveys},
};

/// Removes the answers and motivations of applications, the appeals, the reasons of decisions, the claim details of prizes and the answers to
/// surveys of the
/// hackathons that have been over for the period of retention. Results stay. Returns the number of hackathons.
///
/// # Errors
/// When the database fails.
pub async fn remove_old_words(context: &Context) -> Result<usize, DbError> {
    let now = context.now();
    let due = reads::with_old_words(&context.db, removed_before(now)).await?;
    for hackathon in &due {
        let tx = context.begin().await?;
        tx.lock_rows("hackathons", [hackathon.0]).await?;
        results::remove_words(&tx, *hackathon, now).await?;
        surveys::remove_answers(&tx, *hackathon).await?;
        tx.commit().await?;
    }
    Ok(due.len())
}
