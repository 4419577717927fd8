use platform::audit::{Act, Actor};
use serde_json::Value;

use crate::model::CompetitorId;

/// Returns an action on a competitor, to record. It names no one.
pub(crate) fn act_on_competitor(
    id: CompetitorId,
    actor: Actor,
    action: &'static str,
    after: Option<Value>,
) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "ctf_competitor",
        target_id: id.0,
        before: None,
        after,
        reason: None,
    }
}
