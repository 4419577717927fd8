use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use github::{
    actions::{NO_TOKEN, NeededHook, Registrar},
    model::{RepositoryId, SyncProgress},
    reads::{AppCover, SyncState},
    rules::own_repository::Allowed,
};
use identity::model::Role;
use platform::{Context, web::WebError};
use ui::{
    Address, Confirmation, PageError, PageResult, Undo,
    format::{Instant, Number, tame},
    redirect, redirect_with_undo, show,
};

use crate::{
    access::{self, Maintainer, ProjectAdmin},
    actions::{remove_repository, set_repository_state, sync_repository},
    model::{Inactive, InactiveState, ProjectId},
    reads::{self, ListedRepository, RepositoryEarnings},
};

#[derive(Template)]
#[template(path = "repositories.html")]
struct RepositoriesPage {
    slug: String,
    name: String,
    repositories: Vec<Row>,
    allowed: Allowed,
    is_admin: bool,
    /// True for moderators, who can exclude repositories.
    is_moderator: bool,
    /// The webhook that a repository here needs, because this server cannot read it.
    hook: Option<NeededHook>,
    /// The URL at which an admin installs the GitHub App, if a repository here needs it.
    installing: Option<String>,
    /// True for an admin while there is no season in which the repositories could count.
    starts_season: bool,
    now: Instant,
}

struct Row {
    github_id: i64,
    full_name: String,
    is_private: bool,
    pull_requests: Number,
    points: Number,
    sync: Option<Sync>,
    /// The relation to the GitHub App, if an installation ever included it.
    app: Option<AppCover>,
    /// True if this server could read it by the App alone, which is not installed on it.
    needs_app: bool,
    /// True if the server reads with its token what changes: neither the App nor a webhook of its own delivers events.
    is_polled: bool,
    /// True if its own webhook is not known to deliver all events.
    may_lack_events: bool,
    disabled: Option<String>,
    excluded: Option<String>,
    inactive: Option<Inactive>,
}

impl Row {
    /// Returns the word for its state and when that began, if it is inactive.
    fn inactive_state(&self) -> Option<(&'static str, Instant)> {
        self.inactive.map(|it| (it.state.heading(), Instant(it.since)))
    }

    fn is_archived(&self) -> bool {
        self.inactive.is_some_and(|it| it.state == InactiveState::Archived)
    }

    /// Returns the relation to the App if it has ended.
    fn lost_app(&self) -> Option<&AppCover> {
        self.app.as_ref().filter(|app| !app.state.is_active())
    }

    fn is_of_app(&self) -> bool {
        self.app.as_ref().is_some_and(|app| app.state.is_active())
    }

    fn is_reading(&self) -> bool {
        self.sync.as_ref().is_some_and(Sync::is_reading)
    }

    /// Returns true if its webhook should be updated. Where the App delivers its events, that would change nothing.
    fn offers_update(&self) -> bool {
        self.may_lack_events && !self.is_of_app()
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
            error: state.last_error.as_deref().map(said),
        }
    }
}

/// Returns the error of a sync for maintainers, who cannot change how the server reads repositories.
fn said(error: &str) -> String {
    match error {
        NO_TOKEN => {
            "This server has no GitHub App in the repository and no token, so it does not read what happened there before."
                .to_owned()
        }
        other => other.to_owned(),
    }
}

/// `GET /projects/{slug}/repositories`. Private repositories are shown only to admins.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Maintainer { viewer, project }: Maintainer,
) -> PageResult {
    let is_admin = viewer.acts_as(Role::Admin);
    let id = project.id.into();
    let mut found = reads::listed_repositories(&context.db, id).await?;
    found.retain(|it| is_admin || !it.repository.is_private);
    // Those that no one expects back come last.
    found.sort_by_key(|it| it.inactive.is_some_and(|it| it.state == InactiveState::Archived));
    let earned = reads::earned(&context.db, id).await?;
    let listed = found.iter().map(|it| it.repository.id);
    let syncs = github::reads::sync_states(&context.db, listed).await?;
    let listed: Vec<_> = found.iter().map(|it| RepositoryId::from(it.repository.id)).collect();
    let mut apps = registrar.app_covers(&context.db, listed).await?;
    let needs_app = registrar.needs_app();
    let has_token = registrar.clients().server().is_some();
    let needs_hook = found.iter().any(|it| it.repository.hook_id.is_none());
    let row = |ListedRepository { repository, excluded, inactive }: ListedRepository| {
        let earned = earned.get(&repository.id).copied().unwrap_or_default();
        let app = apps.remove(&repository.id);
        let is_of_app = app.as_ref().is_some_and(|app| app.state.is_active());
        Row {
            is_polled: has_token && !is_of_app && repository.hook_id.is_none(),
            needs_app: needs_app && app.is_none() && repository.hook_id.is_none(),
            may_lack_events: repository.may_lack_events(),
            github_id: repository.github_id,
            full_name: repository.full_name,
            is_private: repository.is_private,
            pull_requests: Number(earned.pull_requests),
            points: Number(earned.points),
            sync: syncs.get(&repository.id).map(Sync::from),
            app,
            disabled: repository.disabled_reason,
            excluded,
            inactive,
        }
    };
    let repositories: Vec<Row> = found.into_iter().map(row).collect();
    let installing = if is_admin && repositories.iter().any(|row| row.needs_app) {
        registrar.installing(&context).await
    } else {
        None
    };
    let (allowed, has_season) = reads::allowed_and_season(&context.db, id).await?;
    let starts_season = is_admin && !repositories.is_empty() && !has_season;
    show(&RepositoriesPage {
        slug: project.slug,
        name: project.name,
        repositories,
        installing,
        starts_season,
        allowed,
        is_admin,
        is_moderator: viewer.acts_as(Role::Moderator),
        hook: registrar.needed_hook().filter(|_| needs_hook),
        now: Instant(context.now()),
    })
}

