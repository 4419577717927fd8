use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State, http::StatusCode};
use platform::{
    Context,
    db::DbError,
    jobs,
    outside::Condition,
    probes::{DATABASE_TIMEOUT, in_time},
    processes::off_clock,
    web::Rates,
};
use serde_json::{Value, json};

use crate::{VERSION, health::Watch};

/// `GET /api/health`. Without its database, the server is unhealthy. With failing services, it is degraded; those that are
/// not configured or not checked yet do not count.
pub(super) async fn health(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(rates): Extension<Rates>,
) -> (StatusCode, Json<Value>) {
    let asked = in_time("reads of the database", DATABASE_TIMEOUT, pending(&context, &watch));
    let (asked, has_space) = tokio::join!(asked, watch.checks.has_space());
    let (database, jobs, clock) = match asked {
        Ok((jobs, clock)) => (HEALTHY, jobs, clock),
        Err(_) => (UNHEALTHY, Value::Null, NOT_CHECKED),
    };
    let found = watch.services.found();
    let found = found.iter().filter(|found| !found.is_remark);
    let mut services: BTreeMap<_, _> =
        found.map(|found| (found.name, word(&found.condition))).collect();
    // Redis is checked by every request.
    services.insert(platform::outside::REDIS, rates.redis().as_str());
    services.insert("clock", clock);
    services.insert("disk", if has_space { HEALTHY } else { DEGRADED });
    let is_degraded = services.values().any(|word| *word == DEGRADED) || jobs["status"] == DEGRADED;
    // The service with `OPENAI_API_KEY` under the key's own name, too.
    let openai = services.get("language_model").copied().unwrap_or(NOT_CONFIGURED);
    let mut checks = json!({
        "database": database,
        "openai": openai,
        "jobs": jobs,
    });
    for (name, word) in services {
        checks[name] = word.into();
    }
    let (status, summary) = if database == UNHEALTHY {
        (StatusCode::SERVICE_UNAVAILABLE, UNHEALTHY)
    } else if is_degraded {
        (StatusCode::SERVICE_UNAVAILABLE, DEGRADED)
    } else {
        (StatusCode::OK, HEALTHY)
    };
    let body = json!({
        "status": summary,
        "timestamp": context.now(),
        "environment": watch.config.environment,
        "version": VERSION,
        "checks": checks,
    });
    (status, Json(body))
}

const HEALTHY: &str = "healthy";
const UNHEALTHY: &str = "unhealthy";
const DEGRADED: &str = "degraded";
const NOT_CONFIGURED: &str = "not_configured";
const NOT_CHECKED: &str = "not_checked";

/// Returns a service's condition in one word.
fn word(condition: &Condition) -> &'static str {
    match condition {
        Condition::NotConfigured => NOT_CONFIGURED,
        Condition::SwitchedOff => "switched_off",
        Condition::Unknown => NOT_CHECKED,
        Condition::Healthy(_) => HEALTHY,
        Condition::Failing(_) => DEGRADED,
    }
}

/// Counts pending deliveries, dead letters and wake-ups, and says whether the jobs are done and the clock is right.
async fn pending(context: &Context, watch: &Watch) -> Result<(Value, &'static str), DbError> {
    let status = if watch.checks.jobs_are_done(context).await? { HEALTHY } else { DEGRADED };
    let inbox = github::reads::inbox(&context.db).await?;
    let wake_ups = jobs::raised(&context.db).await?;
    let clock = if off_clock(&context.db).await?.is_none() { HEALTHY } else { DEGRADED };
    Ok((
        json!({ "status": status, "deliveries_waiting": inbox.undone, "deliveries_dead": inbox.dead, "wake_ups": wake_ups }),
        clock,
    ))
}
