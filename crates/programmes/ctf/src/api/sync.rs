use std::time::Duration;

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    audit::Actor,
    db::DbError,
    idempotency::{self, IdempotencyKey},
    web::{Patience, WebError, unknown_field},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{self, SyncCaller},
    actions::{self, Requested, preflight},
    gateway::Platforms,
    model::SyncRunId,
    reads::{self, SyncRunView},
    rules::runs::{Counts, Scope, Trigger},
};

/// How long the response waits for the run.
const WAIT: Duration = Duration::from_secs(300);

/// The additional time for the response itself.
const MARGIN: Duration = Duration::from_secs(9);

/// The header of a response to a request whose key was sent before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// How often the run is read.
const LOOKS_EVERY: Duration = Duration::from_millis(250);

/// A choice of whom to sync. An empty body syncs everyone.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(example = json!({ "coachId": "0192aaaa-bbbb-7ccc-8ddd-0123456789ab" }))]
pub(super) struct SyncRequest {
    /// The ID of a coach, to sync only the competitors on their rosters.
    coach_id: Option<String>,
    /// The ID of a competitor, to sync only them.
    competitor_id: Option<String>,
    /// True to learn what a sync would do, without asking the platform and without writing anything.
    dry_run: Option<bool>,
}

impl SyncRequest {
    /// Reads a body as a JSON object, whatever its type. An empty body means everyone.
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let body = match body.trim_ascii() {
            b"" => return Ok(Self::default()),
            body => body,
        };
        // A list would be read as the fields in their order.
        if !body.starts_with(b"{") {
            return Err(malformed("it is not an object"));
        }
        serde_json::from_slice(body).map_err(|error| {
            let error = error.to_string();
            unknown_field(&error).unwrap_or_else(|| malformed(&error))
        })
    }

    fn scope(&self) -> Result<Scope, Problem> {
        let read = |id: &str| Uuid::try_parse(id.trim());
        let ids = (self.coach_id.as_deref(), self.competitor_id.as_deref());
        // A script whose variable is empty must not sync everyone.
        let is_empty = |id: Option<&str>| id.is_some_and(|id| id.trim().is_empty());
        if is_empty(ids.0) || is_empty(ids.1) {
            let detail = "coachId or competitorId is empty. Leave it out to sync everyone.";
            return Err(invalid(detail));
        }
        match ids {
            (None, None) => Ok(Scope::All),
            (Some(_), Some(_)) => Err(invalid("Send coachId or competitorId, not both.")),
            (Some(coach), None) => {
                let id = read(coach).map_err(|_| access::unknown_coach())?;
                Ok(Scope::Coach(id.into()))
            }
            (None, Some(competitor)) => {
                let id = read(competitor).map_err(|_| access::unknown_competitor())?;
                Ok(Scope::Competitor(id.into()))
            }
        }
    }
}

fn invalid(detail: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_SYNC_REQUEST", detail)
}

fn malformed(why: &str) -> Problem {
    let detail = format!(
        "The body is not valid JSON with coachId, competitorId and dryRun: {why}. Send {{}} to sync everyone."
    );
    Problem::new(ProblemKind::Malformed, "BAD_SYNC_REQUEST", detail)
}

/// Numbers of a run.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SyncCounts)]
struct Numbers {
    /// All.
    total: i64,
    /// The number of those with something new.
    synced: i64,
    /// The number of those without news, and those that were left out for a reason.
    skipped: i64,
    /// The number of those that failed.
    failed: i64,
}

impl From<Counts> for Numbers {
    fn from(counts: Counts) -> Self {
        Self {
            total: counts.total,
            synced: counts.synced,
            skipped: counts.skipped,
            failed: counts.failed,
        }
    }
}

/// The numbers of a run.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SyncSummary)]
struct Summary {
    /// Of competitors.
    competitors: Numbers,
    /// Of teams.
    teams: Numbers,
}

/// A run of the sync.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SyncRun, example = json!({
    "runId": "0192aaaa-bbbb-7ccc-8ddd-0123456789ab", "dryRun": false, "state": "finished", "outcome": "success",
    "summary": {
        "competitors": { "total": 22, "synced": 1, "skipped": 21, "failed": 0 },
        "teams": { "total": 4, "synced": 0, "skipped": 4, "failed": 0 }
    }
}))]
pub(super) struct SyncRun {
    /// The ID of the run. Null for a dry run, which is not stored.
    #[schema(value_type = Option<String>, format = Uuid)]
    run_id: Option<Uuid>,
    /// True if nothing was asked and nothing was written.
    dry_run: bool,
    /// `queued`, `running` or `finished`.
    state: String,
    /// `success`, `failure`, `ended_early`, `rejected` or `switched_off`. Null before the end, and for a dry run.
    outcome: Option<String>,
    /// The numbers.
    summary: Summary,
}

impl From<SyncRunView> for SyncRun {
    fn from(run: SyncRunView) -> Self {
        Self {
            run_id: Some(run.id),
            dry_run: false,
            summary: Summary { competitors: run.competitors().into(), teams: run.teams().into() },
            outcome: run.outcome,
            state: run.state,
        }
    }
}

