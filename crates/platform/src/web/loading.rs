//! The sample data that a server is still loading, which pages say in a banner.

use std::sync::{Arc, PoisonError, RwLock};

use kernel::listed;

/// The data that a demo is still loading, as an extension of the services and of each request. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Loading(Arc<RwLock<String>>);

impl Loading {
    /// States the parts that are still to come, in a few words each; none once all are loaded.
    pub fn state(&self, coming: &[&str]) {
        let mut stated = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *stated = listed(coming, "and");
    }

    /// Returns the parts that are still to come, as a list in a sentence; `None` once all are loaded, and outside a demo.
    #[must_use]
    pub fn coming(&self) -> Option<String> {
        let stated = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (!stated.is_empty()).then(|| stated.clone())
    }
}
