//! Queries of projects and contributions.

mod canonical;
mod contributions;
mod describe;
mod dump;
mod explained;
mod own;
mod projects;

pub use canonical::{CanonicalContribution, canonical};
pub use contributions::{
    Contribution, ContributionPart, Earned, earned, of_person, of_project, of_pull_request,
    open_of_person, pull_requests, states,
};
pub(crate) use describe::describe;
pub(crate) use dump::dump;
pub use explained::{ExplainedPull, explained};
pub use own::export;
pub(crate) use projects::no_repository;
pub use projects::{
    MaintainerView, ProjectDetail, ProjectPart, ProjectView, RulesVersion, current_rules,
    find_maintainer, has_archived, maintained_by, maintainers, maintainers_of, maintains, project,
    project_by_id, project_detail, project_id, project_of_repository, projects, projects_named,
    repositories, repository, repository_named, slugs, slugs_of,
};
