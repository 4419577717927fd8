use std::collections::HashMap;

use axum::{Json, extract::State};
use identity::{access::Admin, model::UserId, reads::logins, rules::device_name};
use kernel::Timestamp;
use platform::{Context, web::WebError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::reads::{self, RequestRow, StatementRow};

/// Requests and statements that were slow in the last 14 days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "requests": [{
        "ended_at": "2026-11-01T08:00:00Z", "method": "GET", "route": "/people/{login}", "status": 200,
        "milliseconds": 2345, "login": "finch-ash", "network": "203.0.113.0/24", "device": "Firefox on Linux"
    }],
    "statements": [{
        "statement": "COMMIT", "runs": 4, "total_milliseconds": 2810,
        "slowest_milliseconds": 900, "last_at": "2026-11-01T08:00:00Z", "plan": null
    }]
}))]
pub(super) struct Slow {
    /// The last 50 requests that took a second or longer, newest first.
    requests: Vec<SlowRequest>,
    /// The 50 statements over 500 ms that took the most time together, longest first.
    statements: Vec<SlowStatement>,
}

/// A request that took a second or longer.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SlowRequest {
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    ended_at: Timestamp,
    /// Its method.
    method: String,
    /// The template of its route.
    route: String,
    /// The status of the response.
    status: i64,
    /// Its duration.
    milliseconds: i64,
    /// The login of the person. Null for visitors and closed accounts.
    login: Option<String>,
    /// The network that it came from, /24 or /48. Null if it is unknown.
    network: Option<String>,
    /// The browser or program that sent it. Null if it is unknown.
    device: Option<String>,
}

/// A statement of the database over 500 ms.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SlowStatement {
    /// Its text without values; cut if it is long.
    statement: String,
    /// The number of slow executions.
    runs: i64,
    /// The duration of all of them.
    total_milliseconds: i64,
    /// The duration of the slowest one.
    slowest_milliseconds: i64,
    /// When it was last slow.
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
    /// The database's plan for any values when it was last slow. Null if it has none, or the text is cut.
    plan: Option<String>,
}

impl SlowRequest {
    fn of(row: RequestRow, known: &HashMap<UserId, String>) -> Self {
        Self {
            ended_at: row.created_at,
            method: row.method,
            route: row.route,
            status: row.status,
            milliseconds: row.duration_ms,
            login: row.person_id.and_then(|person| known.get(&UserId::from(person)).cloned()),
            network: row.network,
            device: row.agent.as_deref().map(device_name),
        }
    }
}

impl From<StatementRow> for SlowStatement {
    fn from(row: StatementRow) -> Self {
        Self {
            statement: row.statement,
            runs: row.runs,
            total_milliseconds: row.total_ms,
            slowest_milliseconds: row.max_ms,
            last_at: row.last_at,
            plan: row.plan,
        }
    }
}

/// Lists the slow requests, and the slow statements of the database.
#[utoipa::path(
    get,
    path = "/api/v1/admin/slow",
    operation_id = "list_slow_requests",
    tag = "Admin",
    responses((status = 200, description = "What was slow", body = Slow)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn slow(State(context): State<Context>, _: Admin) -> Result<Json<Slow>, WebError> {
    let requests = reads::slow_requests(&context.db).await?;
    let people = requests.iter().filter_map(|row| row.person_id).map(UserId::from);
    let known = logins(&context.db, people).await?;
    let statements = reads::slow_statements(&context.db).await?;
    Ok(Json(Slow {
        requests: requests.into_iter().map(|row| SlowRequest::of(row, &known)).collect(),
        statements: statements.into_iter().map(Into::into).collect(),
    }))
}
