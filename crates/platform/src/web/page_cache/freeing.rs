use std::sync::{Arc, atomic::Ordering};

use super::{Inner, LIFETIME};

impl Inner {
    /// Frees the memory of outdated pages once a minute until there are none. The stores do so only when they are used,
    /// so that a server at rest would keep its last pages.
    pub(super) fn free_later(self: &Arc<Self>) {
        if self.is_freeing.load(Ordering::Relaxed) || self.is_freeing.swap(true, Ordering::Relaxed)
        {
            return;
        }
        let cache = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LIFETIME).await;
                let Some(cache) = cache.upgrade() else {
                    return;
                };
                if cache.free() == 0 {
                    return cache.is_freeing.store(false, Ordering::Relaxed);
                }
            }
        });
    }

    /// Frees the memory of outdated pages. Returns the number of pages that are left.
    fn free(&self) -> u64 {
        self.pages.run_pending_tasks();
        self.answers.run_pending_tasks();
        self.own_parts.run_pending_tasks();
        self.pages.entry_count() + self.answers.entry_count() + self.own_parts.entry_count()
    }
}