/// Returns what the pull requests of a repository earned.
async fn earned(
    context: &Context,
    project: ProjectId,
    repository: uuid::Uuid,
) -> Result<RepositoryEarnings, WebError> {
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
            "This reverses {points} of {pulls}. What GitHub reports is still recorded: the points return when the repository is registered again. Its webhook is deleted on GitHub if this server created it."
        ),
        facts: vec![("Points", points.clone()), ("Pull requests", pulls.clone())],
        action: format!("{back}/{github_id}/remove"),
        fields: Vec::new(),
        button: format!("Remove {name}"),
        is_ending: true,
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

/// `POST /projects/{slug}/repositories/{github_id}/pause`
pub(super) async fn pause(
    state: State<Context>,
    maintainer: Maintainer,
    Address((_, github_id)): Address<(String, i64)>,
) -> Result<Response, PageError> {
    let said = "is paused. Pull requests that are opened from now on earn no points";
    set_state(state, maintainer, github_id, (Some(InactiveState::Paused), said)).await
}

/// `POST /projects/{slug}/repositories/{github_id}/archive`
pub(super) async fn archive(
    state: State<Context>,
    maintainer: Maintainer,
    Address((_, github_id)): Address<(String, i64)>,
) -> Result<Response, PageError> {
    let said = "is archived here. Pull requests that are opened from now on earn no points";
    set_state(state, maintainer, github_id, (Some(InactiveState::Archived), said)).await
}

/// `POST /projects/{slug}/repositories/{github_id}/resume`
pub(super) async fn resume(
    state: State<Context>,
    maintainer: Maintainer,
    Address((_, github_id)): Address<(String, i64)>,
) -> Result<Response, PageError> {
    let said = "is active again. Pull requests that were opened meanwhile earn their points";
    set_state(state, maintainer, github_id, (None, said)).await
}

/// Pauses or archives a repository, or ends that, and says so after its name.
async fn set_state(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    github_id: i64,
    (new, said): (Option<InactiveState>, &str),
) -> Result<Response, PageError> {
    access::repository(&context, &viewer, &project, github_id).await?;
    let slug = project.slug.as_str();
    let changed = set_repository_state(&context, viewer.actor(), slug, github_id, new).await;
    let (repository, former) = changed.map_err(WebError::from)?;
    let said = format!("{} {said}", repository.full_name);
    let back = format!("/projects/{slug}/repositories");
    if new.is_none() {
        return Ok(redirect(&back, &said));
    }
    let undone = match former.filter(|former| Some(*former) != new) {
        Some(InactiveState::Paused) => "pause",
        Some(InactiveState::Archived) => "archive",
        None => "resume",
    };
    let undo = Undo::by(format!("{back}/{github_id}/{undone}"));
    Ok(redirect_with_undo(&back, &said, &undo))
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

/// `POST /projects/{slug}/repositories/{github_id}/webhook`: has its webhook deliver all events, by the person's connection.
pub(super) async fn update_hook(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Maintainer { viewer, project }: Maintainer,
    Address((_, github_id)): Address<(String, i64)>,
) -> Result<Response, PageError> {
    let repository = access::repository(&context, &viewer, &project, github_id).await?;
    let (person, actor) = (viewer.user_id, viewer.actor());
    let updated = registrar.update_hook(&context, person, actor, &repository).await;
    updated.map_err(WebError::from)?;
    let said = format!("The webhook of {} delivers all events now", repository.full_name);
    Ok(redirect(&format!("/projects/{}/repositories", project.slug), &said))
}
