use crate::{
    model::{Repository, RepositoryId},
    rules::own_repository::OwnRepository,
};
use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{ActionError, Context, config::SHORTEST_SECRET, crypto::KeyRing, db::Tx};
use secrecy::{ExposeSecret, SecretString};

use crate::store::{deliveries, hook_tasks, repositories};

/// A repository to register.
#[derive(Clone, Debug)]
pub struct NewRepository {
    /// `owner/name`.
    pub full_name: String,
    /// GitHub's ID.
    pub github_id: i64,
    /// The repository's own webhook and its secret.
    pub hook: Option<(i64, SecretString)>,
}

/// Registers a repository, in the caller's transaction, and queues the deliveries that it received earlier.
///
/// # Errors
/// When the name or an ID is invalid, the secret is too short, or the repository or its webhook is already registered. Another
/// repository may have the same name: on GitHub, a freed name can be taken before this server learns of
/// both changes.
pub async fn register(
    tx: &mut Tx,
    context: &Context,
    ring: &KeyRing,
    new: &NewRepository,
) -> Result<RepositoryId, ActionError> {
    check(new)?;
    // A delivery that is being applied must either find the repository or be revived below.
    tx.serialize(super::apply::FACTS).await?;
    if !repositories::by_github_ids(tx, [new.github_id]).await?.is_empty() {
        let detail =
            format!("{} (GitHub ID {}) is already registered.", new.full_name, new.github_id);
        return Err(Problem::new(ProblemKind::Conflict, "REPOSITORY_REGISTERED", detail).into());
    }
    let id: RepositoryId = context.ids.next().into();
    let (hook_id, hook_secret) = match &new.hook {
        None => (None, None),
        Some((id, secret)) => (Some(*id), Some(ring.seal(secret.expose_secret().as_bytes())?)),
    };
    refuse_taken_hook(tx, hook_id, new).await?;
    // The operator's data is older than anything GitHub will send.
    let seen_at = Timestamp::UNIX_EPOCH;
    let (github_id, full_name) = (new.github_id, new.full_name.as_str());
    let row =
        repositories::NewRepositoryRow { id, github_id, full_name, hook_id, hook_secret, seen_at };
    repositories::insert(tx, row, context.now()).await?;
    let revived = deliveries::revive_unregistered(tx, new.github_id, context.now()).await?;
    if revived > 0 {
        tx.raise(crate::model::DELIVERED);
    }
    Ok(id)
}

/// A registration of a repository.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'a> {
    /// The person who registers it; absent for an operator.
    pub person: Option<UserId>,
    /// The repository, as GitHub shows it at this moment.
    pub repository: &'a OwnRepository,
    /// True if the project allows private repositories.
    pub allows_private: bool,
}

/// Records who registered a repository, in the transaction that did it, and follows its settings, which GitHub just stated.
pub async fn note_registration(
    tx: &Tx,
    context: &Context,
    id: RepositoryId,
    registration: Registration<'_>,
) -> Result<(), ActionError> {
    let (own, now) = (registration.repository, context.now());
    let person = registration.person.map(|person| person.0);
    let allows_private = registration.allows_private;
    repositories::set_registration(tx, own.id, person, allows_private, now).await?;
    let settings = repositories::RepositorySettings {
        is_deleted: false,
        seen_at: own.updated_at.unwrap_or(now).min(now),
        is_private: own.private,
        is_archived: own.archived,
    };
    repositories::set(tx, id, &settings, now).await?;
    repositories::rename(tx, &[(id, now, own.full_name.clone())], now).await?;
    Ok(())
}

/// Uses the present name of a repository, which GitHub just stated, if the repository is known by another one.
pub async fn adopt_name(
    tx: &Tx,
    context: &Context,
    own: &OwnRepository,
) -> Result<(), ActionError> {
    tx.serialize(super::apply::FACTS).await?;
    let now = context.now();
    for known in repositories::by_github_ids(tx, [own.id]).await? {
        let name = (known.id.into(), now, own.full_name.clone());
        repositories::rename(tx, &[name], now).await?;
    }
    Ok(())
}

