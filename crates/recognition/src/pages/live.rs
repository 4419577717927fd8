//! Live updates of pages with points.

use axum::{Router, response::Response, routing::get};
use futures_util::future::BoxFuture;
use platform::{
    Context,
    db::DbError,
    live::{Listener, LiveSubject},
    web::WebError,
};

use crate::reads::latest;

/// The newest entry of the ledger.
struct NewestEntry;

impl LiveSubject for NewestEntry {
    fn name(&self) -> String {
        "ledger".to_owned()
    }

    fn mark<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<String, DbError>> {
        Box::pin(async {
            let latest = latest(&context.db).await?;
            Ok(latest.map(|id| id.to_string()).unwrap_or_default())
        })
    }

    fn is_public(&self) -> bool {
        true
    }
}

/// Returns the route of the stream.
pub(super) fn routes() -> Router<Context> {
    Router::new().route("/live", get(events))
}

/// `GET /live`.
async fn events(listener: Listener) -> Result<Response, WebError> {
    listener.listen(NewestEntry).await
}
