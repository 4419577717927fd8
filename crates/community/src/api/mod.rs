//! The API of texts.

use axum::{Extension, Json, extract::State};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    model::{Facts, TextName},
    reads,
};

pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(text))
}

/// A text of the community.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "conduct", "title": "Code of conduct", "body": "Be kind and patient.", "version": 3,
    "updated_at": "2026-11-21T10:00:00.000000Z"
}))]
struct CommunityText {
    /// The text's name: `about`, `conduct`, `privacy` or `contact`.
    name: &'static str,
    /// The heading of its page.
    title: &'static str,
    /// The text, as Markdown.
    body: String,
    /// The number of the saved version. 0 while the text is the one that the software proposes.
    version: i64,
    /// When the version was saved. Null while the text is the one that the software proposes.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Timestamp>,
}

/// Returns a text of the community, as Markdown.
#[utoipa::path(
    get,
    path = "/api/v1/community/texts/{name}",
    operation_id = "get_community_text",
    tag = "Community",
    responses((status = 200, description = "The text", body = CommunityText))
)]
async fn text(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
    Path(name): Path<String>,
) -> Result<Json<CommunityText>, WebError> {
    let name = TextName::named(&name).ok_or_else(|| reads::unknown(&name))?;
    let shown = reads::shown(&context.db, &facts, name).await?;
    Ok(Json(CommunityText {
        name: name.as_str(),
        title: name.heading(),
        version: shown.version(),
        updated_at: shown.saved.as_ref().map(|saved| saved.created_at),
        body: shown.body,
    }))
}
