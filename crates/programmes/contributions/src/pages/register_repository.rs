//! The page on which a maintainer registers a repository of theirs, and an admin any by its address.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use github::{
    actions::{NeededHook, Registrar},
    rules::own_repository::Allowed,
};
use identity::{
    gateway::OauthApp,
    model::{Role, Viewer},
};
use kernel::Problem;
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, QueryString, format::segment, redirect, show};

use crate::{
    access::{Maintainer, ProjectAdmin},
    actions::{
        CandidateSearch, allow_repositories, find_candidates, find_installed, register_named,
        register_repository,
    },
    model::{Candidate, CandidateState, Candidates},
    reads::ProjectView,
};

/// The number of repositories that are read from GitHub for a page.
const SIZE: u32 = 50;

/// Repositories before a search.
const NONE: Candidates = Candidates { items: Vec::new(), next: None, is_partial: false };

#[derive(Template)]
#[template(path = "register_repository.html")]
struct RegisterPage {
    slug: String,
    name: String,
    /// True if people can connect GitHub on this server.
    can_connect: bool,
    connection: Connection,
    /// True if the server has a GitHub App.
    has_app: bool,
    /// True if the viewer can register repositories of the server's GitHub App without a connection.
    can_use_app: bool,
    is_admin: bool,
    /// The webhook that repositories need, because this server cannot read them.
    hook: Option<NeededHook>,
    /// The URL at which an admin installs the GitHub App.
    installing: Option<String>,
    search: RepositorySearch,
    rows: Vec<Row>,
    /// The path of the next page.
    next: Option<String>,
    is_partial: bool,
    /// The reason that GitHub's list cannot be shown.
    trouble: Option<Problem>,
    form: Form,
}

/// The viewer's connection to GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Connection {
    Never,
    Ended,
    Connected,
}

impl RegisterPage {
    fn is_connected(&self) -> bool {
        self.connection == Connection::Connected
    }

    fn has_ended(&self) -> bool {
        self.connection == Connection::Ended
    }

    /// Returns true if repositories were searched. Without a connection, only a full name is.
    fn is_searched(&self) -> bool {
        let has_asked = self.is_connected() || (self.can_use_app && !self.search.q.is_empty());
        has_asked && !is_named(&self.form)
    }
}

/// Returns true if the form names a repository. Others are not searched then.
fn is_named(form: &Form) -> bool {
    !form.value("address").is_empty()
}

struct Row {
    github_id: i64,
    full_name: String,
    is_private: bool,
    is_fork: bool,
    is_archived: bool,
    is_free: bool,
    project: Option<String>,
    /// The reason that it cannot be registered.
    why_not: Option<&'static str>,
}

impl From<Candidate> for Row {
    fn from(candidate: Candidate) -> Self {
        let Candidate { repository, state } = candidate;
        let (project, why_not) = match &state {
            CandidateState::Free => (None, None),
            CandidateState::Registered(slug) => (Some(slug.clone()), None),
            CandidateState::Refused(obstacle) => (None, Some(obstacle.brief())),
        };
        Self {
            github_id: repository.id,
            full_name: repository.full_name,
            is_private: repository.private,
            is_fork: repository.fork,
            is_archived: repository.archived,
            is_free: state == CandidateState::Free,
            project,
            why_not,
        }
    }
}

/// The part of the list that is shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RepositorySearch {
    q: String,
    page: Option<u32>,
}

/// `GET /projects/{slug}/repositories/new`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Extension(app): Extension<OauthApp>,
    Maintainer { viewer, project }: Maintainer,
    QueryString(search): QueryString<RepositorySearch>,
) -> PageResult {
    let page = Listing {
        context: &context,
        registrar: &registrar,
        app: &app,
        viewer: &viewer,
        project: &project,
    };
    page.render(search, Form::default()).await
}

struct Listing<'a> {
    context: &'a Context,
    registrar: &'a Registrar,
    app: &'a OauthApp,
    viewer: &'a Viewer,
    project: &'a ProjectView,
}

