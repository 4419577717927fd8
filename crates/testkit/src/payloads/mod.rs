//! GitHub's webhook bodies, with the fields and the size of real ones, built from plain structs. JSON is written
//! directly for speed: a season is half a gigabyte and renders in a second or two.

mod checks;
mod events;
mod installation;
mod model;
mod object;
mod parts;
mod pull;
mod repository;
mod state;

pub use checks::{RunState, check_suite, workflow_run};
pub use events::{
    Extra, authorization_revoked, issue_comment, issues, member, ping, pull_request,
    pull_request_review, push, repository,
};
pub use installation::{InstallationState, installation, installation_repositories};
pub(crate) use installation::{for_installation, installation_object};
pub use model::{Account, AccountKind, Hook, IssueState, Label, PushState, Repo};
pub(crate) use object::{Object, instant};
pub(crate) use parts::{API, hook as hook_object, issue as issue_object, label, user_object};
pub(crate) use pull::{Shape, pull as pull_object, review as review_object};
pub(crate) use repository::{Dates, repository as repository_object};
pub use state::{PullState, ReviewState, Verdict};

#[cfg(test)]
mod tests;