/// Syncs with the game platform, and waits up to 300 seconds for the result.
///
/// A request that a run in progress covers returns that run; another one runs next. The body is read as JSON, whatever its
/// type. A request that repeats a key returns the run of the first request as it is now, also if the integration is off since. A
/// dry run takes no key.
#[utoipa::path(
    post,
    path = "/api/internal/sync",
    operation_id = "sync_game_platform",
    tag = "Game platform",
    params(
        IdempotencyKey,
        ("x-internal-sync-secret" = Option<String>, Header, description = "The secret of the server, instead of a session of an admin")
    ),
    request_body(content = SyncRequest, description = "What to sync. Empty: everyone"),
    responses(
        (status = 200, description = "The run has ended, or what it would do", body = SyncRun),
        (status = 202, description = "The run has not ended after 300 seconds", body = SyncRun),
        (status = 400, description = "The body is not valid JSON"),
        (status = 401, description = "The secret is wrong, or the server has none; or no one is signed in"),
        (status = 403, description = "The person is not an admin"),
        (status = 404, description = "The coach or the competitor is unknown"),
        (status = 409, description = "The integration is off. The text says which switch holds it back"),
        (status = 422, description = "Both IDs were sent, or an empty one")
    ),
    security((), ("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn sync(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Extension(patience): Extension<Patience>,
    SyncCaller(actor): SyncCaller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    let request = SyncRequest::read(&body)?;
    let scope = request.scope()?;
    if request.dry_run == Some(true) {
        actions::integration_on(&context, &platforms)?;
        actions::check_known(&context, scope).await?;
        let found = preflight(&context, &platforms, scope).await?;
        let run = SyncRun {
            run_id: None,
            dry_run: true,
            state: "finished".to_owned(),
            outcome: None,
            summary: Summary { competitors: found.competitors.into(), teams: found.teams.into() },
        };
        return Ok(Json(run).into_response());
    }
    patience.extend(WAIT + MARGIN);
    let at = (&context, &platforms);
    let (requested, is_replayed) = requested(at, actor, scope, &headers).await?;
    let run = ended(&context, requested.run).await?;
    let run =
        run.ok_or_else(|| Problem::not_found("The run no longer exists. Request another one."))?;
    let status = match run.is_finished() {
        true => StatusCode::OK,
        false => StatusCode::ACCEPTED,
    };
    let mut response = (status, Json(SyncRun::from(run))).into_response();
    if is_replayed {
        let value = HeaderValue::from_static("true");
        response.headers_mut().insert(REPLAYED, value);
    }
    Ok(response)
}

/// Requests the run. Returns whether an earlier request with the same key made it. The layer that replays responses knows only
/// signed-in callers and waits less than this route, so the runs themselves have the keys.
async fn requested(
    (context, platforms): (&Context, &Platforms),
    actor: Actor,
    scope: Scope,
    headers: &HeaderMap,
) -> Result<(Requested, bool), WebError> {
    match idempotency::key(headers)? {
        Some(key) => {
            let requested = actions::request_sync_once(context, platforms, actor, scope, key);
            Ok(requested.await?)
        }
        None => {
            actions::integration_on(context, platforms)?;
            let requested = actions::request_sync(context, Some(actor), Trigger::Api, scope);
            Ok((requested.await?, false))
        }
    }
}

/// Waits for the end of a run. Returns the run, ended or not.
async fn ended(context: &Context, id: SyncRunId) -> Result<Option<SyncRunView>, DbError> {
    let waited = tokio::time::timeout(WAIT, async {
        loop {
            match reads::sync_run(&context.db, id).await? {
                Some(run) if !run.is_finished() => tokio::time::sleep(LOOKS_EVERY).await,
                found => return Ok(found),
            }
        }
    });
    match waited.await {
        Ok(found) => found,
        Err(_) => reads::sync_run(&context.db, id).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_as_json() {
        let scope = |body: &str| SyncRequest::read(body.as_bytes()).and_then(|it| it.scope());
        let id = "0192aaaa-bbbb-7ccc-8ddd-0123456789ab";
        let uuid = Uuid::try_parse(id).expect("an ID");
        for everyone in ["", "  \n", "{}", r#"{"coachId": null, "dryRun": null}"#] {
            assert_eq!(scope(everyone).expect(everyone), Scope::All);
        }
        let coach = scope(&format!(r#"{{"coachId": "{id}"}}"#)).expect("a coach");
        assert_eq!(coach, Scope::Coach(uuid.into()));
        let competitor = scope(&format!(r#"{{"competitorId": "{id}"}}"#)).expect("a competitor");
        assert_eq!(competitor, Scope::Competitor(uuid.into()));
        let code = |body: &str| scope(body).expect_err(body).code;
        for bad in ["coachId=7", "[]", "[null, null, true]", "null"] {
            assert_eq!(code(bad), "BAD_SYNC_REQUEST");
        }
        for empty in [r#"{"competitorId": ""}"#, r#"{"coachId": " "}"#] {
            assert_eq!(code(empty), "BAD_SYNC_REQUEST");
        }
        assert_eq!(code(r#"{"coachId": "seven"}"#), "NOT_FOUND");
        assert_eq!(
            code(&format!(r#"{{"coachId": "{id}", "competitorId": "{id}"}}"#)),
            "BAD_SYNC_REQUEST"
        );
        assert_eq!(code(r#"{"dryRun": "yes"}"#), "BAD_SYNC_REQUEST");
    }
}
