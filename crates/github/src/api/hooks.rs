use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use platform::{
    crypto::{KeyRing, signature_is_valid},
    db::{Db, DbError, Sql},
};
use sea_orm::FromQueryResult;
use secrecy::SecretString;

/// The secrets of one repository's own webhook.
#[derive(Debug)]
struct Hook {
    repository_github_id: i64,
    secrets: Vec<SecretString>,
}

impl Hook {
    fn signed(&self, body: &[u8], signature: &str) -> bool {
        self.secrets
            .iter()
            .any(|secret| signature_is_valid(secret, body, signature))
    }
}

/// By whose secret a body is signed.
pub(super) enum Signer {
    /// By the own hook of the repository with this GitHub id.
    Repository(i64),
    /// By nobody: the hook is known and its secret is another.
    Nobody,
    /// The hook is not known here.
    Unknown,
}

/// Finds the secrets of hooks. What is known is kept a few seconds; whoever fails a check is looked
/// up again first, so that a hook registered by another process counts at once.
#[derive(Clone, Debug)]
pub struct Hooks {
    db: Db,
    ring: KeyRing,
    known: Cache<i64, Arc<Hook>>,
}

const KEPT: Duration = Duration::from_secs(5);

#[derive(FromQueryResult)]
struct Stored {
    github_id: i64,
    hook_secret: Option<Vec<u8>>,
    previous_hook_secret: Option<Vec<u8>>,
}

impl Hooks {
    /// Finds hooks in `db`, whose secrets `ring` decrypts.
    #[must_use]
    pub fn new(db: Db, ring: KeyRing) -> Self {
        let known = Cache::builder()
            .max_capacity(10_000)
            .time_to_live(KEPT)
            .build();
        Self { db, ring, known }
    }

    /// Who signed a body that names hook `id`.
    pub(super) async fn signed_by(
        &self,
        id: i64,
        body: &[u8],
        signature: &str,
    ) -> Result<Signer, DbError> {
        let Some(hook) = self.find(id).await? else {
            return Ok(Signer::Unknown);
        };
        if hook.signed(body, signature) {
            return Ok(Signer::Repository(hook.repository_github_id));
        }
        match self.look_up(id).await? {
            Some(hook) if hook.signed(body, signature) => {
                Ok(Signer::Repository(hook.repository_github_id))
            }
            Some(_) => Ok(Signer::Nobody),
            None => Ok(Signer::Unknown),
        }
    }

    /// The hook as last known; the database is asked when it is not.
    async fn find(&self, id: i64) -> Result<Option<Arc<Hook>>, DbError> {
        match self.known.get(&id) {
            Some(hook) => Ok(Some(hook)),
            None => self.look_up(id).await,
        }
    }

    /// The hook as it is stored now.
    async fn look_up(&self, id: i64) -> Result<Option<Arc<Hook>>, DbError> {
        let sql = "SELECT github_id, hook_secret, previous_hook_secret FROM repositories WHERE hook_id = $1";
        let stored: Option<Stored> = self.db.one(self.db.statement(sql, [id.into()])).await?;
        let hook = stored.map(|stored| Arc::new(self.open(&stored)));
        match &hook {
            Some(hook) => self.known.insert(id, Arc::clone(hook)),
            None => self.known.invalidate(&id),
        }
        Ok(hook)
    }

    fn open(&self, stored: &Stored) -> Hook {
        let sealed = [&stored.hook_secret, &stored.previous_hook_secret];
        let open = |sealed: &Vec<u8>| match self.ring.open(sealed) {
            Ok(plain) => String::from_utf8(plain).ok().map(SecretString::from),
            Err(error) => {
                tracing::error!(%error, repository = stored.github_id, "a hook's secret cannot be used");
                None
            }
        };
        Hook {
            repository_github_id: stored.github_id,
            secrets: sealed.into_iter().flatten().filter_map(open).collect(),
        }
    }
}
