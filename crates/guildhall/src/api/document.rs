use std::sync::Arc;

use axum::{
    Extension,
    http::header,
    response::{IntoResponse, Response},
};
use platform::module::Description;

/// Returns the OpenAPI 3.1 description of this API.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "get_openapi_document",
    tag = "OpenAPI",
    responses((status = 200, description = "The OpenAPI document", body = Object))
)]
pub(super) async fn openapi(Extension(description): Extension<Arc<Description>>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (content_type, description.text().to_owned()).into_response()
}
