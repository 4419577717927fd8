//! Pages of texts: those that everyone reads, those on which admins write them, the guides, and the documentation of the API. Also
//! the page of events.

mod docs;
mod edit;
mod events;
mod guides;
mod list;
mod public;
mod version;

use axum::{
    Router,
    routing::{get, post},
};
use identity::{model::UserId, reads::logins};
use platform::{Context, db::DbError};
use uuid::Uuid;

pub(crate) use docs::FLAG as API_DOCS;
pub(crate) use guides::{Guides, SEARCH};

/// Routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/about", get(public::about))
        .route("/conduct", get(public::conduct))
        .route("/privacy", get(public::privacy))
        .route("/contact", get(public::contact))
        .route("/admin/texts", get(list::page))
        .route("/admin/texts/{name}", get(edit::page).post(edit::save))
        .route("/admin/texts/{name}/preview", post(edit::preview))
        .route("/admin/texts/{name}/versions/{version}", get(version::page))
        .route("/admin/texts/{name}/versions/{version}/restore", post(version::restore))
        .route("/events", get(events::page))
        .route("/guides", get(guides::guides))
        .route("/guides/{name}", get(guides::guide))
        .merge(docs::routes())
}

/// Returns the logins of authors, in their order; that of an operator is absent.
async fn authors(
    context: &Context,
    authors: impl Iterator<Item = Option<Uuid>>,
) -> Result<Vec<Option<String>>, DbError> {
    let authors: Vec<Option<UserId>> = authors.map(|author| author.map(UserId::from)).collect();
    let known = logins(&context.db, authors.iter().flatten().copied()).await?;
    Ok(authors.iter().map(|author| known.get(author.as_ref()?).cloned()).collect())
}
