//! Queries for screens.

mod own;
mod totals;

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use kernel::{Points, Timestamp};
use platform::{
    ActionError,
    db::{DbError, Kind, Rows, Sql, ids},
};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    model::{Identity, Known, Person, Role, SeenLogin, Session, Token, UserId, Viewer},
    rules,
    store::{
        bans::{COLUMNS, holding},
        identities,
    },
};

pub use own::{ExportState, export, export_document, export_state};
pub use totals::{Total, totals};

const PERSON: &str = "id, login, avatar_url, kind, total_points, created_at";

/// Finds a person by their login, in any case, as on GitHub; the most recently seen when two claim it.
pub async fn person(db: &impl Sql, login: &str) -> Result<Option<Person>, DbError> {
    let sql = format!(
        "SELECT {PERSON} FROM users WHERE lower(login) = lower($1) AND NOT is_deleted \
         ORDER BY login_seen_at DESC, id LIMIT 1"
    );
    db.one(db.statement(&sql, [login.into()])).await
}

/// Finds a person by their login.
///
/// # Errors
/// When no one has the login.
pub async fn find_person(db: &impl Sql, login: &str) -> Result<Person, ActionError> {
    required(person(db, login).await?, login)
}

/// Finds a person by their login, also when they closed their account; not when they were erased.
///
/// # Errors
/// When no one has the login.
pub async fn find_account(db: &impl Sql, login: &str) -> Result<Person, ActionError> {
    let sql = format!(
        "SELECT {PERSON} FROM users WHERE lower(login) = lower($1) AND erased_at IS NULL \
         ORDER BY login_seen_at DESC, id LIMIT 1"
    );
    let found = db.one(db.statement(&sql, [login.into()])).await?;
    required(found, login)
}

fn required(found: Option<Person>, login: &str) -> Result<Person, ActionError> {
    Ok(found.ok_or_else(|| rules::unknown_login(login))?)
}

/// Returns a person's role as stored.
pub async fn role(db: &impl Sql, id: UserId) -> Result<String, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        role: String,
    }
    let row: Option<Row> = db
        .one(db.statement("SELECT role FROM users WHERE id = $1", [id.into()]))
        .await?;
    Ok(row.map(|row| row.role).unwrap_or_default())
}

/// Returns a person's all-time points.
pub async fn points(db: &impl Sql, id: UserId) -> Result<Points, DbError> {
    let sql = "SELECT total_points FROM users WHERE id = $1";
    db.count(db.statement(sql, [id.into()])).await
}

