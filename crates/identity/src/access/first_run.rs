//! The first run of a server: the home page leads to the setup, until there is an admin.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use platform::{Context, db::DbError, web::Next};

use crate::{reads, rules::SETUP_PAGE};

/// The state of the redirect, on servers that were new when they started.
#[derive(Debug)]
pub struct FirstRun {
    context: Context,
    /// True once an admin was seen.
    is_over: AtomicBool,
}

impl FirstRun {
    /// Returns the state for a server that knows no one; `None` for one with a community, whose home page stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(context: &Context) -> Result<Option<Arc<Self>>, DbError> {
        if reads::has_people(&context.db).await? {
            return Ok(None);
        }
        Ok(Some(Arc::new(Self { context: context.clone(), is_over: AtomicBool::new(false) })))
    }

    async fn is_over(&self) -> Result<bool, DbError> {
        if self.is_over.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let is_over = reads::has_admin(&self.context.db).await?;
        self.is_over.store(is_over, Ordering::Relaxed);
        Ok(is_over)
    }
}

/// Redirects the home page to the setup during the first run. If the database fails, the page itself says so.
pub async fn lead(first_run: Arc<FirstRun>, request: Request, next: Next) -> Response {
    let is_home = request.method().is_safe() && request.uri().path() == "/";
    if !is_home || first_run.is_over().await.unwrap_or(true) {
        return next.run(request).await;
    }
    let headers = [(header::LOCATION, SETUP_PAGE), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SEE_OTHER, headers).into_response()
}
