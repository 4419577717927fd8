use github::{
    actions::Registrar,
    rules::own_repository::{Obstacle, OwnRepository},
};
use identity::model::UserId;
use platform::{ActionError, Context, folded::FoldedText};

use crate::{
    model::{Candidate, CandidateState, Candidates, ProjectId},
    reads,
};

/// The most pages that one search reads from GitHub, which fit into the time limit of a response.
const MOST_PAGES: u32 = 3;

/// A part of the repositories that a person maintains on GitHub.
#[derive(Clone, Debug)]
pub struct CandidateSearch {
    /// A part of the name, in any case; empty for all.
    pub text: String,
    /// The page on GitHub to begin with, from 1.
    pub page: u32,
    /// The size of a page, from 1 to 100.
    pub size: u32,
}

/// Finds the repositories that a person maintains on GitHub, and whether they can register each with a project. Reads pages
/// until one has any. The full name of a repository in which the GitHub App is installed finds it without a connection.
///
/// # Errors
/// When the person has not connected GitHub, or GitHub refuses or does not respond.
pub async fn find_candidates(
    context: &Context,
    registrar: &Registrar,
    person: UserId,
    project: ProjectId,
    search: &CandidateSearch,
) -> Result<Candidates, ActionError> {
    let mut found = Candidates { items: Vec::new(), next: Some(search.page), is_partial: false };
    if search.page == 1 {
        found.items = find_installed(context, registrar, person, project, &search.text).await?;
    }
    if !found.items.is_empty() {
        found.next = None;
    }
    for _ in 0..MOST_PAGES {
        let (Some(page), true) = (found.next, found.items.is_empty()) else {
            break;
        };
        let read = registrar.repositories(context, person, page, search.size);
        let read = read.await?;
        found.next = read.next;
        found.is_partial |= read.is_partial;
        let matching = read.items.into_iter().filter(|own| is_match(own, search));
        found.items = judge(context, registrar, project, matching.collect()).await?;
    }
    Ok(found)
}

/// Finds the repository with a full name that a person maintains on GitHub, if an installation of the GitHub App includes it.
/// Needs no connection of the person.
///
/// # Errors
/// When GitHub refuses or does not respond.
pub async fn find_installed(
    context: &Context,
    registrar: &Registrar,
    person: UserId,
    project: ProjectId,
    full_name: &str,
) -> Result<Vec<Candidate>, ActionError> {
    let own = registrar.installed(context, person, full_name.trim());
    match own.await? {
        Some(own) => judge(context, registrar, project, vec![own]).await,
        None => Ok(Vec::new()),
    }
}

fn is_match(own: &OwnRepository, search: &CandidateSearch) -> bool {
    let text = FoldedText::of(&search.text);
    own.is_maintained() && FoldedText::of(&own.full_name).contains(&text)
}

/// Decides whether each repository can be registered.
async fn judge(
    context: &Context,
    registrar: &Registrar,
    project: ProjectId,
    own: Vec<OwnRepository>,
) -> Result<Vec<Candidate>, ActionError> {
    let allowed = reads::allowed(&context.db, project).await?;
    let ids: Vec<i64> = own.iter().map(|repository| repository.id).collect();
    let owners = reads::projects_of_github(&context.db, &ids).await?;
    let covered = registrar.covered(&context.db, &ids).await?;
    let candidate = |repository: OwnRepository| {
        let needs_hook = !covered.contains(&repository.id);
        let obstacle = repository.obstacle(allowed, needs_hook);
        Candidate { state: state_of(owners.get(&repository.id), obstacle), repository }
    };
    Ok(own.into_iter().map(candidate).collect())
}

fn state_of(owner: Option<&String>, obstacle: Option<Obstacle>) -> CandidateState {
    match (owner, obstacle) {
        (Some(slug), _) => CandidateState::Registered(slug.clone()),
        (None, Some(obstacle)) => CandidateState::Refused(obstacle),
        (None, None) => CandidateState::Free,
    }
}
