use github::{
    actions::{NewRepository, Registrar, Registration, adopt_name, note_registration},
    rules::own_repository::OwnRepository,
};
use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, audit::Actor};
use secrecy::SecretString;

use super::{
    add_repository::{add_in, refuse_registered},
    register_repository::{project, ring},
    wake_pulls::lock_repositories,
};
use crate::reads;

/// The field that names the repository.
const FIELD: &str = "address";

/// Registers a repository with a project by its name or its address on GitHub, for an admin or an operator, who need no role in it
/// there. Its changes come by the GitHub App if that is installed there, else by reading it with the server's token, or by `hook`, a
/// webhook that was created on GitHub, with its secret.
///
/// # Errors
/// When the text names no repository, GitHub does not show it to this server or does not respond, the project is unknown, the
/// repository belongs to a project, which the error names, or it is archived, or private or a fork that the project does not allow.
pub async fn register_named(
    context: &Context,
    registrar: &Registrar,
    actor: Actor,
    slug: &str,
    address: &str,
    hook: Option<(i64, SecretString)>,
) -> Result<OwnRepository, ActionError> {
    let full_name = registrar.full_name_of(address).ok_or_else(unnamed)?;
    let found = registrar.find(context, &full_name).await;
    let own = found.map_err(|error| error.at(FIELD))?;
    let ring = ring(context)?;
    let mut tx = context.begin().await?;
    lock_repositories(&tx).await?;
    let project = project(&tx, slug).await?;
    let allowed = reads::allowed(&tx, project).await?;
    let free = refuse_registered(&tx, own.id, &own.full_name).await;
    free.map_err(|error| error.at(FIELD))?;
    if let Some(bar) = own.bar(allowed) {
        return Err(bar.refusal(&own.full_name).at(FIELD).into());
    }
    adopt_name(&tx, context, &own).await?;
    let new = NewRepository { full_name: own.full_name.clone(), github_id: own.id, hook };
    let id = add_in(&mut tx, context, &ring, actor, slug, &new).await?;
    let registration = Registration {
        person: actor.person().map(UserId::new),
        repository: &own,
        allows_private: allowed.private,
    };
    note_registration(&tx, context, id, registration).await?;
    tx.commit().await?;
    Ok(own)
}

fn unnamed() -> Problem {
    let detail = "This is no repository on GitHub. Enter its address, such as https://github.com/octo-org/lantern, or owner/name.";
    Problem::new(ProblemKind::Invalid, "BAD_REPOSITORY_NAME", detail).at(FIELD)
}
