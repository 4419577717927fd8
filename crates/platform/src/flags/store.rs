use std::collections::{BTreeMap, BTreeSet};

use sea_orm::FromQueryResult;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Flag, Setting};
use crate::{
    Context,
    db::{DbError, Sql, Tx},
};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    enabled: bool,
    rollout_percent: i64,
    people: String,
    roles: String,
}

/// A flag's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StoredFlag {
    pub(super) id: Uuid,
    pub(super) setting: Setting,
}

impl From<Row> for (String, StoredFlag) {
    fn from(row: Row) -> Self {
        let setting = Setting {
            enabled: row.enabled,
            rollout_percent: row.rollout_percent,
            people: set(&row.name, &row.people),
            roles: set(&row.name, &row.roles),
        };
        (row.name, StoredFlag { id: row.id, setting })
    }
}

/// Parses a list. Operators can edit rows by hand, so text that is not a list counts as empty.
fn set<T: DeserializeOwned + Ord>(flag: &str, json: &str) -> BTreeSet<T> {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::warn!(flag, %error, "ignoring a flag's list of people or roles that is not a JSON list");
        BTreeSet::new()
    })
}

/// Returns all rows by name.
pub(super) async fn all(db: &impl Sql) -> Result<BTreeMap<String, StoredFlag>, DbError> {
    let sql = "SELECT id, name, enabled, rollout_percent, people, roles FROM feature_flags";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Inserts a row for each flag: on for everyone, or for none yet if it starts as off. Existing rows stay unchanged.
pub(super) async fn seed(context: &Context, flags: &[&'static Flag]) -> Result<(), DbError> {
    let tx = context.begin().await?;
    for flag in flags {
        let start = flag.start.setting();
        let sql = "INSERT INTO feature_flags \
                   (id, created_at, updated_at, name, enabled, rollout_percent) \
                   VALUES ($1, $2, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING";
        let values = [
            context.ids.next().into(),
            context.now().into(),
            flag.name.into(),
            start.enabled.into(),
            start.rollout_percent.into(),
        ];
        tx.run(tx.statement(sql, values)).await?;
    }
    tx.commit().await
}

/// Updates the row of a flag.
pub(super) async fn write(tx: &Tx, context: &Context, stored: &StoredFlag) -> Result<(), DbError> {
    let sql = "UPDATE feature_flags SET updated_at = $1, enabled = $2, rollout_percent = $3, \
               people = $4, roles = $5 WHERE id = $6";
    let setting = &stored.setting;
    let values = [
        context.now().into(),
        setting.enabled.into(),
        setting.rollout_percent.into(),
        serde_json::json!(setting.people).to_string().into(),
        serde_json::json!(setting.roles).to_string().into(),
        stored.id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
