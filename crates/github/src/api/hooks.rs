use std::{hash::Hash, sync::Arc, time::Duration};

use kernel::Timestamp;
use moka::sync::Cache;
use platform::{
    Context,
    crypto::{KeyRing, signature_is_valid},
    db::DbError,
};
use secrecy::SecretString;

use crate::store::{
    installations,
    repositories::{HookSecrets, has_own_hook, secrets_of_hook},
};

/// The secrets of a repository's own webhook.
#[derive(Debug)]
struct Hook {
    repository_github_id: i64,
    secret: Option<SecretString>,
    /// The previous secret, and when it expires.
    previous: Option<(SecretString, Timestamp)>,
}

impl Hook {
    fn signer(&self, body: &[u8], signature: &str, now: Timestamp) -> Option<Signer> {
        let previous = self.previous.as_ref().filter(|(_, ends_at)| now < *ends_at);
        let previous = previous.map(|(secret, _)| secret);
        let by = which(self.secret.as_ref(), previous, body, signature)?;
        Some(Signer::Repository(self.repository_github_id, by))
    }
}

/// The secret that signed a body, while one replaces another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SigningSecret {
    Current,
    Previous,
}

/// Returns the secret that signed a body, if any. Signatures are compared in constant time.
pub(super) fn which(
    current: Option<&SecretString>,
    previous: Option<&SecretString>,
    body: &[u8],
    signature: &str,
) -> Option<SigningSecret> {
    let signed = |secret: &SecretString| signature_is_valid(secret, body, signature);
    if current.is_some_and(signed) {
        return Some(SigningSecret::Current);
    }
    previous.is_some_and(signed).then_some(SigningSecret::Previous)
}

/// The signer of a body.
pub(super) enum Signer {
    /// The webhook of the repository with this GitHub ID.
    Repository(i64, SigningSecret),
    /// A known webhook, but with another secret.
    OtherSecret,
    /// An unknown webhook.
    Unknown,
}

/// Finds the secrets of webhooks. They are cached for a few seconds. A failed check is repeated with fresh
/// data, so that a webhook registered by another process works immediately.
#[derive(Clone, Debug)]
pub struct Hooks {
    context: Context,
    ring: KeyRing,
    known: Cache<i64, Arc<Hook>>,
    /// Webhooks that sign with the server's secret, which most have: without it, each of their deliveries would read the
    /// database.
    others: Cache<i64, ()>,
    /// Tells repositories with a webhook of their own from others, by GitHub ID.
    owners: Cache<i64, bool>,
    /// Tells repositories whose events the GitHub App delivers from others, by GitHub ID.
    of_app: Cache<i64, bool>,
    /// Repositories that an installation includes, by the GitHub IDs of both.
    included: Cache<(i64, i64), ()>,
}

const KEPT: Duration = Duration::from_secs(5);

fn cache<K: Hash + Eq + Send + Sync + 'static, T: Clone + Send + Sync + 'static>() -> Cache<K, T> {
    Cache::builder().max_capacity(10_000).time_to_live(KEPT).build()
}

impl Hooks {
    /// Creates a store that reads webhooks from the database and decrypts their secrets with `ring`.
    #[must_use]
    pub fn new(context: Context, ring: KeyRing) -> Self {
        Self {
            context,
            ring,
            known: cache(),
            others: cache(),
            owners: cache(),
            of_app: cache(),
            included: cache(),
        }
    }

    /// Returns true if the repository with this GitHub ID has a webhook of its own, so that deliveries signed with the
    /// server's secret do not count for it.
    pub(super) async fn has_own(&self, repository_github_id: i64) -> Result<bool, DbError> {
        if let Some(has_own) = self.owners.get(&repository_github_id) {
            return Ok(has_own);
        }
        let has_own = has_own_hook(&self.context.db, repository_github_id).await?;
        self.owners.insert(repository_github_id, has_own);
        Ok(has_own)
    }

    /// Returns true if an installation of the GitHub App includes the repository with this GitHub ID, so that deliveries
    /// signed with the server's secret do not count for it.
    pub(super) async fn is_of_app(&self, repository_github_id: i64) -> Result<bool, DbError> {
        if let Some(is_of_app) = self.of_app.get(&repository_github_id) {
            return Ok(is_of_app);
        }
        let found = installations::of_repository(&self.context.db, repository_github_id).await?;
        self.of_app.insert(repository_github_id, found.is_some());
        Ok(found.is_some())
    }

    /// Returns true if an installation includes a repository, by their GitHub IDs, or may do so because what GitHub said
    /// about the installation is not recorded yet.
    pub(super) async fn may_include(
        &self,
        installation: i64,
        repository: i64,
    ) -> Result<bool, DbError> {
        let (db, key) = (&self.context.db, (installation, repository));
        if self.included.contains_key(&key) {
            return Ok(true);
        }
        // It is read first: the statement that adds the repository may be recorded in between.
        let is_settled = installations::is_settled(db, installation).await?;
        if installations::includes(db, installation, repository).await? {
            self.included.insert(key, ());
            return Ok(true);
        }
        Ok(!is_settled)
    }

    /// Returns true if a webhook was unknown a few seconds ago and signed with the server's secret.
    pub(super) fn is_other(&self, id: i64) -> bool {
        self.others.contains_key(&id)
    }

    /// Remembers a webhook that is unknown and signs with the server's secret.
    pub(super) fn remember_other(&self, id: i64) {
        self.others.insert(id, ());
    }

    /// Finds the signer of a body that names the webhook `id`.
    pub(super) async fn signed_by(
        &self,
        id: i64,
        body: &[u8],
        signature: &str,
    ) -> Result<Signer, DbError> {
        let Some(hook) = self.find(id).await? else {
            return Ok(Signer::Unknown);
        };
        let now = self.context.now();
        if let Some(signer) = hook.signer(body, signature, now) {
            return Ok(signer);
        }
        Ok(match self.look_up(id).await? {
            Some(hook) => hook.signer(body, signature, now).unwrap_or(Signer::OtherSecret),
            None => Signer::Unknown,
        })
    }

    /// Returns a webhook from the cache or else the database.
    async fn find(&self, id: i64) -> Result<Option<Arc<Hook>>, DbError> {
        match self.known.get(&id) {
            Some(hook) => Ok(Some(hook)),
            None => self.look_up(id).await,
        }
    }

    /// Reads a webhook from the database.
    async fn look_up(&self, id: i64) -> Result<Option<Arc<Hook>>, DbError> {
        let stored = secrets_of_hook(&self.context.db, id).await?;
        let hook = stored.map(|stored| Arc::new(self.open(&stored)));
        match &hook {
            Some(hook) => self.known.insert(id, Arc::clone(hook)),
            None => self.known.invalidate(&id),
        }
        Ok(hook)
    }

    fn open(&self, stored: &HookSecrets) -> Hook {
        let open = |sealed: &Vec<u8>| match self.ring.open(sealed) {
            Ok(plain) => String::from_utf8(plain).ok().map(SecretString::from),
            Err(error) => {
                tracing::error!(%error, repository = stored.github_id, "cannot decrypt a webhook's secret");
                None
            }
        };
        Hook {
            repository_github_id: stored.github_id,
            secret: stored.hook_secret.as_ref().and_then(open),
            previous: (stored.previous_hook_secret.as_ref().and_then(open))
                .zip(stored.previous_hook_secret_ends_at),
        }
    }
}
