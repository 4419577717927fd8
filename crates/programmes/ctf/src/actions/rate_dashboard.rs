use identity::model::UserId;
use platform::{ActionError, Context, db::DbError};

use crate::{
    access::approved_coach_required,
    reads,
    rules::rollout_goals::{chosen_level, is_visit_due},
    store::coaches,
};

/// Stores a coach's rating of the dashboard. It replaces the former one.
///
/// # Errors
/// When the person is not an approved coach, or the rating is not a number from 1 to 5.
pub async fn rate_dashboard(
    context: &Context,
    person: UserId,
    rating: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = reads::coach_of(&tx, person).await?;
    let coach = found.filter(|coach| coach.approved);
    let coach = coach.ok_or_else(approved_coach_required)?;
    let rating = chosen_level(rating)?;
    coaches::set_rating(&tx, coach.key(), rating, context.now()).await?;
    Ok(tx.commit().await?)
}

/// Notes that a coach opened the dashboard of a roster, at most once an hour.
///
/// # Errors
/// When the database fails.
pub async fn note_dashboard_visit(context: &Context, person: UserId) -> Result<(), DbError> {
    let now = context.now();
    let found = reads::coach_of(&context.db, person).await?;
    let Some(coach) = found.filter(|coach| is_visit_due(coach.last_seen_at, now)) else {
        return Ok(());
    };
    let tx = context.begin().await?;
    coaches::set_seen(&tx, coach.key(), now).await?;
    tx.commit().await
}
