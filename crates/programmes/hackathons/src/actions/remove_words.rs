use std::collections::BTreeSet;

use platform::{Context, db::DbError};

use crate::{
    reads,
    rules::retention::{notes_removed_before, removed_before},
    store::{
        exports::{self, DeletedExports},
        results, surveys, tasks,
    },
};

/// Removes the words of hackathons that have been over for the period of retention: answers and motivations of applications,
/// appeals, reasons of decisions, notes of judges to teams, claim details of prizes, requests for help, tasks, connections of
/// boards and answers to surveys. The private notes of judges go earlier; results stay. Returns the number of hackathons.
///
/// # Errors
/// When the database fails.
pub async fn remove_old_words(context: &Context) -> Result<usize, DbError> {
    let (db, now) = (&context.db, context.now());
    let due = reads::with_old_words(db, removed_before(now)).await?;
    for hackathon in &due {
        let tx = context.begin().await?;
        tx.lock_rows("hackathons", [hackathon.0]).await?;
        results::remove_words(&tx, *hackathon, now).await?;
        surveys::remove_answers(&tx, *hackathon).await?;
        tasks::delete_of(&tx, *hackathon).await?;
        exports::delete(&tx, DeletedExports::Hackathon(*hackathon)).await?;
        tx.commit().await?;
    }
    let noted = reads::with_old_notes(db, notes_removed_before(now)).await?;
    for hackathon in &noted {
        let tx = context.begin().await?;
        tx.lock_rows("hackathons", [hackathon.0]).await?;
        results::delete_notes(&tx, *hackathon).await?;
        tx.commit().await?;
    }
    let all: BTreeSet<_> = due.iter().chain(&noted).map(|it| it.0).collect();
    Ok(all.len())
}
