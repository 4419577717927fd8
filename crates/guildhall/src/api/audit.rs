use axum::extract::State;
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    web::{List, ListQuery, Paged, Query, WebError, cursor_after},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::audit::{self, AuditLine, AuditSearch};

/// An audited action: its actor, target and reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "created_at": "2026-11-02T03:40:00Z",
    "actor": "finch-ash", "action": "user.grant", "target_kind": "user",
    "target_id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c", "target": "wren-oak",
    "before": { "role": "user" }, "after": { "role": "moderator" }, "reason": null,
    "request_id": "0193a1b2c3d47e5f8a9b0c1d2e3f4a5b", "network": "203.0.113.0/24"
}))]
pub(crate) struct AuditLogEntry {
    /// The entry's ID.
    id: Uuid,
    /// When the action happened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The login of the person who acted, or `operator` for a command run on the server.
    actor: String,
    /// The kind of action.
    action: String,
    /// The kind of target.
    target_kind: String,
    /// The target's ID.
    target_id: Uuid,
    /// The target's login if it is a person, otherwise its ID.
    target: String,
    /// The target's state before the action.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// The target's state after the action.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The reason that the actor gave.
    reason: Option<String>,
    /// The ID of the request.
    request_id: Option<String>,
    /// The network that the request came from.
    network: Option<String>,
}

impl From<AuditLine> for AuditLogEntry {
    fn from(line: AuditLine) -> Self {
        let AuditLine { entry, actor, target, .. } = line;
        let read = |json: Option<String>| json.and_then(|json| serde_json::from_str(&json).ok());
        Self {
            id: entry.id,
            created_at: entry.created_at,
            actor,
            action: entry.action,
            target_kind: entry.target_kind,
            target_id: entry.target_id,
            target,
            before: read(entry.before),
            after: read(entry.after),
            reason: entry.reason,
            request_id: entry.request_id,
            network: entry.ip_prefix,
        }
    }
}

/// Lists audited actions, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/audit",
    operation_id = "list_audit_entries",
    tag = "Admin",
    params(AuditSearch, ListQuery),
    responses(
        (status = 200, description = "A page of audited actions", body = List<AuditLogEntry>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn audit(
    State(context): State<Context>,
    _: Admin,
    Query(search): Query<AuditSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<AuditLogEntry>>, WebError> {
    let limit = query.limit()?;
    let filter = search.filter(&context, query.place()?).await?;
    let found = audit::lines(&context, &filter, limit + 1).await?;
    let place = |line: &AuditLine| cursor_after((line.entry.created_at, line.entry.id));
    Ok(Paged(List::cut(found, limit, place).map(Into::into)))
}
