//! The setup of a new community in the browser. Each step of the list in `steps` is a page in a file of its own. The settings lead to
//! the same pages later.

mod admin;
mod attempt;
mod community;
mod done;
mod email;
mod entered_mail;
mod frame;
mod github;
mod github_app;
mod programs;
mod shown;
mod steps;

use axum::{
    Extension, Router,
    routing::{get, post},
};
use platform::{Context, module::Services};
use ui::Upload;

pub(super) use programs::names as programs_on;
pub(super) use steps::{Change, changes};

pub(super) fn routes(services: &Services) -> Router<Context> {
    Router::new()
        .route("/setup", get(admin::page).post(admin::enter))
        .route(
            "/setup/community",
            get(community::page).merge(post(community::save).layer(Upload::limit())),
        )
        .route("/setup/programs", get(programs::page).post(programs::save))
        .route("/setup/github", get(github::page).post(github_app::begin))
        .route("/setup/github/created", get(github_app::created))
        .route("/setup/github/test", post(github::test))
        .route("/setup/github/token", post(github::save_token))
        .route("/setup/email", get(email::page).post(email::send))
        .route("/setup/done", get(done::page))
        .layer(Extension(attempt::Attempts::of(services)))
}
