//! The client of GitHub's API, for data about registered repositories. Identity's gateway signs people in.

mod answer;
mod api;
mod app;
mod clients;
mod code;
mod error;
#[cfg(test)]
mod fuzz;
mod graphql;
mod hooks;
mod installations;
mod issues;
mod limits;
mod linked;
mod members;
mod named;
mod own_app;
mod patches;
mod profiles;
mod pull_acts;
mod pulls;
mod rate_limit;
mod request;
mod search;
mod services;

use platform::flags::{Flag, FlagKind, Outgoing, Start};

pub use api::{Api, Read};
pub use clients::Clients;
pub use code::{UnpackError, unpack};
pub use error::ApiError;
pub use hooks::{HookSettings, OwnRepositories};
pub(crate) use issues::{IssuesPage, IssuesPlace};
pub(crate) use linked::MOST_LINKED;
pub use members::MemberRole;
pub use named::MOST_NAMED;
pub(crate) use own_app::OwnApp;
pub use pulls::{Order, PullsPage};
pub use rate_limit::{RateLimit, RateLimits};
pub use request::Call;
pub use search::{MOST_ISSUES, MOST_REPOSITORIES};
pub use services::services;

/// The switch for requests to GitHub's API.
#[derive(Debug)]
pub struct GithubApi;

impl Outgoing for GithubApi {
    const FLAG: &'static Flag = &Flag {
        name: "github_api",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_GITHUB_API",
        start: Start::On,
        description: "Requests to GitHub's API, which import the history of repositories and close gaps.",
    };
}
