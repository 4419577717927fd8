//! Statements that change a person's row, or the totals of many people.

use kernel::{Points, Timestamp};
use platform::{
    db::{Cell, DbError, Kind, Rows, Sql, Tx, ascii_lower, begins_with},
    theme::Theme,
};
use sea_orm::FromQueryResult;

use crate::model::{Role, UserId};

/// Inserts a person who does not come from a delivery.
pub(crate) async fn insert(
    tx: &Tx,
    id: UserId,
    login: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO users (id, login, login_seen_at, kind, created_at, updated_at) \
               VALUES ($1, $2, $3, 'user', $3, $3)";
    run(tx, sql, [id.into(), login.into(), now.into()]).await
}

/// Lists the logins that begin with a text in any case, in lower case.
pub(crate) async fn logins_beginning(tx: &Tx, beginning: &str) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        login: String,
    }
    let begins = begins_with("login", "$1");
    let login = ascii_lower("login");
    let sql = format!("SELECT {login} AS login FROM users WHERE {login} >= $1 AND {begins}");
    let rows: Vec<Row> =
        tx.all(tx.statement(&sql, [beginning.to_ascii_lowercase().into()])).await?;
    Ok(rows.into_iter().map(|row| row.login).collect())
}

/// Marks an account as claimed at its person's first sign-in; returns whether it is the first.
pub(crate) async fn claim(tx: &Tx, id: UserId, now: Timestamp) -> Result<bool, DbError> {
    let sql =
        "UPDATE users SET claimed_at = $1, updated_at = $1 WHERE id = $2 AND claimed_at IS NULL";
    Ok(tx.run(tx.statement(sql, [now.into(), id.into()])).await? > 0)
}

pub(crate) async fn set_role(
    tx: &Tx,
    id: UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE users SET role = $1, updated_at = $2 WHERE id = $3";
    run(tx, sql, [role.as_str().into(), now.into(), id.into()]).await
}

pub(crate) async fn set_timezone(
    tx: &Tx,
    id: UserId,
    name: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE users SET timezone = $1, updated_at = $2 WHERE id = $3";
    run(tx, sql, [name.into(), now.into(), id.into()]).await
}

/// Stores the color scheme of pages that a person chose; `None` for their device's.
pub(crate) async fn set_theme(
    tx: &Tx,
    id: UserId,
    theme: Option<Theme>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE users SET theme = $1, updated_at = $2 WHERE id = $3";
    run(tx, sql, [theme.map(Theme::as_str).into(), now.into(), id.into()]).await
}

/// Adds points to people's totals.
pub(crate) async fn add_points(
    tx: &Tx,
    changes: &[(UserId, Points)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("user_id", Kind::Uuid), ("points", Kind::Int)]);
    tx.lock_rows("users", changes.iter().map(|(id, _)| id.0)).await?;
    for (user_id, points) in changes {
        rows.push([(*user_id).into(), (*points).into()]);
    }
    let mut query = tx.query();
    let (set, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "UPDATE users SET total_points = total_points + r.points, updated_at = {now} \
         FROM {set} WHERE users.id = r.user_id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

async fn run<const N: usize>(tx: &Tx, sql: &str, values: [Cell; N]) -> Result<(), DbError> {
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
