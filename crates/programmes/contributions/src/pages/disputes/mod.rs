//! Pages of disputes: the form, the thread, and the queue of moderators.

mod new;
mod queue;
mod thread;

use axum::{
    Router,
    routing::{get, post},
};
use kernel::Timestamp;
use platform::Context;
use ui::{Tag, format::Number};

pub(super) use {queue::Row as DisputeRow, thread::typed_points};

use crate::{model::DisputeState, reads::DisputeView};

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/disputes", post(new::open))
        .route("/disputes/new", get(new::form))
        .route("/disputes/{number}", get(thread::thread))
        .route("/disputes/{number}/messages", post(thread::write))
        .route("/disputes/{number}/appeal", post(thread::appeal))
        .route("/disputes/{number}/decision", post(thread::decide))
        .route("/admin/disputes", get(queue::list))
}

pub(super) fn tag(state: DisputeState) -> Tag {
    let (class, word) = match state {
        DisputeState::Open => ("t-or", "Open"),
        DisputeState::Upheld => ("t-sable", "Not granted"),
        DisputeState::Granted => ("t-vert", "Granted"),
        DisputeState::Closed => ("t-sable", "Closed"),
    };
    Tag { class, word }
}

/// Returns the tag of a dispute, with the state of its appeal.
fn tag_of(dispute: &DisputeView) -> Tag {
    match &dispute.appeal {
        Some(appeal) if appeal.outcome.state == DisputeState::Open => {
            Tag { class: "t-or", word: "Appealed" }
        }
        _ => tag(dispute.state()),
    }
}

/// Says how much time is left until an instant, in days.
pub(super) fn days_left(until: Timestamp, now: Timestamp) -> String {
    let left = until - now;
    match ui::format::days_of(left) {
        _ if left < chrono::TimeDelta::zero() => "no time left".to_owned(),
        0 => "less than a day left".to_owned(),
        days => format!("{} left", Number(days).of("day", "days")),
    }
}
