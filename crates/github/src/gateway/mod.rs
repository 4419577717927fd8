//! The client of GitHub's API, for data about registered repositories. Identity's gateway signs people in.

mod answer;
mod api;
mod error;
#[cfg(test)]
mod fuzz;
mod graphql;
mod pulls;
mod services;

use platform::flags::{Flag, FlagKind, Outgoing};

pub use api::{Api, Call, Read};
pub use error::ApiError;
pub use pulls::{Order, PullsPage};
pub use services::services;

/// The switch for requests to GitHub's API.
#[derive(Debug)]
pub struct GithubApi;

impl Outgoing for GithubApi {
    const FLAG: &'static Flag = &Flag {
        name: "github_api",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_GITHUB_API",
        description: "Requests to GitHub's API, which import the history of repositories and close gaps.",
    };
}
