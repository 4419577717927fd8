use platform::audit::{Act, Actor};
use uuid::Uuid;

/// An act on a thing, to complete by struct update.
pub(super) fn on(
    actor: Actor,
    action: &'static str,
    target_kind: &'static str,
    target_id: Uuid,
) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind,
        target_id,
        before: None,
        after: None,
        reason: None,
    }
}

/// An act on a person, to complete by struct update.
pub(super) fn on_person(
    actor: Actor,
    action: &'static str,
    person: impl Into<Uuid>,
) -> Act<'static> {
    on(actor, action, "user", person.into())
}
