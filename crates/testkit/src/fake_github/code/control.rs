use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    super::{
        Shared,
        answer::{Answer, Refusal, Reply},
    },
    story::{CodeStory, PushStory},
};

/// `POST /_code` with a [`CodeStory`]: adds a repository with its history.
pub(in super::super) async fn create(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let story: CodeStory = read(&body)?;
    let mut world = shared.world();
    let place = world.add_code(&story)?;
    let repo = &world.places[place].repo;
    let made = json!({ "id": repo.id, "full_name": repo.full_name() });
    Ok(Reply::created(made.to_string()))
}

/// `POST /_code/{owner}/{repo}` with a [`PushStory`]: pushes, and delivers that.
pub(in super::super) async fn push(
    State(shared): State<Arc<Shared>>,
    Path((owner, repo)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let story: PushStory = read(&body)?;
    let mut world = shared.world();
    let place = world.place(&format!("{owner}/{repo}"))?;
    let pushed = world.push_code(place, &story)?;
    let made = json!({ "before": pushed.before, "after": pushed.after });
    Ok(Reply::created(made.to_string()))
}

/// Reads a story; the refusal names what is wrong with it.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::invalid(error.to_string()))
}
