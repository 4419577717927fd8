use askama::Template;
use axum::{extract::State, response::Response};
use github::{model::SyncProgress, reads::SyncState};
use identity::model::Role;
use platform::{Context, web::WebError};
use ui::{
    Address, Confirmation, PageError, PageResult,
    format::{Instant, Number, tame},
    redirect, show,
};

use crate::{
    access::{self, Maintainer, ProjectAdmin},
    actions::{remove_repository, sync_repository},
    model::ProjectId,
    reads::{self, Earned},
};

#[derive(Template)]
#[template(path = "repositories.html")]
struct RepositoriesPage {
    slug: String,
    name: String,
    repositories: Vec<Row>,
    is_admin: bool,
    now: Instant,
}

struct Row {
    github_id: i64,
    full_name: String,
    is_private: bool,
    pull_requests: Number,
    points: Number,
    sync: Option<Sync>,
}

impl Row {
    fn is_reading(&self) -> bool {
        self.sync.as_ref().is_some_and(Sync::is_reading)
    }
}

/// The progress of reading a repository from GitHub.
struct Sync {
    progress: SyncProgress,
    requested: Instant,
    read: Number,
    total: Option<Number>,
    error: Option<String>,
}

impl Sync {
    fn is_reading(&self) -> bool {
        matches!(self.progress, SyncProgress::Waiting | SyncProgress::Reading)
    }

    fn is_failed(&self) -> bool {
        self.progress == SyncProgress::Failed
    }
}

impl From<&SyncState> for Sync {
    fn from(state: &SyncState) -> Self {
        Self {
            progress: state.progress(),
            requested: Instant(state.requested_at),
            read: Number(state.pulls_read),
            total: state.pulls_total.map(Number),
            error: state.last_error.clone(),
        }
    }
}

/// `GET /projects/{slug}/repositories`. Private repositories are shown only to admins.
pub(super) async fn list(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
) -> PageResult {
    let is_admin = viewer.acts_as(Role::Admin);
    let id = project.id.into();
    let mut found = reads::repositories(&context.db, id).await?;
    found.retain(|repository| is_admin || !repository.is_private);
    let earned = reads::earned(&context.db, id).await?;
    let listed = found.iter().map(|repository| repository.id);
    let syncs = github::reads::sync_states(&context.db, listed).await?;
    let row = |repository: github::reads::Named| {
        let earned = earned.get(&repository.id).copied().unwrap_or_default();
        Row {
            github_id: repository.github_id,
            full_name: repository.full_name,
            is_private: repository.is_private,
            pull_requests: Number(earned.pull_requests),
            points: Number(earned.points),
            sync: syncs.get(&repository.id).map(Sync::from),
        }
    };
    show(&RepositoriesPage {
        slug: project.slug,
        name: project.name,
        repositories: found.into_iter().map(row).collect(),
        is_admin,
        now: Instant(context.now()),
    })
}

/// Returns what the pull requests of a repository earned.
async fn earned(
    context: &Context,
    project: ProjectId,
    repository: uuid::Uuid,
) -> Result<Earned, WebError> {
    let earned = reads::earned(&context.db, project).await?;
    Ok(earned.get(&repository).copied().unwrap_or_default())
}

/// `GET /projects/{slug}/repositories/{github_id}/remove`: asks before a repository is removed.
pub(super) async fn ask_to_remove(
    State(context): State<Context>,
    ProjectAdmin { project, .. }: ProjectAdmin,
    Address((_, github_id)): Address<(String, i64)>,
) -> PageResult {
    let (id, slug) = (ProjectId::from(project.id), project.slug.as_str());
    let found = reads::repository(&context.db, (id, slug), github_id).await;
    let repository = found.map_err(WebError::from)?;
    let earned = earned(&context, id, repository.id).await?;
    let (name, project_name) = (tame(&repository.full_name), tame(&project.name));
    let points = Number(earned.points).of("point", "points");
    let pulls = Number(earned.pull_requests).of("pull request", "pull requests");
    let back = format!("/projects/{slug}/repositories");
    show(&Confirmation {
        question: format!("Remove {name} from {project_name}?"),
        consequence: format!(
            "This reverses {points} of {pulls}. What GitHub reports is still recorded: the points return when an operator adds the repository again."
        ),
        action: format!("{back}/{github_id}/remove"),
        fields: Vec::new(),
        button: format!("Remove {name}"),
        back,
    })
}

/// `POST /projects/{slug}/repositories/{github_id}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    ProjectAdmin { viewer, project }: ProjectAdmin,
    Address((_, github_id)): Address<(String, i64)>,
) -> Result<Response, PageError> {
    let removed = remove_repository(&context, viewer.actor(), &project.slug, github_id).await;
    let repository = removed.map_err(WebError::from)?;
    let said = format!(
        "{} no longer belongs to {}. Its points are being reversed",
        repository.full_name, project.name
    );
    let back = format!("/projects/{}/repositories", project.slug);
    Ok(redirect(&back, &said))
}

/// `POST /projects/{slug}/repositories/{github_id}/sync`: has what changed read from GitHub.
pub(super) async fn sync(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Address((_, github_id)): Address<(String, i64)>,
) -> Result<Response, PageError> {
    access::repository(&context, &viewer, &project, github_id).await?;
    let slug = project.slug.as_str();
    let read = sync_repository(&context, viewer.actor(), slug, github_id, false).await;
    let repository = read.map_err(WebError::from)?;
    let said = format!("{} is being read from GitHub", repository.full_name);
    Ok(redirect(&format!("/projects/{slug}/repositories"), &said))
}
