use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use platform::{Context, db::DbError, flags::Permit};

use super::{FACTS, record_installations::record_installations};
use crate::{
    gateway::{Api, ApiError, Call, Clients, GithubApi},
    rules::installation::{Installation, InstallationState, Membership, StatedInstallations},
    store::installations,
};

/// Records that GitHub gave no token of an installation, because it is suspended or was deleted.
pub(super) async fn lose_installation(
    context: &Context,
    installation: i64,
    error: &ApiError,
) -> Result<(), DbError> {
    let now = context.now();
    let is_suspended = *error == ApiError::Suspended;
    let mut stated = StatedInstallations::default();
    let state = InstallationState {
        is_deleted: !is_suspended,
        seen_at: now,
        received_at: now,
        suspended_at: is_suspended.then_some(now),
        account_github_id: None,
    };
    stated.add_state(installation, state);
    let mut tx = context.begin().await?;
    tx.serialize(FACTS).await?;
    record_installations(&mut tx, context, &stated).await?;
    tx.commit().await
}

/// GitHub's IDs of repositories by the ID of their installation, for the known ones.
type KnownRepositories = BTreeMap<i64, BTreeSet<i64>>;

/// The installations of the App by GitHub's API.
struct Listed {
    /// When they were requested.
    at: Timestamp,
    installations: Vec<Installation>,
    /// GitHub's IDs of known installations that were deleted.
    gone: Vec<i64>,
    /// GitHub's IDs of repositories by the ID of their installation, for those that could be read.
    repositories: BTreeMap<i64, BTreeSet<i64>>,
}

/// Reads the installations of the App and their repositories from GitHub, because a delivery may be lost. Returns their
/// number; `None` if the server has no App, or requests to GitHub are switched off.
///
/// # Errors
/// When the database fails. The inner error is GitHub's.
pub(crate) async fn read_installations(
    context: &Context,
    clients: &Clients,
) -> Result<Result<Option<usize>, ApiError>, DbError> {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(Ok(None));
    };
    let at = context.now();
    // One that became known since the request may be missing in the list, and a deletion is final.
    let known = installations::all_included(&context.db, at).await?;
    let listed = match list(context, clients, &permit, at, &known).await {
        Ok(Some(listed)) => listed,
        Ok(None) => return Ok(Ok(None)),
        Err(error) => return Ok(Err(error)),
    };
    let mut tx = context.begin().await?;
    tx.serialize(FACTS).await?;
    let known = installations::all_included(&tx, listed.at).await?;
    let stated = listed.stated(&known);
    record_installations(&mut tx, context, &stated).await?;
    tx.commit().await?;
    Ok(Ok(Some(listed.installations.len())))
}

async fn list(
    context: &Context,
    clients: &Clients,
    permit: &Permit<GithubApi>,
    at: Timestamp,
    known: &KnownRepositories,
) -> Result<Option<Listed>, ApiError> {
    let Some(app) = clients.app(at)? else {
        return Ok(None);
    };
    let call = Call::new(context, permit);
    let mut installations = app.installations(call).await.map_err(of_app)?;
    let listed: BTreeSet<i64> = installations.iter().map(|own| own.id).collect();
    let left_out = known.keys().copied().filter(|id| !listed.contains(id));
    let (found, gone) = look_for(&app, call, left_out.collect()).await.map_err(of_app)?;
    installations.extend(found);
    let mut repositories = BTreeMap::new();
    let active = installations.iter().filter(|own| own.suspended_at.is_none());
    for installation in active {
        let Some(api) = clients.installation(installation.id) else {
            continue;
        };
        match api.installed_repositories(call).await {
            Ok(found) => drop(repositories.insert(installation.id, found.into_iter().collect())),
            // It changed meanwhile: the next run reads it.
            Err(ApiError::Suspended | ApiError::NotInstalled) => {}
            Err(error) if is_of_all(&error) => return Err(error),
            // Anyone can install the App where GitHub refuses, such as behind a list of permitted addresses, or where the list
            // is too long. What is known of these repositories stays, and the others are read.
            Err(error) => {
                let installation = installation.id;
                tracing::warn!(installation, %error, "cannot read the repositories of an installation");
            }
        }
    }
    Ok(Some(Listed { at, installations, gone, repositories }))
}

/// Returns true for an error that does not depend on the installation.
fn is_of_all(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::Limited(_) | ApiError::Unavailable(_) | ApiError::BadToken | ApiError::BadApp
    )
}

/// Asks GitHub for installations that its list leaves out, which does not prove that they were deleted. Returns those that
/// exist, and GitHub's IDs of the others.
async fn look_for(
    app: &Api,
    call: Call<'_>,
    left_out: Vec<i64>,
) -> Result<(Vec<Installation>, Vec<i64>), ApiError> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    for id in left_out {
        match app.app_installation(call, id).await? {
            Some(installation) => found.push(installation),
            None => gone.push(id),
        }
    }
    Ok((found, gone))
}

/// Describes a rejected token of the App, which follows from its settings.
pub(super) fn of_app(error: ApiError) -> ApiError {
    match error {
        ApiError::BadToken => ApiError::BadApp,
        error => error,
    }
}

impl Listed {
    /// Returns what the lists say, also about repositories that they leave out and installations that were deleted.
    fn stated(&self, known: &KnownRepositories) -> StatedInstallations {
        let mut stated = StatedInstallations::default();
        for installation in &self.installations {
            let account = installation.account.map(|account| account.id);
            let state = self.state(false, installation.suspended_at, account);
            stated.add_state(installation.id, state);
        }
        for id in self.gone.iter().filter(|id| known.contains_key(*id)) {
            stated.add_state(*id, self.state(true, None, None));
        }
        for (id, listed) in &self.repositories {
            let before = known.get(id).into_iter().flatten();
            for repository in before.chain(listed) {
                let membership = Membership {
                    seen_at: self.at,
                    received_at: self.at,
                    is_removed: !listed.contains(repository),
                };
                stated.add_member(*id, *repository, membership);
            }
        }
        stated
    }

    fn state(
        &self,
        is_deleted: bool,
        suspended_at: Option<Timestamp>,
        account_github_id: Option<i64>,
    ) -> InstallationState {
        InstallationState {
            is_deleted,
            seen_at: self.at,
            received_at: self.at,
            suspended_at: suspended_at.map(|at| at.min(self.at)),
            account_github_id,
        }
    }
}