/// Registers a repository that is already known, in the caller's transaction: uses its webhook from now on if `new` names
/// one. What GitHub stated about the repository stays, including its name. Returns its ID; `None` if it is not known.
///
/// # Errors
/// When the name or an ID is invalid, the repository has another name here, the secret is too short, or the webhook belongs
/// to another repository.
pub async fn register_again(
    tx: &mut Tx,
    context: &Context,
    ring: &KeyRing,
    new: &NewRepository,
) -> Result<Option<RepositoryId>, ActionError> {
    check(new)?;
    // Secrets are re-encrypted under this lock (`crate::store::SEALED`).
    tx.serialize(super::apply::FACTS).await?;
    hook_tasks::cancel_deletion(tx, new.github_id).await?;
    let known = repositories::by_github_ids(tx, [new.github_id]).await?;
    let Some(known) = known.into_iter().next() else {
        return Ok(None);
    };
    if !known.full_name.eq_ignore_ascii_case(&new.full_name) {
        let detail = format!(
            "GitHub ID {} is known as {}, not as {}. Use that name, or correct the ID.",
            new.github_id, known.full_name, new.full_name
        );
        return Err(Problem::new(ProblemKind::Conflict, "REPOSITORY_REGISTERED", detail).into());
    }
    if known.only_watched {
        promote(tx, context, &known).await?;
    }
    if let Some((hook_id, secret)) = &new.hook {
        refuse_taken_hook(tx, Some(*hook_id), new).await?;
        let sealed = ring.seal(secret.expose_secret().as_bytes())?;
        repositories::set_hook(tx, known.id, *hook_id, sealed, context.now()).await?;
    }
    Ok(Some(known.id.into()))
}

/// Registers a repository that was only watched. Deliveries of it that were not used are queued.
async fn promote(tx: &mut Tx, context: &Context, known: &Repository) -> Result<(), ActionError> {
    let (id, now) = (known.id.into(), context.now());
    repositories::set_only_watched(tx, id, false, now).await?;
    // A private repository is disabled until the project's rules allow it.
    if let Some(settings) = repositories::settings(tx, id).await? {
        repositories::set(tx, id, &settings, now).await?;
    }
    if deliveries::revive_unregistered(tx, known.github_id, now).await? > 0 {
        tx.raise(crate::model::DELIVERED);
    }
    Ok(())
}

fn check(new: &NewRepository) -> Result<(), Problem> {
    check_name(&new.full_name)?;
    check_id("BAD_GITHUB_ID", "the repository", new.github_id)?;
    if let Some((hook_id, secret)) = &new.hook {
        check_id("BAD_HOOK_ID", "the webhook", *hook_id)?;
        check_secret(secret)?;
    }
    Ok(())
}

async fn refuse_taken_hook(
    tx: &Tx,
    hook_id: Option<i64>,
    new: &NewRepository,
) -> Result<(), ActionError> {
    let Some(hook_id) = hook_id else {
        return Ok(());
    };
    let owner = repositories::secrets_of_hook(tx, hook_id).await?;
    if owner.is_none_or(|owner| owner.github_id == new.github_id) {
        return Ok(());
    }
    let detail = format!(
        "Webhook {hook_id} already belongs to another repository. Pass the ID of a webhook of {}.",
        new.full_name
    );
    Err(Problem::new(ProblemKind::Conflict, "HOOK_TAKEN", detail).into())
}

fn check_id(code: &'static str, of: &str, id: i64) -> Result<(), Problem> {
    if id >= 1 {
        return Ok(());
    }
    let detail = format!("{id} is not a valid GitHub ID of {of}. Use a whole number of 1 or more.");
    Err(Problem::new(ProblemKind::Invalid, code, detail))
}

/// Refuses a secret that could be guessed from a delivery and its signature.
pub(super) fn check_secret(secret: &SecretString) -> Result<(), Problem> {
    let text = secret.expose_secret();
    if text.contains(['\r', '\n']) {
        let detail = "The webhook's secret has several lines, which GitHub's form does not accept. Use one line.";
        return Err(Problem::new(ProblemKind::Invalid, "SECRET_HAS_LINES", detail));
    }
    if text.len() >= SHORTEST_SECRET {
        return Ok(());
    }
    let detail = format!(
        "The webhook's secret is shorter than {SHORTEST_SECRET} bytes. Create one with `openssl rand -hex 32`."
    );
    Err(Problem::new(ProblemKind::Invalid, "SECRET_TOO_SHORT", detail))
}

fn check_name(full_name: &str) -> Result<(), Problem> {
    let is_part = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && part.chars().all(plain)
    };
    match full_name.split_once('/') {
        Some((owner, name)) if is_part(owner) && is_part(name) => Ok(()),
        _ => Err(Problem::new(
            ProblemKind::Invalid,
            "BAD_REPOSITORY_NAME",
            format!("'{full_name}' is not a full repository name. Use OWNER/NAME."),
        )),
    }
}
