use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Booking, FlashBooking, Shared, api::refused};

/// A change of accounts; without an ID, of all.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Approval {
    syned_user_id: Option<String>,
    metactf_user_status: Option<String>,
    last_login_unix_timestamp: Option<i64>,
}

#[derive(Deserialize)]
struct SolveCorrection {
    challenge_solve_id: i64,
    #[serde(flatten)]
    changes: Value,
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Response> {
    serde_json::from_slice(body)
        .map_err(|error| refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()))
}

fn unknown(what: &str) -> Response {
    refused(StatusCode::NOT_FOUND, &format!("{what} not found"))
}

/// `GET /_switches`
pub(super) async fn switches(State(shared): State<Arc<Shared>>) -> Response {
    Json(shared.world().switches.clone()).into_response()
}

/// `POST /_switches`
pub(super) async fn switch(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let changes = match read(&body) {
        Ok(changes) => changes,
        Err(refusal) => return refusal,
    };
    let mut world = shared.world();
    match world.switches.changed(changes) {
        Ok(changed) => {
            world.switches = changed.clone();
            Json(changed).into_response()
        }
        Err(error) => refused(StatusCode::UNPROCESSABLE_ENTITY, &error),
    }
}

/// `POST /_solves`
pub(super) async fn solves(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let now = shared.now();
    match read::<Booking>(&body) {
        Ok(booking) => booked(shared.world().book(&booking, now)),
        Err(refusal) => refusal,
    }
}

/// `POST /_flash`
pub(super) async fn flash(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let now = shared.now();
    match read::<FlashBooking>(&body) {
        Ok(booking) => booked(shared.world().book_flash(&booking, now)),
        Err(refusal) => refusal,
    }
}

fn booked(ids: Option<Vec<i64>>) -> Response {
    match ids {
        Some(ids) => Json(json!({ "challenge_solve_ids": ids })).into_response(),
        None => unknown("User"),
    }
}

/// `POST /_users/approve`
pub(super) async fn approve(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let body = if body.is_empty() { Bytes::from_static(b"{}") } else { body };
    let approval: Approval = match read(&body) {
        Ok(approval) => approval,
        Err(refusal) => return refusal,
    };
    let mut changed = 0;
    for (id, user) in &mut shared.world().users {
        if approval.syned_user_id.as_ref().is_some_and(|only| only != id) {
            continue;
        }
        let status = approval.metactf_user_status.as_deref();
        status.unwrap_or("approved").clone_into(&mut user.status);
        user.last_login = approval.last_login_unix_timestamp.or(user.last_login);
        changed += 1;
    }
    match (changed, approval.syned_user_id) {
        (0, Some(_)) => unknown("User"),
        _ => Json(json!({ "changed": changed })).into_response(),
    }
}

/// `POST /_correct`
pub(super) async fn correct(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let read = read::<SolveCorrection>(&body).and_then(|correction| {
        let changes = correction.changes.to_string();
        let changes: Booking = read(&Bytes::from(changes))?;
        Ok((correction.challenge_solve_id, changes))
    });
    let (id, changes) = match read {
        Ok(correction) => correction,
        Err(refusal) => return refusal,
    };
    match shared.world().solve(id) {
        Some(solve) => {
            changes.correct(solve);
            Json(solve.json()).into_response()
        }
        None => unknown("Solve"),
    }
}

/// `POST /_vanish`
pub(super) async fn vanish(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    match read::<SolveCorrection>(&body) {
        Ok(correction) if shared.world().remove(correction.challenge_solve_id) => {
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(_) => unknown("Solve"),
        Err(refusal) => refusal,
    }
}

/// `GET /_calls`
pub(super) async fn calls(State(shared): State<Arc<Shared>>) -> Response {
    let calls = shared.world().calls.clone();
    let total: u64 = calls.values().sum();
    Json(json!({ "total": total, "calls": calls })).into_response()
}
