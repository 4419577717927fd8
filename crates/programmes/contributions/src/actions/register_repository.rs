use github::{
    actions::{
        NewRepository, PlannedHook, Registrar, Registration, abandon_hook, adopt_name,
        complete_hook, note_events, note_registration, plan_hook,
    },
    rules::own_repository::{Allowed, OwnRepository},
};
use identity::model::UserId;
use kernel::Problem;
use platform::{ActionError, Context, audit::Actor, crash, crypto::KeyRing, db::Tx};

use super::{
    add_repository::{add_in, refuse_registered},
    wake_pulls::lock_repositories,
};
use crate::{access, model::ProjectId, reads};

/// Registers a repository with a project in the name of a person, whose permissions GitHub states at this moment: to the
/// GitHub App if it is installed there, or to the person's own connection. Creates its webhook on GitHub with a secret of its
/// own, unless an installation of the App delivers its events, and requests that its history is read. The webhook is planned
/// before it is created, so that a process that dies in between leaves none behind.
///
/// # Errors
/// When the project is unknown, the person has not connected GitHub and the App is not installed there, they may not register
/// the repository, it already belongs to a project, which the error names, or GitHub refuses or does not respond.
pub async fn register_repository(
    context: &Context,
    registrar: &Registrar,
    person: UserId,
    actor: Actor,
    slug: &str,
    github_id: i64,
) -> Result<OwnRepository, ActionError> {
    let own = registrar.repository(context, person, github_id).await?;
    let (planned, allowed) = plan(context, registrar, person, slug, &own).await?;
    let begun = PermittedRegistration { context, who: (person, actor), slug, own: &own, allowed };
    let Some(planned) = planned else {
        begun.complete(None).await?;
        return Ok(own);
    };
    let hook = match begun.with_hook(registrar, &planned).await {
        Ok(hook) => hook,
        Err(error) => {
            abandon_hook(context, &planned).await?;
            return Err(error);
        }
    };
    registrar.ping_hook(context, &planned, hook).await;
    Ok(own)
}

/// Checks that the person may register a repository, and plans its webhook, if it needs one.
async fn plan(
    context: &Context,
    registrar: &Registrar,
    person: UserId,
    slug: &str,
    own: &OwnRepository,
) -> Result<(Option<PlannedHook>, Allowed), ActionError> {
    let mut tx = context.begin().await?;
    lock_repositories(&tx).await?;
    let project = project(&tx, slug).await?;
    let allowed = reads::allowed(&tx, project).await?;
    refuse_registered(&tx, own.id, &own.full_name).await?;
    let needs_hook = registrar.covered(&tx, &[own.id]).await?.is_empty();
    if let Some(obstacle) = own.obstacle(allowed, needs_hook) {
        return Err(obstacle.refusal(&own.full_name).into());
    }
    let planned =
        if needs_hook { Some(plan_hook(&mut tx, context, person, own).await?) } else { None };
    tx.commit().await?;
    Ok((planned, allowed))
}

pub(super) async fn project(tx: &Tx, slug: &str) -> Result<ProjectId, ActionError> {
    let unknown = || -> Problem { access::unknown(slug) };
    Ok(reads::project_id(tx, slug).await?.ok_or_else(unknown)?)
}

/// A registration that the person may do.
struct PermittedRegistration<'a> {
    context: &'a Context,
    /// The person, and the actor of the audit log's entry, which [`add_in`] records.
    who: (UserId, Actor),
    slug: &'a str,
    own: &'a OwnRepository,
    allowed: Allowed,
}

impl PermittedRegistration<'_> {
    /// Creates the planned webhook, and registers the repository with it. Returns the webhook's ID.
    async fn with_hook(
        &self,
        registrar: &Registrar,
        planned: &PlannedHook,
    ) -> Result<i64, ActionError> {
        let hook = registrar.create_hook(self.context, planned).await?;
        crash::point("register.after_hook");
        self.complete(Some((planned, hook))).await?;
        Ok(hook)
    }

    /// Registers the repository, with the ID of its webhook if it has one.
    async fn complete(&self, hook: Option<(&PlannedHook, i64)>) -> Result<(), ActionError> {
        let mut tx = self.context.begin().await?;
        lock_repositories(&tx).await?;
        if let Some((planned, _)) = hook {
            complete_hook(&tx, planned).await?;
        }
        adopt_name(&tx, self.context, self.own).await?;
        let new = NewRepository {
            full_name: self.own.full_name.clone(),
            github_id: self.own.id,
            hook: hook.map(|(planned, id)| (id, planned.secret.clone())),
        };
        let ring = ring(self.context)?;
        let id = add_in(&mut tx, self.context, &ring, self.who.1, self.slug, &new).await?;
        let registration = Registration {
            person: Some(self.who.0),
            repository: self.own,
            allows_private: self.allowed.private,
        };
        note_registration(&tx, self.context, id, registration).await?;
        if hook.is_some() {
            note_events(&tx, self.context, id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

pub(super) fn ring(context: &Context) -> Result<KeyRing, ActionError> {
    let absent = || {
        let detail = "The server's secret keys are missing. Ask an admin.";
        Problem::new(kernel::ProblemKind::Internal, "INTERNAL", detail)
    };
    Ok(context.keys.clone().ok_or_else(absent)?)
}
