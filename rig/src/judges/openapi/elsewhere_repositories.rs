/// The operations that change the repositories of a project, like those of [`super::elsewhere::ELSEWHERE`].
pub(super) const REPOSITORIES: &[(&str, &str, &str)] = &[
    (
        "change_project_repository",
        "crates/guildhall/tests/it/contributions/own_projects.rs",
        "a success would pause a repository whose pull requests other requests name",
    ),
    (
        "register_project_repository",
        "crates/guildhall/tests/it/registration/api.rs",
        "the demo's admin has not connected GitHub",
    ),
    (
        "remove_project_repository",
        "crates/guildhall/tests/it/contributions/api_repositories.rs",
        "a success would remove the pull requests that other requests name",
    ),
];
