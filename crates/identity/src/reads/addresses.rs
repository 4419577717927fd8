use std::collections::BTreeMap;

use chrono_tz::Tz;
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql, ids},
    flags::FlagViewer,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Role, UserId, Viewer},
    rules,
    store::{bans::holding, emails},
};

/// The address and time zone for email to a person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Reachable {
    id: Uuid,
    role: Role,
    timezone: Option<String>,
    /// The verified address.
    pub email: Option<String>,
}

impl Reachable {
    /// Returns the person that flags are evaluated for.
    #[must_use]
    pub fn flag_viewer(&self) -> FlagViewer {
        FlagViewer::new(self.id, Some(self.role.as_str()))
    }

    /// Returns the time zone, which defaults to UTC.
    #[must_use]
    pub fn timezone(&self) -> Tz {
        let named = self.timezone.as_deref().map(rules::timezone_named);
        named.and_then(Result::ok).unwrap_or(Tz::UTC)
    }
}

/// Returns how to reach a person; `None` when they never signed in, are banned or closed their account.
pub async fn reachable(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<Reachable>, DbError> {
    Ok(reachable_among(db, [person], now).await?.pop())
}

/// Returns how to reach people like [`reachable`], by ID, without those who cannot be reached.
pub async fn reachable_among(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
    now: Timestamp,
) -> Result<Vec<Reachable>, DbError> {
    let mut query = db.query();
    let (rows, now) = (query.rows(ids(people), "r"), query.bind(now));
    // CROSS JOIN makes SQLite start with the set.
    let sql = format!(
        "SELECT u.id, u.role, u.timezone, e.address AS email FROM {rows} CROSS JOIN users u \
         LEFT JOIN user_emails e ON e.user_id = u.id AND e.verified_at IS NOT NULL {} \
         WHERE u.id = r.id AND u.claimed_at IS NOT NULL AND b.id IS NULL AND NOT u.is_deleted \
         ORDER BY u.id",
        holding(&now)
    );
    db.all(query.statement(sql)).await
}

/// Returns how to reach a person like [`reachable`], even if they are banned.
pub async fn reachable_even_banned(
    db: &impl Sql,
    person: UserId,
) -> Result<Option<Reachable>, DbError> {
    let sql = "SELECT u.id, u.role, u.timezone, e.address AS email FROM users u LEFT JOIN user_emails e \
               ON e.user_id = u.id AND e.verified_at IS NOT NULL WHERE u.id = $1 \
               AND u.claimed_at IS NOT NULL AND NOT u.is_deleted";
    db.one(db.statement(sql, [person.into()])).await
}

/// Returns a person's time zone, which defaults to UTC.
pub async fn timezone(db: &impl Sql, person: UserId) -> Result<Tz, DbError> {
    let sql = "SELECT id, role, timezone, NULL AS email FROM users WHERE id = $1";
    let found: Option<Reachable> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(found.map_or(Tz::UTC, |found| found.timezone()))
}

/// Returns when a person was last seen on a page. `None` if they are not signed in anywhere.
pub async fn last_seen(db: &impl Sql, person: UserId) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Seen {
        at: Option<Timestamp>,
    }
    let sql = "SELECT max(last_seen_at) AS at FROM sessions WHERE user_id = $1";
    let seen: Option<Seen> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(seen.and_then(|seen| seen.at))
}

/// Returns the time zones of people who chose one.
pub async fn timezones(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<UserId, Tz>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        timezone: String,
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    let sql = format!(
        "SELECT u.id, u.timezone FROM {rows} CROSS JOIN users u \
         WHERE u.id = r.id AND u.timezone IS NOT NULL ORDER BY u.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let named = |row: Row| Some((row.id.into(), rules::timezone_named(&row.timezone).ok()?));
    Ok(rows.into_iter().filter_map(named).collect())
}

/// Returns a person's verified email address.
pub async fn verified_email(db: &impl Sql, person: UserId) -> Result<Option<String>, DbError> {
    Ok(email(db, person).await?.verified)
}

/// Returns the address that a person verified, or else one that they entered.
pub async fn entered_email(db: &impl Sql, person: UserId) -> Result<Option<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        address: String,
    }
    let sql = "SELECT address FROM user_emails WHERE user_id = $1 ORDER BY verified_at IS NULL, id LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(row.map(|row| row.address))
}

/// Returns the person who verified an email address.
pub async fn owner_of(db: &impl Sql, address: &str) -> Result<Option<UserId>, DbError> {
    Ok(emails::owner(db, address).await?.map(Into::into))
}

/// Returns the verified email addresses of people who have one.
pub async fn verified_emails(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<UserId, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        address: String,
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    // CROSS JOIN makes SQLite start with the set.
    let sql = format!(
        "SELECT e.user_id, e.address FROM {rows} CROSS JOIN user_emails e \
         WHERE e.user_id = r.id AND e.verified_at IS NOT NULL ORDER BY e.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let address = |row: Row| (row.user_id.into(), row.address);
    Ok(rows.into_iter().map(address).collect())
}

/// The email addresses of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    /// The verified address.
    pub verified: Option<String>,
    /// The address that a verification link was sent to.
    pub asked: Option<String>,
}

/// Returns a person's email addresses.
pub async fn email(db: &impl Sql, person: UserId) -> Result<Email, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        address: String,
        verified_at: Option<Timestamp>,
    }
    // Without a link, nothing was sent to an address yet.
    let sql = "SELECT address, verified_at FROM user_emails WHERE user_id = $1 \
               AND (verified_at IS NOT NULL OR token_hash IS NOT NULL) ORDER BY id";
    let rows: Vec<Row> = db.all(db.statement(sql, [person.into()])).await?;
    let mut email = Email::default();
    for row in rows {
        match row.verified_at {
            Some(_) => email.verified = Some(row.address),
            None => email.asked = Some(row.address),
        }
    }
    Ok(email)
}

/// Returns the address that an emailed link verifies, for the viewer's session; `None` if the link is dead or another session's.
pub async fn address_of_link(
    db: &impl Sql,
    viewer: &Viewer,
    token: &str,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    let found =
        emails::by_link(db, rules::hash(token), viewer.user_id, viewer.by.id(), now).await?;
    Ok(found.map(|found| found.address))
}
