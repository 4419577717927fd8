//! People as others name them in forms: by login, `@login`, ID, display name or email address.

use platform::{
    ActionError,
    audit::Actor,
    db::{Cell, DbError, Sql, ascii_lower},
};
use uuid::Uuid;

use super::{
    people::{person_columns, role},
    search::similar_logins,
};
use crate::{
    model::{Person, Role},
    rules,
};

/// The maximum number of people whom an error names.
const SUGGESTIONS: usize = 3;

/// Finds the person whose rights are to change: by ID, by a login that only one account has, or by the display name of one
/// person. A login counts first, so that no display name hides it.
///
/// # Errors
/// When no one is meant, or several people are. The sentence names those who are near.
pub async fn find_named(db: &impl Sql, name: &str) -> Result<Person, ActionError> {
    named(db, name, false).await
}

/// Finds a person like [`find_named`]. Admins and operators, who see the addresses of people, also find them by a verified email
/// address; to others, an address does not tell whose it is.
///
/// # Errors
/// When no one is meant, or several people are. The sentence names those who are near.
pub async fn find_named_by(db: &impl Sql, actor: Actor, name: &str) -> Result<Person, ActionError> {
    let sees_addresses = name.contains('@')
        && match actor {
            Actor::Operator => true,
            Actor::Person(id) => role(db, id.into()).await? == Some(Role::Admin),
            Actor::Visitor => false,
        };
    named(db, name, sees_addresses).await
}

/// Finds an account by ID, or by a login that only one account has, even if it is closed, but not if it was erased or is
/// linked to another person.
///
/// # Errors
/// When no one has the ID or login, or several accounts have the login.
pub async fn find_account(db: &impl Sql, name: &str) -> Result<Person, ActionError> {
    let is_there = "erased_at IS NULL AND (NOT is_deleted OR closed_at IS NOT NULL)";
    let found = sole(db, rules::mentioned(name), is_there).await?;
    Ok(found.ok_or_else(|| rules::unknown_login(name))?)
}

async fn named(db: &impl Sql, typed: &str, by_address: bool) -> Result<Person, ActionError> {
    let name = rules::mentioned(typed);
    if let Some(person) = sole(db, name, "NOT is_deleted").await? {
        return Ok(person);
    }
    let is_mention = typed.trim().starts_with('@');
    if name.is_empty() || name.contains('@') {
        let found = if by_address { of_address(db, name).await? } else { None };
        let unknown = || {
            if by_address && !name.is_empty() {
                rules::unknown_address(name)
            } else {
                rules::unknown_login(name)
            }
        };
        return Ok(found.ok_or_else(unknown)?);
    }
    let mut called = if is_mention { Vec::new() } else { called(db, name).await? };
    match called.len() {
        0 => {
            let near = similar_logins(db, name, SUGGESTIONS).await?;
            Err(rules::unknown_login_near(name, &near).into())
        }
        1 => Ok(called.remove(0)),
        _ => {
            let logins: Vec<String> = called.into_iter().map(|person| person.login).collect();
            Err(rules::ambiguous_name(name, &logins[..logins.len().min(SUGGESTIONS)]).into())
        }
    }
}

/// Finds the one account with an ID or a login.
async fn sole(db: &impl Sql, name: &str, condition: &str) -> Result<Option<Person>, ActionError> {
    let (column, value): (_, Cell) = match name.parse::<Uuid>() {
        Ok(id) => ("id".to_owned(), id.into()),
        Err(_) => (ascii_lower("login"), name.to_ascii_lowercase().into()),
    };
    let sql = format!(
        "SELECT {} FROM users u WHERE {column} = $1 AND {condition} ORDER BY u.id LIMIT 2",
        person_columns()
    );
    let mut found: Vec<Person> = db.all(db.statement(&sql, [value])).await?;
    if found.len() > 1 {
        return Err(rules::ambiguous_login(name).into());
    }
    Ok(found.pop())
}

/// Lists the people with a display name, in any case of ASCII letters, without minors; one more than an error names.
async fn called(db: &impl Sql, name: &str) -> Result<Vec<Person>, DbError> {
    let sql = format!(
        "SELECT {} FROM users u WHERE {} = $1 AND NOT u.is_deleted AND NOT u.is_minor \
         ORDER BY u.total_points DESC, u.id LIMIT $2",
        person_columns(),
        ascii_lower("u.name")
    );
    let most = i64::try_from(SUGGESTIONS).unwrap_or(i64::MAX) + 1;
    db.all(db.statement(&sql, [name.to_ascii_lowercase().into(), most.into()])).await
}

async fn of_address(db: &impl Sql, address: &str) -> Result<Option<Person>, DbError> {
    let sql = format!(
        "SELECT {} FROM users u JOIN user_emails e ON e.user_id = u.id \
         WHERE {} = $1 AND e.verified_at IS NOT NULL AND NOT u.is_deleted LIMIT 1",
        person_columns(),
        ascii_lower("e.address")
    );
    db.one(db.statement(&sql, [address.to_ascii_lowercase().into()])).await
}
