//! A server that is read-only for a while: everything can be read, and changes are refused with the operator's message.

use std::sync::Arc;

use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use platform::web::{Next, Ordered, WebError};

use crate::rules::SETUP_PAGE;

/// The seconds after which a refused request may be sent again.
const RETRY_AFTER: u32 = 300;

/// The beginnings of the paths at which changes are accepted: people sign in and out, with a second factor or a code, as admins who
/// end the maintenance must, and end it.
const OPEN: &[&str] = &["/sign-in", "/sign-out", "/api/v1/auth/", "/admin/maintenance"];

/// Refuses requests that change something while the server is read-only. Pages keep what was typed. The refusals are no failures of the
/// server, about which alerts and reports would tell.
pub async fn hold(message: Arc<String>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_open(request.uri().path()) {
        return next.run(request).await;
    }
    let detail = format!("{message} Nothing was changed. Try again later.");
    let problem = Problem::new(ProblemKind::Overloaded, "MAINTENANCE", detail).after(RETRY_AFTER);
    let mut response = if request.uri().path().starts_with("/api/") {
        WebError::from(problem).into_response()
    } else {
        ui::refused_page(request, problem.into()).await
    };
    response.extensions_mut().insert(Ordered);
    response
}

fn is_open(path: &str) -> bool {
    // A code of the operator signs in there.
    path == SETUP_PAGE || OPEN.iter().any(|open| path.starts_with(open))
}
