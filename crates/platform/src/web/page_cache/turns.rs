//! Turns to render a page: of the requests for a page that changed, one renders it, and the others find it in the cache.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::{Inner, PageKey, Validity, find};

/// The maximum number of pages with turns. Forgetting one costs only that a page is rendered twice.
const PAGES: u64 = 4096;

/// How long to wait for a turn. After that a request renders the page without one, so that those for a page that fails
/// slowly do not wait for each other.
const PATIENCE: Duration = Duration::from_secs(1);

/// The turns, by page.
pub(super) struct Turns(Cache<Arc<str>, Arc<Mutex<()>>>);

impl Default for Turns {
    fn default() -> Self {
        Self(Cache::new(PAGES))
    }
}

impl Inner {
    /// Waits while another request renders the page. If it rendered newer data than of `moment`, that becomes the
    /// present.
    pub(super) async fn turn(
        &self,
        asked: &PageKey,
        moment: &mut Validity,
    ) -> Option<OwnedMutexGuard<()>> {
        let page = &asked.address;
        let turn = self.turns.0.get_with_by_ref(page, Arc::default);
        if let Ok(turn) = Arc::clone(&turn).try_lock_owned() {
            return Some(turn);
        }
        let turn = timeout(PATIENCE, turn.lock_owned()).await.ok()?;
        if find(&self.pages, page, moment).is_none()
            && let Some(present) = self.present(asked.source).await
        {
            *moment = present;
        }
        Some(turn)
    }
}
