//! Queries of notifications and settings.

pub mod messages;

use chrono_tz::Tz;
use identity::{model::UserId, reads::Reachable};
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Kind as Column, Sql, own_rows},
    outbox::{EMAIL, PUSH, SMS, WEBHOOK},
};
use uuid::Uuid;

use crate::{
    model::{DIGEST, DeliverySettings, NewsKind, NewsKinds, NewsMode, Notification, Phone},
    store::{chosen, phones},
};

/// Returns a person's notifications before a position (exclusive), latest first.
pub async fn inbox(
    db: &impl Sql,
    person: UserId,
    only_unread: bool,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Notification>, DbError> {
    let mut query = db.query();
    let (person, limit) = (query.bind(person), query.bind(limit));
    let unread = if only_unread { "AND read_at IS NULL" } else { "" };
    let earlier = before.map_or(String::new(), |(at, id)| {
        let (at, id) = (query.bind(at), query.bind(id));
        format!("AND (created_at, id) < ({at}, {id})")
    });
    let sql = format!(
        "SELECT id, created_at, kind, object_id, title, link, read_at FROM notifications \
         WHERE user_id = {person} {unread} {earlier} ORDER BY created_at DESC, id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Finds a notification of a person.
///
/// # Errors
/// When the database fails.
pub async fn notification(
    db: &impl Sql,
    person: UserId,
    id: Uuid,
) -> Result<Option<Notification>, DbError> {
    let sql = "SELECT id, created_at, kind, object_id, title, link, read_at FROM notifications \
               WHERE id = $1 AND user_id = $2";
    db.one(db.statement(sql, [id.into(), person.into()])).await
}

/// Returns the number of a person's unread notifications.
pub async fn unread(db: &impl Sql, person: UserId) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL";
    db.count(db.statement(sql, [person.into()])).await
}

/// A person's choices for each kind of notification.
#[derive(Clone, Debug)]
pub struct NotificationChoices {
    /// The quiet hours, time zone and daily maximum.
    pub settings: DeliverySettings,
    /// The verified address.
    pub email: Option<String>,
    pub mail: Vec<(&'static NewsKind, NewsMode)>,
    /// Each kind that can be sent to browsers, with its mode.
    pub push: Vec<(&'static NewsKind, NewsMode)>,
    /// Each kind that can be sent as a text message, with its mode.
    pub sms: Vec<(&'static NewsKind, NewsMode)>,
    /// Each kind that can be sent to webhooks, with its mode.
    pub webhook: Vec<(&'static NewsKind, NewsMode)>,
}

/// Returns a person's choices, with defaults for those not made.
pub async fn chosen(
    db: &impl Sql,
    kinds: NewsKinds,
    person: UserId,
) -> Result<NotificationChoices, DbError> {
    let reached = identity::reads::reachable_even_banned(db, person).await?;
    let timezone = reached.as_ref().map_or(Tz::UTC, Reachable::timezone);
    let (settings, _) = chosen::settings(db, person, timezone).await?;
    let modes = chosen::modes(db, person).await?;
    let mode = |kind: &'static NewsKind, channel, usual| {
        let chosen = modes.of(kind.code, channel).filter(|_| !kind.is_security);
        (kind, chosen.unwrap_or(usual))
    };
    let hooked = kinds.iter().filter(|kind| kind.code != DIGEST.code);
    let pushed = || kinds.iter().filter(|kind| kind.is_pushed);
    let text = |kind: &'static NewsKind| {
        if kind.is_security {
            mode(kind, SMS, NewsMode::Instant)
        } else {
            mode(kind, SMS, NewsMode::Off)
        }
    };
    Ok(NotificationChoices {
        settings,
        email: reached.and_then(|reached| reached.email),
        mail: kinds.iter().map(|kind| mode(kind, EMAIL, kind.mail)).collect(),
        push: pushed().map(|kind| mode(kind, PUSH, NewsMode::Instant)).collect(),
        sms: pushed().map(text).collect(),
        webhook: hooked.map(|kind| mode(kind, WEBHOOK, NewsMode::Instant)).collect(),
    })
}

/// Returns those of some people who can get notifications of a kind: those who can be reached and for whom its flag is on.
pub async fn receivers(
    context: &Context,
    db: &impl Sql,
    kind: &NewsKind,
    people: impl IntoIterator<Item = UserId>,
) -> Result<Vec<UserId>, DbError> {
    let reached = identity::reads::reachable_among(db, people, context.now()).await?;
    let viewers = reached.iter().map(Reachable::flag_viewer);
    let having = viewers.filter(|who| kind.is_for(&context.flags, *who));
    Ok(having.map(|who| who.person().into()).collect())
}

/// Returns a person's phone, verified or not.
pub async fn phone(db: &impl Sql, person: UserId) -> Result<Option<Phone>, DbError> {
    phones::of_person(db, person).await
}

/// Counts the notifications of a kind that a person got since an instant.
pub async fn count_since(
    db: &impl Sql,
    person: UserId,
    kind: &NewsKind,
    since: Timestamp,
) -> Result<i64, DbError> {
    let sql =
        "SELECT count(*) FROM notifications WHERE user_id = $1 AND kind = $2 AND created_at >= $3";
    let values = [person.into(), kind.code.into(), since.into()];
    db.count(db.statement(sql, values)).await
}

/// Returns the data that this module stores about a person.
pub async fn export(db: &impl Sql, person: UserId) -> Result<serde_json::Value, DbError> {
    let columns = [
        ("created_at", Column::At),
        ("kind", Column::Text),
        ("title", Column::Text),
        ("link", Column::Text),
        ("read_at", Column::At),
    ];
    let sql = "SELECT created_at, kind, title, link, read_at FROM notifications \
               WHERE user_id = $1 ORDER BY id";
    let news = own_rows(db, person.0, &columns, sql).await?;
    let columns = [("kind", Column::Text), ("channel", Column::Text), ("mode", Column::Text)];
    let sql = "SELECT kind, channel, mode FROM notification_preferences WHERE user_id = $1";
    let chosen = own_rows(db, person.0, &columns, sql).await?;
    let columns =
        [("quiet_from", Column::Int), ("quiet_until", Column::Int), ("daily_cap", Column::Int)];
    let sql = "SELECT quiet_from, quiet_until, daily_cap FROM notification_settings \
               WHERE user_id = $1";
    let settings = own_rows(db, person.0, &columns, sql).await?;
    let columns =
        [("created_at", Column::At), ("number", Column::Text), ("verified_at", Column::At)];
    let sql = "SELECT created_at, number, verified_at FROM phones WHERE user_id = $1";
    let phone = own_rows(db, person.0, &columns, sql).await?;
    Ok(serde_json::json!({
        "news": news, "chosen": chosen, "settings": settings, "phone": phone,
    }))
}
