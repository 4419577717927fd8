use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::Shared;
use crate::fake_github::code::{CodeStory, PushStory};

fn refused(error: impl std::fmt::Display) -> Response {
    let body = Json(json!({ "message": error.to_string() }));
    (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
}

/// `GET /_switches`
pub(super) async fn switches(State(shared): State<Arc<Shared>>) -> Response {
    Json(shared.state().switches.clone()).into_response()
}

/// `POST /_switches`
pub(super) async fn switch(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let changes: Value = match serde_json::from_slice(&body) {
        Ok(changes) => changes,
        Err(error) => return refused(error),
    };
    let mut state = shared.state();
    match state.switches.changed(changes) {
        Ok(changed) => {
            state.switches = changed.clone();
            Json(changed).into_response()
        }
        Err(error) => refused(error),
    }
}

/// `POST /_code` with a [`CodeStory`]: adds a repository with its history.
pub(super) async fn create(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let story: CodeStory = match serde_json::from_slice(&body) {
        Ok(story) => story,
        Err(error) => return refused(error),
    };
    match shared.library.add(&story) {
        Ok(()) => {
            let made = Json(json!({ "full_name": story.repository }));
            (StatusCode::CREATED, made).into_response()
        }
        Err(refusal) => refused(refusal),
    }
}

/// `POST /_code/{*repository}` with a [`PushStory`]: pushes.
pub(super) async fn push(
    State(shared): State<Arc<Shared>>,
    Path(repository): Path<String>,
    body: Bytes,
) -> Response {
    let story: PushStory = match serde_json::from_slice(&body) {
        Ok(story) => story,
        Err(error) => return refused(error),
    };
    match shared.library.push(&repository, &story) {
        Ok(after) => (StatusCode::CREATED, Json(json!({ "after": after }))).into_response(),
        Err(refusal) => refused(refusal),
    }
}

/// `GET /_calls`
pub(super) async fn calls(State(shared): State<Arc<Shared>>) -> Response {
    let calls = shared.state().calls.clone();
    let total: u64 = calls.values().sum();
    Json(json!({ "total": total, "calls": calls })).into_response()
}