impl Listing<'_> {
    async fn render(&self, search: RepositorySearch, form: Form) -> PageResult {
        let (db, person) = (&self.context.db, self.viewer.user_id);
        let connection = match identity::reads::github_connection(db, person).await? {
            None => Connection::Never,
            Some(found) if found.revoked_at.is_some() => Connection::Ended,
            Some(_) => Connection::Connected,
        };
        let can_use_app = self.registrar.can_use_app(db, person).await?;
        let found = match connection {
            _ if is_named(&form) => Ok(NONE),
            Connection::Connected => self.find(&search).await,
            _ if can_use_app => self.find_installed(&search).await,
            _ => Ok(NONE),
        };
        // What GitHub refuses is shown on the page.
        let (found, trouble) = match found {
            Ok(found) => (found, None),
            Err(ActionError::Refused(problem)) => (NONE, Some(problem)),
            Err(error) => return Err(error.into()),
        };
        let next = found.next.map(|page| self.address(&search.q, page));
        let is_admin = self.viewer.acts_as(Role::Admin);
        let installing =
            if is_admin { self.registrar.installing(self.context).await } else { None };
        show(&RegisterPage {
            installing,
            slug: self.project.slug.clone(),
            name: self.project.name.clone(),
            can_connect: self.app.is_set_up(),
            connection,
            has_app: self.registrar.clients().has_app(),
            can_use_app,
            is_admin,
            hook: self.registrar.needed_hook(),
            search,
            rows: found.items.into_iter().map(Row::from).collect(),
            next,
            is_partial: found.is_partial,
            trouble,
            form,
        })
    }

    fn address(&self, text: &str, page: u32) -> String {
        let (slug, text) = (&self.project.slug, segment(text));
        format!("/projects/{slug}/repositories/new?q={text}&page={page}")
    }

    /// Reads the list from GitHub.
    async fn find(&self, search: &RepositorySearch) -> Result<Candidates, ActionError> {
        let search = CandidateSearch {
            text: search.q.clone(),
            page: search.page.unwrap_or(1).max(1),
            size: SIZE,
        };
        let (person, project) = (self.viewer.user_id, self.project.id.into());
        find_candidates(self.context, self.registrar, person, project, &search).await
    }

    /// Reads a repository of the server's GitHub App by its full name.
    async fn find_installed(&self, search: &RepositorySearch) -> Result<Candidates, ActionError> {
        let (person, project) = (self.viewer.user_id, self.project.id.into());
        let found = find_installed(self.context, self.registrar, person, project, &search.q);
        Ok(Candidates { items: found.await?, ..NONE })
    }
}

/// The repository to register, and the part of the list that it was chosen from.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    github_id: i64,
    #[serde(default)]
    q: String,
}

/// `POST /projects/{slug}/repositories`: registers a repository.
pub(super) async fn register(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Extension(app): Extension<OauthApp>,
    Maintainer { viewer, project }: Maintainer,
    Filled(chosen, form): Filled<Chosen>,
) -> Result<Response, PageError> {
    let (slug, id) = (project.slug.as_str(), chosen.github_id);
    let registered =
        register_repository(&context, &registrar, viewer.user_id, viewer.actor(), slug, id).await;
    match registered {
        Ok(own) => {
            let said = format!("{} is registered, and is being read from GitHub", own.full_name);
            Ok(redirect(&format!("/projects/{slug}/repositories"), &said))
        }
        Err(error) => {
            let page = Listing {
                context: &context,
                registrar: &registrar,
                app: &app,
                viewer: &viewer,
                project: &project,
            };
            let search = RepositorySearch { q: chosen.q, page: None };
            let again = |form| page.render(search, form);
            form.refused(error, again).await
        }
    }
}

/// A repository that an admin names.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NamedRepository {
    address: String,
}

/// `POST /projects/{slug}/repositories/named`: registers a repository by its address.
pub(super) async fn name(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Extension(app): Extension<OauthApp>,
    ProjectAdmin { viewer, project }: ProjectAdmin,
    Filled(named, form): Filled<NamedRepository>,
) -> Result<Response, PageError> {
    let (slug, actor) = (project.slug.as_str(), viewer.actor());
    let address = named.address.as_str();
    match register_named(&context, &registrar, actor, slug, address, None).await {
        Ok(own) => {
            let covered = registrar.covered(&context.db, &[own.id]).await?;
            let next = match registrar.needed_hook() {
                Some(_) => "Set up its webhook next",
                None if registrar.needs_app() && covered.is_empty() => {
                    "Install the GitHub App on it next"
                }
                None => "It is being read from GitHub",
            };
            let said = format!("{} is registered. {next}", own.full_name);
            Ok(redirect(&format!("/projects/{slug}/repositories"), &said))
        }
        Err(error) => {
            let page = Listing {
                context: &context,
                registrar: &registrar,
                app: &app,
                viewer: &viewer,
                project: &project,
            };
            let again = |form| page.render(RepositorySearch::default(), form);
            form.refused(error, again).await
        }
    }
}

/// The kinds of repositories that the form allows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RepositoryKinds {
    forks: Option<String>,
    private: Option<String>,
}

/// `POST /projects/{slug}/repositories/settings`.
pub(super) async fn allow(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Filled(kinds, _): Filled<RepositoryKinds>,
) -> Result<Response, PageError> {
    let allowed = Allowed { forks: kinds.forks.is_some(), private: kinds.private.is_some() };
    let changed = allow_repositories(&context, viewer.actor(), &project.slug, allowed).await;
    changed.map_err(WebError::from)?;
    let back = format!("/projects/{}/repositories", project.slug);
    Ok(redirect(&back, "The settings for repositories are saved"))
}
