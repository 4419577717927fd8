use std::sync::Arc;

use futures_util::future::BoxFuture;

/// An extension of the services and of requests that applies changed settings in this process.
#[derive(Clone)]
pub struct Reload(Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>);

impl Reload {
    /// Creates the extension from a function that returns once the process has the newest settings.
    pub fn new<F>(reload: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self(Arc::new(move || -> BoxFuture<'static, ()> { Box::pin(reload()) }))
    }

    /// Applies the newest settings; returns once this process has them.
    pub async fn now(&self) {
        (self.0)().await;
    }
}
