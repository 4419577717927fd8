//! GitHub as the one who says who somebody is.

mod attempt;
mod github;

pub use attempt::{ATTEMPT_LASTS, Attempt};
pub use github::{GatewayError, Github, GithubSignIn};
