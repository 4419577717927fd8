use std::ops::AddAssign;

use chrono::TimeDelta;
use kernel::Timestamp;
use sea_orm::FromQueryResult;

use super::minute;
use crate::{
    Context,
    db::{DbError, Sql},
};

/// How long minutes are kept.
const KEPT: TimeDelta = TimeDelta::days(8);

/// Counts of a time. Routes that say how the server is are not among the requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Sums {
    pub requests: i64,
    /// Requests that were answered with a status from 400 to 499.
    pub client_errors: i64,
    /// Requests that were answered with a status of 500 or more.
    pub server_errors: i64,
    /// Requests that took a second or longer.
    pub slow_requests: i64,
    /// Requests to paths below `/api/`, as the following two.
    pub api_requests: i64,
    pub api_client_errors: i64,
    pub api_server_errors: i64,
    /// Answers of pages for everyone that were already rendered.
    pub pages_kept: i64,
    /// Answers of such pages that were rendered for the request.
    pub pages_rendered: i64,
    /// Connections to the database that could not be had.
    pub failed_connections: i64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, more: Self) {
        self.requests += more.requests;
        self.client_errors += more.client_errors;
        self.server_errors += more.server_errors;
        self.slow_requests += more.slow_requests;
        self.api_requests += more.api_requests;
        self.api_client_errors += more.api_client_errors;
        self.api_server_errors += more.api_server_errors;
        self.pages_kept += more.pages_kept;
        self.pages_rendered += more.pages_rendered;
        self.failed_connections += more.failed_connections;
    }
}

/// Returns the sums of all processes since an instant, without what they did not store yet: less than a minute.
///
/// # Errors
/// When the database fails.
pub async fn since(db: &impl Sql, since: Timestamp) -> Result<Sums, DbError> {
    let sql = "SELECT CAST(coalesce(sum(requests), 0) AS bigint) AS requests, \
               CAST(coalesce(sum(client_errors), 0) AS bigint) AS client_errors, \
               CAST(coalesce(sum(server_errors), 0) AS bigint) AS server_errors, \
               CAST(coalesce(sum(slow_requests), 0) AS bigint) AS slow_requests, \
               CAST(coalesce(sum(api_requests), 0) AS bigint) AS api_requests, \
               CAST(coalesce(sum(api_client_errors), 0) AS bigint) AS api_client_errors, \
               CAST(coalesce(sum(api_server_errors), 0) AS bigint) AS api_server_errors, \
               CAST(coalesce(sum(pages_kept), 0) AS bigint) AS pages_kept, \
               CAST(coalesce(sum(pages_rendered), 0) AS bigint) AS pages_rendered, \
               CAST(coalesce(sum(failed_connections), 0) AS bigint) AS failed_connections \
               FROM request_minutes WHERE minute > $1";
    let row = db.one(db.statement(sql, [since.into()])).await?;
    Ok(row.unwrap_or_default())
}

/// Adds the counts of a process to the minute of `now`, and deletes minutes that are old.
pub(super) async fn add(context: &Context, now: Timestamp, sums: &Sums) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let sql = "INSERT INTO request_minutes (minute, requests, client_errors, server_errors, slow_requests, \
               api_requests, api_client_errors, api_server_errors, pages_kept, pages_rendered, \
               failed_connections) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT (minute) DO UPDATE SET \
               requests = request_minutes.requests + excluded.requests, \
               client_errors = request_minutes.client_errors + excluded.client_errors, \
               server_errors = request_minutes.server_errors + excluded.server_errors, \
               slow_requests = request_minutes.slow_requests + excluded.slow_requests, \
               api_requests = request_minutes.api_requests + excluded.api_requests, \
               api_client_errors = request_minutes.api_client_errors + excluded.api_client_errors, \
               api_server_errors = request_minutes.api_server_errors + excluded.api_server_errors, \
               pages_kept = request_minutes.pages_kept + excluded.pages_kept, \
               pages_rendered = request_minutes.pages_rendered + excluded.pages_rendered, \
               failed_connections = request_minutes.failed_connections + excluded.failed_connections";
    let values = [
        minute(now).into(),
        sums.requests.into(),
        sums.client_errors.into(),
        sums.server_errors.into(),
        sums.slow_requests.into(),
        sums.api_requests.into(),
        sums.api_client_errors.into(),
        sums.api_server_errors.into(),
        sums.pages_kept.into(),
        sums.pages_rendered.into(),
        sums.failed_connections.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let old = "DELETE FROM request_minutes WHERE minute < $1";
    tx.run(tx.statement(old, [(now - KEPT).into()])).await?;
    tx.commit().await
}
