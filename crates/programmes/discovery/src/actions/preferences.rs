use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};

use crate::{
    model::Preferences,
    rules::{
        digest::next_digest,
        preferences::{StatedPreferences, preferences},
    },
    store,
};

/// Stores what a person states about the issues that they look for, in place of what they stated before. Returns it as it is
/// stored.
///
/// # Errors
/// When a value is not valid, or the account is closed.
pub async fn state_preferences(
    context: &Context,
    person: UserId,
    stated: &StatedPreferences,
) -> Result<Preferences, ActionError> {
    let own = preferences(stated)?;
    let tx = context.begin().await?;
    // An account may have been erased since the request was authenticated.
    if !identity::reads::has_profile(&tx, person).await? {
        return Err(closed().into());
    }
    let (id, now) = (context.ids.next(), context.now());
    let timezone = identity::reads::timezone(&tx, person).await?;
    let due = next_digest(&own, timezone, 0, now);
    store::preferences::store(&tx, id, person, &own, due, now).await?;
    let act = Act {
        actor: Actor::Person(person.0),
        action: "discovery_preferences.set",
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(own)
}

/// Refuses an account that was closed.
pub(super) fn closed() -> Problem {
    let detail = "This account is closed. Restore it first.";
    Problem::new(ProblemKind::Forbidden, "ACCOUNT_CLOSED", detail)
}