/// Returns the logins of people by id; without ids there is no query.
pub async fn logins(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, String>, DbError> {
    let people: Vec<UserId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    // A closed account is not named.
    let sql = format!(
        "SELECT u.id, CASE WHEN u.closed_at IS NULL OR u.erased_at IS NOT NULL THEN u.login END \
         AS login FROM {rows} JOIN users u ON u.id = r.id"
    );
    let columns = [("id", Kind::Uuid), ("login", Kind::Text)];
    let rows: Vec<(Uuid, Option<String>)> = db.documents(query.documents(&columns, &sql)).await?;
    let named = |(id, login): (Uuid, Option<String>)| {
        let login = login.unwrap_or_else(|| rules::closed_login(id));
        (id.into(), login)
    };
    Ok(rows.into_iter().map(named).collect())
}

/// Finds the people of GitHub ids, as far as they are known.
pub async fn known(
    db: &impl Sql,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Known>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        user_id: Uuid,
        subject: String,
    }
    let mut rows = Rows::new([("subject", Kind::Text)]);
    for id in github_ids {
        rows.push([id.to_string().into()]);
    }
    let mut query = db.query();
    let rows = query.rows(rows, "r");
    // CROSS JOIN has SQLite begin with the set: with no statistics it would walk all identities.
    let sql = format!(
        "SELECT i.id, i.user_id, i.subject FROM {rows} \
         CROSS JOIN user_identities i WHERE i.provider = 'github' AND i.subject = r.subject"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let known = |row: Row| {
        let known = Known {
            user_id: row.user_id.into(),
            identity_id: row.id.into(),
        };
        row.subject.parse().ok().map(|id| (id, known))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Lists a person's open sessions, the latest used first.
pub async fn sessions(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, DbError> {
    let sql = "SELECT id, created_at, last_seen_at, expires_at, user_agent, address_prefix, \
               is_program FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 \
               ORDER BY last_seen_at DESC, id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into(), now.into()])).await
}

/// Lists a person's tokens that were not revoked, newest first.
pub async fn tokens(db: &impl Sql, person: UserId) -> Result<Vec<Token>, DbError> {
    let sql = "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_tokens \
               WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}

/// Finds a token and its person.
pub async fn token(db: &impl Sql, id: Uuid) -> Result<Option<(UserId, Token)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        #[sea_orm(nested)]
        token: Token,
    }
    let sql = "SELECT user_id, id, name, scopes, created_at, expires_at, last_used_at \
               FROM api_tokens WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map(|row| (row.user_id.into(), row.token)))
}

/// Lists a person's linked accounts, oldest first.
pub async fn identities(db: &impl Sql, person: UserId) -> Result<Vec<Identity>, DbError> {
    let sql = format!(
        "SELECT {} FROM user_identities WHERE user_id = $1 ORDER BY created_at, id",
        identities::COLUMNS
    );
    db.all(db.statement(&sql, [person.into()])).await
}

/// Lists the logins that a person had, newest first.
pub async fn seen_logins(db: &impl Sql, person: UserId) -> Result<Vec<SeenLogin>, DbError> {
    let sql = "SELECT login, created_at FROM user_logins WHERE user_id = $1 \
               ORDER BY created_at DESC, id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}

/// Returns when the viewer's session began.
pub async fn signed_in_at(db: &impl Sql, viewer: &Viewer) -> Result<Option<Timestamp>, DbError> {
    let session = session(db, viewer.by.id()).await?;
    Ok(session.map(|(_, session)| session.created_at))
}

/// The address and time zone for e-mail to a person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Reachable {
    timezone: Option<String>,
    /// The verified address.
    pub email: Option<String>,
}

impl Reachable {
    /// Returns the time zone; UTC unless they chose one.
    #[must_use]
    pub fn timezone(&self) -> Tz {
        let named = self.timezone.as_deref().map(rules::timezone_named);
        named.and_then(Result::ok).unwrap_or(Tz::UTC)
    }
}

/// Returns how to reach a person; none when they never signed in, are banned or closed their account.
pub async fn reachable(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<Reachable>, DbError> {
    let sql = format!(
        "SELECT u.timezone, e.address AS email FROM users u LEFT JOIN user_emails e \
         ON e.user_id = u.id AND e.verified_at IS NOT NULL {} WHERE u.id = $1 \
         AND u.claimed_at IS NOT NULL AND b.id IS NULL AND NOT u.is_deleted",
        holding("$2")
    );
    db.one(db.statement(&sql, [person.into(), now.into()]))
        .await
}

/// Returns a person's time zone; UTC unless they chose one.
pub async fn timezone(db: &impl Sql, person: UserId) -> Result<Tz, DbError> {
    let sql = "SELECT timezone, NULL AS email FROM users WHERE id = $1";
    let found: Option<Reachable> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(found.map_or(Tz::UTC, |found| found.timezone()))
}

/// Finds a session and its person.
pub async fn session(db: &impl Sql, id: Uuid) -> Result<Option<(UserId, Session)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        #[sea_orm(nested)]
        session: Session,
    }
    let sql = "SELECT user_id, id, created_at, last_seen_at, expires_at, user_agent, \
               address_prefix, is_program FROM sessions WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map(|row| (row.user_id.into(), row.session)))
}

/// Returns a person's verified e-mail address.
pub async fn verified_email(db: &impl Sql, person: UserId) -> Result<Option<String>, DbError> {
    Ok(email(db, person).await?.verified)
}

/// The e-mail addresses of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    /// The verified address.
    pub verified: Option<String>,
    /// The address that got a link and is not verified yet.
    pub asked: Option<String>,
}

/// Returns a person's e-mail addresses.
pub async fn email(db: &impl Sql, person: UserId) -> Result<Email, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        address: String,
        verified_at: Option<Timestamp>,
    }
    let sql = "SELECT address, verified_at FROM user_emails WHERE user_id = $1 ORDER BY id";
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

