use platform::audit::{Act, Actor};
use uuid::Uuid;

/// Returns an audit entry for an action on a target. Callers fill in the rest with struct update syntax.
pub(super) fn on(
    actor: Actor,
    action: &'static str,
    target_kind: &'static str,
    target_id: Uuid,
) -> Act<'static> {
    Act { actor, action, target_kind, target_id, before: None, after: None, reason: None }
}

/// Returns an audit entry for an action on a person. Callers fill in the rest with struct update syntax.
pub(super) fn on_person(
    actor: Actor,
    action: &'static str,
    person: impl Into<Uuid>,
) -> Act<'static> {
    on(actor, action, "user", person.into())
}
