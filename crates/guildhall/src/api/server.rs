//! The server's health and configuration.

use axum::{Extension, Json, extract::State};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    config::{Origin, Setting, ShownValue},
    processes::Process,
    web::All,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    VERSION,
    health::{Finding, Health, Watch},
};

/// The server's health.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "is_ok": true, "version": "0.1.0+abc1234", "started_at": "2026-11-02T03:40:00Z", "database_bytes": 8_437_760,
    "processes": [],
    "findings": [{ "check": "database", "state": "ok", "is_ok": true, "is_set_up": true, "detail": "SQLite responds" }],
    "tables": [{ "name": "webhook_deliveries", "bytes": 2_437_120 }]
}))]
pub(super) struct ServerHealth {
    /// True when all checks passed.
    is_ok: bool,
    /// The version of Guildhall, with the commit that it was built from, if known.
    version: &'static str,
    /// When the responding process started.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// The servers and workers, the longest-running first. One that ended without a word is listed for a day.
    processes: Vec<Process>,
    /// The results of all checks.
    findings: Vec<Finding>,
    /// The size of the database on disk in bytes, if known.
    database_bytes: Option<i64>,
    /// The largest tables with their indexes. Empty for a large SQLite database, because measuring it takes too long.
    tables: Vec<TableBytes>,
}

/// The size of a table and its indexes.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct TableBytes {
    /// The table's name.
    name: String,
    /// The size in bytes.
    bytes: i64,
}

impl From<Health> for ServerHealth {
    fn from(health: Health) -> Self {
        let table = |platform::db::TableSize { name, bytes }| TableBytes { name, bytes };
        Self {
            is_ok: health.findings.iter().all(|finding| finding.is_ok),
            version: VERSION,
            started_at: health.started_at,
            processes: health.processes,
            findings: health.findings,
            database_bytes: health.sizes.as_ref().map(|sizes| sizes.whole),
            tables: health
                .sizes
                .map_or_else(Vec::new, |sizes| sizes.tables)
                .into_iter()
                .map(table)
                .collect(),
        }
    }
}

/// Returns the server's health.
///
/// These are the checks of `guildhall doctor`, without the check of each stored secret: the configuration, the database
/// and the last known state of external services.
#[utoipa::path(
    get,
    path = "/api/v1/admin/health",
    operation_id = "get_server_health",
    tag = "Admin",
    responses(
        (status = 200, description = "The server's health", body = ServerHealth),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn health(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    _: Admin,
) -> Json<ServerHealth> {
    Json(watch.look(&context).await.into())
}

/// A configuration key and its current value.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Setting, example = json!({
    "key": "log", "variable": "GUILDHALL_LOG", "value": "info", "is_secret": false, "origin": "default"
}))]
pub(super) struct SettingView {
    /// The key in `guildhall.toml`.
    key: &'static str,
    /// The environment variable that sets it.
    variable: &'static str,
    /// The value as written. Null when it is not set or is a secret.
    value: Option<String>,
    /// True when the value is a secret, which is never shown.
    is_secret: bool,
    /// The source of the value.
    origin: Origin,
}

impl From<&Setting> for SettingView {
    fn from(setting: &Setting) -> Self {
        let (value, is_secret) = match &setting.value {
            ShownValue::Nothing => (None, false),
            ShownValue::Secret => (None, true),
            ShownValue::Text(text) => (Some(text.clone()), false),
        };
        Self {
            key: setting.key,
            variable: setting.variable,
            value,
            is_secret,
            origin: setting.origin,
        }
    }
}

/// Returns the current configuration.
///
/// These are the values that this process uses, and where each comes from. Secrets are not shown.
#[utoipa::path(
    get,
    path = "/api/v1/admin/settings",
    operation_id = "list_settings",
    tag = "Admin",
    responses(
        (status = 200, description = "The configuration", body = All<SettingView>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn settings(
    Extension(watch): Extension<Watch>,
    _: Admin,
) -> Json<All<SettingView>> {
    Json(All::of(&watch.config.settings))
}
