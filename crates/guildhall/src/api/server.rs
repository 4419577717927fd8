//! The server itself: how it is, and what it is configured with.

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

/// How the server is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "is_well": true, "version": "0.1.0", "started_at": "2026-11-02T03:40:00Z", "bytes": 8_437_760,
    "findings": [{ "check": "database", "is_well": true, "word": "SQLite answers" }],
    "tables": [{ "name": "webhook_deliveries", "bytes": 2_437_120 }]
}))]
pub(super) struct ServerHealth {
    /// Whether every finding is well.
    is_well: bool,
    /// The program's.
    version: &'static str,
    /// When this process began to answer.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// Everything that was looked at.
    findings: Vec<Finding>,
    /// What the database takes on its disk, if it says so.
    bytes: Option<i64>,
    /// The largest tables with their indexes; none of a large SQLite file, which is not read for this.
    tables: Vec<TableBytes>,
}

/// What a table and its indexes take.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct TableBytes {
    /// Its name.
    name: String,
    /// In bytes.
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

/// How the server is.
///
/// What `guildhall doctor` looks at, but for each stored secret: the configuration, the database, and how the
/// services outside were found when they were last asked.
#[utoipa::path(
    get,
    path = "/api/v1/admin/health",
    operation_id = "house_health",
    tag = "Office",
    responses(
        (status = 200, description = "How the server is", body = ServerHealth),
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

/// A key of the configuration as it is in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "key": "log", "variable": "GUILDHALL_LOG", "value": "info", "is_secret": false, "origin": "default"
}))]
pub(super) struct SettingView {
    /// Its name in `guildhall.toml`.
    key: &'static str,
    /// The environment variable that sets it.
    variable: &'static str,
    /// Its value as it was written; null when there is none, or when it is a secret.
    value: Option<String>,
    /// Whether it is set to something that is shown to nobody.
    is_secret: bool,
    /// Where it came from.
    origin: Origin,
}

/// The configuration in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SettingList {
    /// Every key.
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

/// The configuration in force.
///
/// What the process that answers was started with, and where each value came from. No secret is shown.
#[utoipa::path(
    get,
    path = "/api/v1/admin/settings",
    operation_id = "settings",
    tag = "Office",
    responses(
        (status = 200, description = "The settings", body = SettingList),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn settings(Extension(watch): Extension<Watch>, _: Admin) -> Json<SettingList> {
    let settings = watch.config.settings.iter().map(Into::into).collect();
    Json(SettingList { settings })
}
