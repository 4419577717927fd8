use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderName, header},
};
use platform::{
    Context,
    web::{self, Paged, Path, Query, WebError},
};
use uuid::Uuid;

use super::views::{OpportunityDetail, OpportunityList};
use crate::{
    access::{self, SearchQuery},
    reads,
    rules::quota::Asker,
    search::Catalog,
};

/// Returns how long caches may keep the response to someone who is not signed in: what lacks the last changes, not at all.
pub(super) fn kept(is_old: bool) -> [(HeaderName, &'static str); 1] {
    let kept = if is_old { "no-store" } else { "public, max-age=300, stale-while-revalidate=600" };
    [(header::CACHE_CONTROL, kept)]
}

/// Lists open issues that can be done: those that fit the words, or all, with the number of them by each filter.
#[utoipa::path(
    get,
    path = "/api/v1/opportunities",
    operation_id = "list_opportunities",
    tag = "Discovery",
    params(SearchQuery),
    responses(
        (status = 200, description = "A page of opportunities", body = OpportunityList),
        (status = 503, description = "The search index is being built")
    )
)]
pub(super) async fn list(
    State(context): State<Context>,
    Extension(catalog): Extension<Catalog>,
    asker: Asker,
    Query(query): Query<SearchQuery>,
) -> Result<([(HeaderName, &'static str); 1], Paged<OpportunityList>), WebError> {
    let limit = usize::try_from(web::limit(query.limit)?).unwrap_or(1);
    let page = access::find(&context, &catalog, &query, limit, asker).await?;
    let is_passing = page.found.is_old || page.found.by_words_only.is_some();
    Ok((kept(is_passing), Paged(OpportunityList::of(page))))
}

/// Returns an opportunity with the reasons for its numbers, and similar ones.
#[utoipa::path(
    get,
    path = "/api/v1/opportunities/{id}",
    operation_id = "get_opportunity",
    tag = "Discovery",
    responses(
        (status = 200, description = "The opportunity", body = OpportunityDetail),
        (status = 503, description = "The search index is being built")
    )
)]
pub(super) async fn get(
    State(context): State<Context>,
    Extension(catalog): Extension<Catalog>,
    Path(id): Path<Uuid>,
) -> Result<([(HeaderName, &'static str); 1], Json<OpportunityDetail>), WebError> {
    let (found, body) = access::opportunity(&context, id).await?;
    let similar = access::similar(&context, &catalog, &found).await?;
    let model = reads::model_analysis(&context.db, &found).await?;
    let detail = OpportunityDetail::of(&found, body, model, &similar.best);
    Ok((kept(similar.is_old), Json(detail)))
}