/// A person as moderators see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Member {
    /// Their id.
    pub id: Uuid,
    /// The name in addresses.
    pub login: String,
    /// `user`, `bot` or `organization`.
    pub kind: String,
    /// `user`, `moderator` or `admin`.
    pub role: String,
    /// Sum of the ledger's entries but redemptions.
    pub total_points: i64,
    /// When the account was first seen.
    pub created_at: Timestamp,
    /// When the person first signed in.
    pub claimed_at: Option<Timestamp>,
    /// The ban in force.
    #[sea_orm(nested)]
    pub ban: MemberBan,
}

/// A ban as moderators see it; every field is absent without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct MemberBan {
    /// The reason.
    #[sea_orm(from_alias = "ban_reason")]
    pub reason: Option<String>,
    /// When it ends.
    #[sea_orm(from_alias = "ban_ends_at")]
    pub ends_at: Option<Timestamp>,
    /// When it began.
    #[sea_orm(from_alias = "banned_at")]
    pub at: Option<Timestamp>,
    /// The moderator's login; absent when an operator banned them at the server's shell.
    #[sea_orm(from_alias = "banned_by")]
    pub by: Option<String>,
}

/// A filter of people.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// The beginning of the login, in any case.
    pub login: String,
    /// The role.
    pub role: Option<Role>,
    /// The login to continue after.
    pub after: String,
}

/// Lists people by login, with the bans in force.
pub async fn members(
    db: &impl Sql,
    filter: &MemberFilter,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Member>, DbError> {
    let mut query = db.query();
    let mut conditions = vec![
        "NOT u.is_deleted".to_owned(),
        format!(
            "lower(u.login) > {}",
            query.bind(filter.after.to_lowercase())
        ),
    ];
    if !filter.login.is_empty() {
        let beginning = filter.login.to_lowercase();
        let pattern = beginning
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        conditions.push(format!("lower(u.login) >= {}", query.bind(beginning)));
        let pattern = query.bind(format!("{pattern}%"));
        conditions.push(format!("lower(u.login) LIKE {pattern} ESCAPE '\\'"));
    }
    if let Some(role) = filter.role {
        conditions.push(format!("u.role = {}", query.bind(role.as_str())));
    }
    let (conditions, limit) = (conditions.join(" AND "), query.bind(limit));
    let holding = holding(&query.bind(now));
    let sql = format!(
        "SELECT u.id, u.login, u.kind, u.role, u.total_points, u.created_at, u.claimed_at, {COLUMNS}, \
         b.created_at AS banned_at, a.login AS banned_by \
         FROM users u {holding} LEFT JOIN users a ON a.id = b.by_id \
         WHERE {conditions} ORDER BY lower(u.login) LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// A person in a form that compares two installations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, FromQueryResult)]
pub struct CanonicalPerson {
    /// The id here; differs between installations.
    #[serde(skip)]
    pub id: Uuid,
    /// GitHub's id.
    pub github_id: String,
    /// The login.
    pub login: String,
    /// `user`, `bot` or `organization`.
    pub kind: String,
    /// Sum of the ledger's entries but redemptions.
    pub total_points: i64,
}

/// Lists every person by GitHub's id.
pub async fn canonical(db: &impl Sql) -> Result<Vec<CanonicalPerson>, DbError> {
    let sql = "SELECT u.id, i.subject AS github_id, u.login, u.kind, u.total_points FROM users u \
               JOIN user_identities i ON i.user_id = u.id WHERE i.provider = 'github'";
    let mut people: Vec<CanonicalPerson> = db.all(db.statement(sql, [])).await?;
    people.sort_by(|a, b| a.github_id.cmp(&b.github_id));
    Ok(people)
}
