use futures_util::future::BoxFuture;
use platform::{Context, db::DbError};

use super::{
    brake::{Brake, PendingWork, at_once},
    onboard,
    trouble::{ends, is_unasked},
};
use crate::{
    gateway::Platforms,
    model::CoachId,
    rules::accounts::is_due,
    store::{
        accounts::Owner,
        coach_accounts::{self, CoachAccount},
        sync_people::Coaches,
    },
};

/// Reads the accounts of coaches again that are not approved, and daily those that were never used: one call for each of them.
pub(super) async fn refresh(
    context: &Context,
    platforms: &Platforms,
    concurrency: usize,
    coaches: &Coaches,
    brake: &Brake,
) -> Result<(), DbError> {
    let now = context.now();
    let due: Vec<CoachAccount> = coach_accounts::all(&context.db)
        .await?
        .into_iter()
        .filter(|coach| is_due(&coach.facts(), now))
        .collect();
    let work: PendingWork<'_> = Box::new(due.iter().map(|coach| -> BoxFuture<'_, _> {
        Box::pin(read(context, platforms, coaches, coach, brake))
    }));
    at_once(work, concurrency).await
}

/// Reads an account again. One that the platform does not state is read again later; the comparison reports it.
async fn read(
    context: &Context,
    platforms: &Platforms,
    coaches: &Coaches,
    coach: &CoachAccount,
    brake: &Brake,
) -> Result<(), DbError> {
    let subjects = coaches.subjects_of(coach.id, coach.user_id);
    let Ok(client) = platforms.open(context, &subjects) else {
        return Ok(());
    };
    if brake.is_on() {
        return Ok(());
    }
    let id = CoachId::new(coach.id);
    match client.user(&coach.game_platform_id).await {
        Ok(Some(user)) => {
            let account = onboard::account(coach.game_platform_id.clone(), user);
            onboard::confirm(context, Owner::Coach(id), &account).await
        }
        Err(error) if is_unasked(&error) => {
            if ends(context, platforms, &error) {
                brake.pull(error);
            }
            Ok(())
        }
        found => {
            if let Err(error) = found
                && ends(context, platforms, &error)
            {
                brake.pull(error);
            }
            let tx = context.begin().await?;
            coach_accounts::set_read(&tx, id, context.now()).await?;
            tx.commit().await
        }
    }
}
