use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};

use crate::{access, reads, reads::FeedView, store::calendar_feeds};

fn act(person: UserId, action: &'static str) -> Act<'static> {
    Act {
        actor: Actor::Person(person.0),
        action,
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: None,
        reason: None,
    }
}

/// Gives the personal calendar of a person a new address, so that the former one no longer works. Returns it.
///
/// # Errors
/// When the database fails.
pub async fn renew_calendar_feed(
    context: &Context,
    person: UserId,
) -> Result<FeedView, ActionError> {
    let tx = context.begin().await?;
    calendar_feeds::replace(&tx, context.ids.next(), person, context.now()).await?;
    audit::record(&tx, context, act(person, "calendar_feed.renew")).await?;
    let feed = reads::calendar_feed(&tx, person).await?;
    tx.commit().await?;
    Ok(feed.ok_or_else(access::unknown_feed)?)
}

/// Removes the personal calendar of a person, whose address no longer works. Repeating it changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn remove_calendar_feed(context: &Context, person: UserId) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    if calendar_feeds::remove(&tx, person).await? {
        audit::record(&tx, context, act(person, "calendar_feed.remove")).await?;
    }
    tx.commit().await?;
    Ok(())
}
