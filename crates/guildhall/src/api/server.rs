//! The server's health and configuration.

use axum::{Extension, Json, extract::State};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    config::{Origin, Setting, Shown},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::health::{Finding, Health, Watch};

/// The server's health.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "is_well": true, "version": "0.1.0", "started_at": "2026-11-02T03:40:00Z", "bytes": 8_437_760,
    "findings": [{ "check": "database", "is_well": true, "word": "SQLite responds" }],
    "tables": [{ "name": "webhook_deliveries", "bytes": 2_437_120 }]
}))]
pub(super) struct ServerHealth {
    /// True when every finding is well.
    is_well: bool,
    /// The program's version.
    version: &'static str,
    /// Time at which this process started to answer.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// The results of all checks.
    findings: Vec<Finding>,
    /// Size of the database on its disk, if known.
    bytes: Option<i64>,
    /// The largest tables with their indexes; empty for a large SQLite file, which would take long to read.
    tables: Vec<TableBytes>,
}

/// The size of a table and its indexes.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct TableBytes {
    /// The table's name.
    name: String,
    /// Size in bytes.
    bytes: i64,
}

impl From<Health> for ServerHealth {
    fn from(health: Health) -> Self {
        let table = |platform::db::TableSize { name, bytes }| TableBytes { name, bytes };
        Self {
            is_well: health.findings.iter().all(|finding| finding.is_well),
            version: env!("CARGO_PKG_VERSION"),
            started_at: health.started_at,
            findings: health.findings,
            bytes: health.sizes.as_ref().map(|sizes| sizes.whole),
            tables: health
                .sizes
                .map_or_else(Vec::new, |sizes| sizes.tables)
                .into_iter()
                .map(table)
                .collect(),
        }
    }
}

/// The server's health.
///
/// The checks of `guildhall doctor`, except that of each stored secret: the configuration, the database, and the
/// last known state of outside services.
#[utoipa::path(
    get,
    path = "/api/v1/admin/health",
    operation_id = "server_health",
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
#[schema(example = json!({
    "key": "log", "variable": "GUILDHALL_LOG", "value": "info", "is_secret": false, "origin": "default"
}))]
pub(super) struct SettingView {
    /// The key in `guildhall.toml`.
    key: &'static str,
    /// The environment variable that sets it.
    variable: &'static str,
    /// The value as written; null when it is not set or is a secret.
    value: Option<String>,
    /// True when it is set to a secret, which is never shown.
    is_secret: bool,
    /// Source of the value.
    origin: Origin,
}

/// The current configuration.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SettingList {
    /// All keys.
    settings: Vec<SettingView>,
}

impl From<&Setting> for SettingView {
    fn from(setting: &Setting) -> Self {
        let (value, is_secret) = match &setting.value {
            Shown::Nothing => (None, false),
            Shown::Secret => (None, true),
            Shown::Text(text) => (Some(text.clone()), false),
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

/// The current configuration.
///
/// The values that the answering process was started with, and the source of each. Secrets are not shown.
#[utoipa::path(
    get,
    path = "/api/v1/admin/settings",
    operation_id = "settings",
    tag = "Admin",
    responses(
        (status = 200, description = "The settings", body = SettingList),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn settings(Extension(watch): Extension<Watch>, _: Admin) -> Json<SettingList> {
    let settings = watch.config.settings.iter().map(Into::into).collect();
    Json(SettingList { settings })
}
