use identity::model::Viewer;
use platform::{
    Context,
    audit::{self, Act},
    db::{DbError, Tx},
};
use serde_json::Value;

/// Records a change of where a person is notified, with what was there before and after. The audit log cannot be erased:
/// personal data stays out of it.
pub(super) async fn note(
    tx: &Tx,
    context: &Context,
    viewer: &Viewer,
    action: &'static str,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<(), DbError> {
    let act = Act {
        actor: viewer.actor(),
        action,
        target_kind: "user",
        target_id: viewer.user_id.0,
        before,
        after,
        reason: None,
    };
    audit::record(tx, context, act).await
}
