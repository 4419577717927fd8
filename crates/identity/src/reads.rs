//! Queries for screens.

mod own;
mod totals;

use std::collections::{BTreeMap, HashMap};

use crate::model::UserId;
use chrono_tz::Tz;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, ids};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    model::{Identity, Known, Person, SeenLogin, Session, Token, Viewer},
    rules,
    store::{
        bans::{COLUMNS, holding},
        identities,
    },
};

pub use own::{ExportState, export, export_document, export_state};
pub use totals::{Total, totals};

const PERSON: &str = "id, login, avatar_url, kind, total_points, created_at";

/// The person who has a login now, in whatever case, as on GitHub; the most recently seen when two
/// claim it.
pub async fn person(db: &impl Sql, login: &str) -> Result<Option<Person>, DbError> {
    let sql = format!(
        "SELECT {PERSON} FROM users WHERE lower(login) = lower($1) AND NOT is_deleted \
         ORDER BY login_seen_at DESC, id LIMIT 1"
    );
    db.one(db.statement(&sql, [login.into()])).await
}

/// The same, also when they closed their account. Not those who were erased.
pub async fn anybody(db: &impl Sql, login: &str) -> Result<Option<Person>, DbError> {
    let sql = format!(
        "SELECT {PERSON} FROM users WHERE lower(login) = lower($1) AND erased_at IS NULL \
         ORDER BY login_seen_at DESC, id LIMIT 1"
    );
    db.one(db.statement(&sql, [login.into()])).await
}

/// A person's role as stored.
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

/// A person's points of all time.
pub async fn points(db: &impl Sql, id: UserId) -> Result<Points, DbError> {
    let sql = "SELECT total_points FROM users WHERE id = $1";
    db.count(db.statement(sql, [id.into()])).await
}

/// The logins of people, by id; of nobody nothing is asked.
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
    // Who closed their account is not named meanwhile.
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

/// Who GitHub ids are, as far as they are known.
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

/// A person's open sessions, the latest used first.
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

/// A person's tokens that were not revoked, the latest made first.
pub async fn tokens(db: &impl Sql, person: UserId) -> Result<Vec<Token>, DbError> {
    let sql = "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_tokens \
               WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}

/// A token and whose it is.
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

/// The accounts elsewhere by which a person is known, the first linked first.
pub async fn identities(db: &impl Sql, person: UserId) -> Result<Vec<Identity>, DbError> {
    let sql = format!(
        "SELECT {} FROM user_identities WHERE user_id = $1 ORDER BY created_at, id",
        identities::COLUMNS
    );
    db.all(db.statement(&sql, [person.into()])).await
}

/// The logins by which a person was seen, the latest first.
pub async fn seen_logins(db: &impl Sql, person: UserId) -> Result<Vec<SeenLogin>, DbError> {
    let sql = "SELECT login, created_at FROM user_logins WHERE user_id = $1 \
               ORDER BY created_at DESC, id DESC LIMIT 200";
    db.all(db.statement(sql, [person.into()])).await
}

/// When the session began by which somebody is signed in.
pub async fn signed_in_at(db: &impl Sql, viewer: &Viewer) -> Result<Option<Timestamp>, DbError> {
    let session = session(db, viewer.by.id()).await?;
    Ok(session.map(|(_, session)| session.created_at))
}

/// How a person can be reached.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Reachable {
    timezone: Option<String>,
    /// The address that is verified as theirs.
    pub email: Option<String>,
}

impl Reachable {
    /// Where they live; UTC unless they said.
    #[must_use]
    pub fn timezone(&self) -> Tz {
        let named = self.timezone.as_deref().map(rules::timezone_named);
        named.and_then(Result::ok).unwrap_or(Tz::UTC)
    }
}

/// How a person can be reached; nothing when they never signed in, are banned or deleted.
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

/// Where a person lives; UTC unless they said.
pub async fn timezone(db: &impl Sql, person: UserId) -> Result<Tz, DbError> {
    let sql = "SELECT timezone, NULL AS email FROM users WHERE id = $1";
    let found: Option<Reachable> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(found.map_or(Tz::UTC, |found| found.timezone()))
}

/// A session and whose it is.
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

/// The address at which a person proved to be reached.
pub async fn verified_email(db: &impl Sql, person: UserId) -> Result<Option<String>, DbError> {
    Ok(email(db, person).await?.verified)
}

/// A person's addresses of e-mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    /// The one that is theirs.
    pub verified: Option<String>,
    /// The one to which a link was mailed.
    pub asked: Option<String>,
}

/// A person's addresses of e-mail.
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

/// A person as those who look after people see them.
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
    /// The ban that holds.
    #[sea_orm(nested)]
    pub ban: MemberBan,
}

/// A ban as those who look after people see it; all of it is absent where none holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct MemberBan {
    /// Why.
    #[sea_orm(from_alias = "ban_reason")]
    pub reason: Option<String>,
    /// When it ends by itself.
    #[sea_orm(from_alias = "ban_ends_at")]
    pub ends_at: Option<Timestamp>,
    /// Since when.
    #[sea_orm(from_alias = "banned_at")]
    pub at: Option<Timestamp>,
    /// The login of whoever banned them; absent when it was done at the server's shell.
    #[sea_orm(from_alias = "banned_by")]
    pub by: Option<String>,
}

/// Which people are looked for.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// Logins that begin so, in whatever case.
    pub login: String,
    /// Only those with this role.
    pub role: Option<crate::model::Role>,
    /// Behind this login.
    pub after: String,
}

/// People by login, with the bans that hold.
pub async fn members(
    db: &impl Sql,
    filter: &MemberFilter,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Member>, DbError> {
    let mut query = db.query();
    let mut which = vec![
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
        which.push(format!("lower(u.login) >= {}", query.bind(beginning)));
        let pattern = query.bind(format!("{pattern}%"));
        which.push(format!("lower(u.login) LIKE {pattern} ESCAPE '\\'"));
    }
    if let Some(role) = filter.role {
        which.push(format!("u.role = {}", query.bind(role.as_str())));
    }
    let (which, limit) = (which.join(" AND "), query.bind(limit));
    let holding = holding(&query.bind(now));
    let sql = format!(
        "SELECT u.id, u.login, u.kind, u.role, u.total_points, u.created_at, u.claimed_at, {COLUMNS}, \
         b.created_at AS banned_at, a.login AS banned_by \
         FROM users u {holding} LEFT JOIN users a ON a.id = b.by_id \
         WHERE {which} ORDER BY lower(u.login) LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// A person in a form that two installations can be compared by.
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

/// Everybody, by GitHub's id.
pub async fn canonical(db: &impl Sql) -> Result<Vec<CanonicalPerson>, DbError> {
    let sql = "SELECT u.id, i.subject AS github_id, u.login, u.kind, u.total_points FROM users u \
               JOIN user_identities i ON i.user_id = u.id WHERE i.provider = 'github'";
    let mut people: Vec<CanonicalPerson> = db.all(db.statement(sql, [])).await?;
    people.sort_by(|a, b| a.github_id.cmp(&b.github_id));
    Ok(people)
}
