//! Prizes: the list for organizers, the hand-over, and the prizes of the viewer.

mod awards;
mod manage;
mod own;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/prizes", get(manage::list).post(manage::create))
        .route("/hackathons/{slug}/prizes/{prize}", get(manage::page).post(manage::save))
        .route(
            "/hackathons/{slug}/prizes/{prize}/remove",
            get(manage::ask_to_remove).post(manage::remove),
        )
        .route("/hackathons/{slug}/prizes/{prize}/awards", post(manage::award))
        .route("/hackathons/{slug}/prize-awards", get(awards::list))
        .route("/hackathons/{slug}/prize-awards.csv", get(awards::csv))
        .route("/hackathons/{slug}/prize-awards/{id}", get(awards::page).post(awards::step))
        .route("/hackathons/{slug}/prize-awards/{id}/claim", post(awards::claim))
        .route("/hackathons/{slug}/own-prizes", get(own::list))
        .route("/hackathons/{slug}/own-prizes/{id}", post(own::claim))
}
