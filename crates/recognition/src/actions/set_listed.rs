use identity::model::UserId;
use platform::{
    Context,
    audit::{self, Act, Actor},
    db::DbError,
};

use super::{LOCK, refresh};
use crate::store::hidden;

/// Takes a person off all leaderboards that are not final because they ask for it, or puts them back. Their points and
/// entries stay. Repeating it changes nothing.
pub async fn set_listed(context: &Context, person: UserId, is_listed: bool) -> Result<(), DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let has_changed = if is_listed {
        hidden::opt_in(&tx, person).await?
    } else {
        hidden::opt_out(&tx, person, context.now()).await?
    };
    if has_changed {
        let act = Act {
            actor: Actor::Person(person.0),
            action: if is_listed { "leaderboard.opt_in" } else { "leaderboard.opt_out" },
            target_kind: "user",
            target_id: person.0,
            before: None,
            after: None,
            reason: None,
        };
        audit::record(&tx, context, act).await?;
        refresh(&tx, context).await?;
    }
    tx.commit().await
}
