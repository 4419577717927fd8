use chrono_tz::Tz;
use identity::model::UserId;
use kernel::{Ids, Timestamp};
use platform::db::{Cell, DbError, Sql, Tx};
use sea_orm::FromQueryResult;

use crate::model::{DeliverySettings, NewsMode};

#[derive(FromQueryResult)]
struct Row {
    quiet_from: Option<i64>,
    quiet_until: Option<i64>,
    daily_cap: Option<i64>,
    generation: i64,
}

/// Returns a person's settings, and the generation of their unsubscribe links.
pub(crate) async fn settings(
    db: &impl Sql,
    person: UserId,
    timezone: Tz,
) -> Result<(DeliverySettings, i64), DbError> {
    let sql = "SELECT quiet_from, quiet_until, daily_cap, generation \
               FROM notification_settings WHERE user_id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [person.into()])).await?;
    let usual = DeliverySettings { timezone, ..DeliverySettings::default() };
    let Some(row) = row else {
        return Ok((usual, 0));
    };
    let minute = |minute: Option<i64>| u32::try_from(minute?).ok();
    let settings = DeliverySettings {
        quiet: minute(row.quiet_from).zip(minute(row.quiet_until)),
        daily_cap: row.daily_cap.unwrap_or(usual.daily_cap),
        ..usual
    };
    Ok((settings, row.generation))
}

/// Saves a person's settings.
pub(crate) async fn save(
    tx: &Tx,
    ids: &dyn Ids,
    person: UserId,
    settings: &DeliverySettings,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO notification_settings (id, user_id, quiet_from, quiet_until, daily_cap, \
               created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6) \
               ON CONFLICT (user_id) DO UPDATE SET quiet_from = excluded.quiet_from, \
               quiet_until = excluded.quiet_until, daily_cap = excluded.daily_cap, \
               updated_at = excluded.updated_at";
    let values = [
        ids.next().into(),
        person.into(),
        settings.quiet.map(|(from, _)| from).into(),
        settings.quiet.map(|(_, until)| until).into(),
        settings.daily_cap.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Revokes a person's unsubscribe links.
pub(crate) async fn revoke(
    tx: &Tx,
    ids: &dyn Ids,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO notification_settings (id, user_id, generation, created_at, updated_at) \
               VALUES ($1, $2, 1, $3, $3) ON CONFLICT (user_id) DO UPDATE SET \
               generation = notification_settings.generation + 1, updated_at = excluded.updated_at";
    let values: [Cell; 3] = [ids.next().into(), person.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct ChosenMode {
    kind: String,
    channel: String,
    mode: NewsMode,
}

/// A person's choices, by kind and channel.
pub(crate) struct Modes(Vec<ChosenMode>);

impl Modes {
    /// Returns the choice for a kind on a channel.
    pub(crate) fn of(&self, kind: &str, channel: &str) -> Option<NewsMode> {
        let mut chosen = self.0.iter();
        let chosen = chosen.find(|chosen| chosen.kind == kind && chosen.channel == channel);
        chosen.map(|chosen| chosen.mode)
    }
}

/// Returns a person's choices.
pub(crate) async fn modes(db: &impl Sql, person: UserId) -> Result<Modes, DbError> {
    let sql = "SELECT kind, channel, mode FROM notification_preferences WHERE user_id = $1";
    Ok(Modes(db.all(db.statement(sql, [person.into()])).await?))
}

/// Saves a person's choice for a kind and channel.
pub(crate) async fn choose(
    tx: &Tx,
    ids: &dyn Ids,
    person: UserId,
    (kind, channel, mode): (&str, &str, NewsMode),
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO notification_preferences (id, user_id, kind, channel, mode, created_at, \
               updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6) \
               ON CONFLICT (user_id, kind, channel) DO UPDATE SET mode = excluded.mode, \
               updated_at = excluded.updated_at";
    let values = [
        ids.next().into(),
        person.into(),
        kind.into(),
        channel.into(),
        mode.as_str().into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
