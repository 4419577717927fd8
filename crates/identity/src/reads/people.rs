use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::Points;
use platform::{
    ActionError,
    db::{DbError, Kind, Rows, Sql, ascii_lower, ids},
    flags::FlagViewer,
};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    model::{AccountKind, Person, PersonIdentity, Role, UserId},
    rules,
};

/// The kind of account; one of unknown kind counts as a person.
pub(super) const KIND: &str = "CASE u.kind WHEN 'unknown' THEN 'user' ELSE u.kind END AS kind";

/// Returns the columns of a [`Person`].
pub(super) fn person_columns() -> String {
    format!("u.id, u.login, u.avatar_url, {KIND}, u.total_points, u.created_at")
}

/// Finds a person by their login, in any case, as on GitHub. If two accounts got it from an earlier release, one that has signed in
/// wins, because GitHub itself confirmed its login; then the first known.
pub async fn person(db: &impl Sql, login: &str) -> Result<Option<Person>, DbError> {
    among(db, login, "NOT u.is_deleted").await
}

async fn among(
    db: &impl Sql,
    login: &str,
    condition: &'static str,
) -> Result<Option<Person>, DbError> {
    let sql = format!(
        "SELECT {} FROM users u WHERE {} = $1 AND {condition} \
         ORDER BY u.claimed_at IS NULL, u.created_at, u.id LIMIT 1",
        person_columns(),
        ascii_lower("u.login")
    );
    db.one(db.statement(&sql, [login.to_ascii_lowercase().into()])).await
}

/// Finds a person by their login.
///
/// # Errors
/// When no one has the login.
pub async fn find_person(db: &impl Sql, login: &str) -> Result<Person, ActionError> {
    let login = rules::mentioned(login);
    required(person(db, login).await?, login)
}

/// Finds a person with a public page by their login. Minors have none.
///
/// # Errors
/// When no one with a page has the login.
pub async fn find_public(db: &impl Sql, login: &str) -> Result<Person, ActionError> {
    let login = rules::mentioned(login);
    required(among(db, login, "NOT u.is_deleted AND NOT u.is_minor").await?, login)
}

fn required(found: Option<Person>, login: &str) -> Result<Person, ActionError> {
    Ok(found.ok_or_else(|| rules::unknown_login(login))?)
}

/// Returns true if anyone is known.
pub async fn has_people(db: &impl Sql) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) AS found";
    Ok(db.count(db.statement(sql, [])).await? > 0)
}

/// Counts the people who were erased.
pub async fn erased(db: &impl Sql) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM users WHERE erased_at IS NOT NULL";
    db.count(db.statement(sql, [])).await
}

/// Returns a person's role.
pub async fn role(db: &impl Sql, id: UserId) -> Result<Option<Role>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        role: Role,
    }
    let row: Option<Row> =
        db.one(db.statement("SELECT role FROM users WHERE id = $1", [id.into()])).await?;
    Ok(row.map(|row| row.role))
}

/// Returns a person that flags are evaluated for.
pub async fn flag_viewer(db: &impl Sql, id: UserId) -> Result<FlagViewer, DbError> {
    Ok(FlagViewer::new(id.0, role(db, id).await?.map(Role::as_str)))
}

/// The maximum number of people whom [`moderators`] returns.
const MODERATORS: i64 = 500;

/// Lists the moderators and admins whose accounts are open, by ID, at most 500.
pub async fn moderators(db: &impl Sql) -> Result<Vec<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM users WHERE role IN ('moderator', 'admin') AND NOT is_deleted \
               ORDER BY id LIMIT $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [MODERATORS.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns a person's all-time points.
pub async fn points(db: &impl Sql, id: UserId) -> Result<Points, DbError> {
    let sql = "SELECT total_points FROM users WHERE id = $1";
    db.count(db.statement(sql, [id.into()])).await
}

/// Returns the logins of people by ID. Without IDs, it runs no query.
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
    // Closed accounts are shown by a placeholder login.
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

/// Returns whether a person has a profile: their account is neither closed nor erased.
pub async fn has_profile(db: &impl Sql, person: UserId) -> Result<bool, DbError> {
    let who = super::who(db, [person]).await?;
    Ok(who.get(&person).is_some_and(|who| who.has_page))
}

/// Finds the known people among GitHub IDs.
pub async fn known(
    db: &impl Sql,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, PersonIdentity>, DbError> {
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
    // CROSS JOIN makes SQLite start with the set. Without statistics, it would scan all identities.
    let sql = format!(
        "SELECT i.id, i.user_id, i.subject FROM {rows} \
         CROSS JOIN user_identities i WHERE i.provider = 'github' AND i.subject = r.subject"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let known = |row: Row| {
        let known = PersonIdentity { user_id: row.user_id.into(), identity_id: row.id.into() };
        row.subject.parse().ok().map(|id| (id, known))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Returns GitHub's IDs of the accounts with logins in lower case, by login.
pub async fn github_accounts(
    db: &impl Sql,
    logins: impl IntoIterator<Item = &str>,
) -> Result<BTreeMap<String, BTreeSet<i64>>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        login: String,
        subject: String,
    }
    let mut rows = Rows::new([("login", Kind::Text)]);
    for login in logins {
        rows.push([login.into()]);
    }
    let mut query = db.query();
    let rows = query.rows(rows, "r");
    let login = ascii_lower("u.login");
    let sql = format!(
        "SELECT r.login, i.subject FROM {rows} CROSS JOIN users u \
         CROSS JOIN user_identities i WHERE {login} = r.login \
         AND i.user_id = u.id AND i.provider = 'github'"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut accounts: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for row in rows {
        accounts.entry(row.login).or_default().extend(row.subject.parse::<i64>());
    }
    Ok(accounts)
}

/// A person in a form that is comparable between installations. It contains no login, because without GitHub's own
/// answers a login is the one in the delivery that arrived first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, FromQueryResult)]
pub struct CanonicalPerson {
    /// The ID here, which differs between installations.
    #[serde(skip)]
    pub id: Uuid,
    /// GitHub's ID.
    pub github_id: String,
    /// The kind of account; one of unknown kind counts as a person.
    pub kind: AccountKind,
    /// The sum of the ledger entries, without redemptions.
    pub total_points: i64,
}

/// Lists every person by GitHub ID.
pub async fn canonical(db: &impl Sql) -> Result<Vec<CanonicalPerson>, DbError> {
    let sql = format!(
        "SELECT u.id, i.subject AS github_id, {KIND}, u.total_points FROM users u \
         JOIN user_identities i ON i.user_id = u.id WHERE i.provider = 'github'"
    );
    let mut people: Vec<CanonicalPerson> = db.all(db.statement(&sql, [])).await?;
    people.sort_by(|a, b| a.github_id.cmp(&b.github_id));
    Ok(people)
}
