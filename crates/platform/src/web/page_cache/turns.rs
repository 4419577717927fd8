//! Turns to render a page: of the requests for a page that changed, one renders it, and the others find it in the cache.

use std::sync::Arc;

use moka::sync::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Inner, Moment};

/// The maximum number of pages with turns. Forgetting one costs only that a page is rendered twice.
const PAGES: u64 = 4096;

/// The turns, by page.
pub(super) struct Turns(Cache<Arc<str>, Arc<Mutex<()>>>);

impl Default for Turns {
    fn default() -> Self {
        Self(Cache::new(PAGES))
    }
}

impl Inner {
    /// Waits while another request renders the page. After a wait, `moment` becomes the present, because what the other
    /// request rendered may be newer.
    pub(super) async fn turn(&self, page: &Arc<str>, moment: &mut Moment) -> OwnedMutexGuard<()> {
        let turn = self.turns.0.get_with_by_ref(page, Arc::default);
        if let Ok(turn) = Arc::clone(&turn).try_lock_owned() {
            return turn;
        }
        let turn = turn.lock_owned().await;
        if let Some(present) = self.present().await {
            *moment = present;
        }
        turn
    }
}
