use std::{collections::BTreeMap, io, sync::Arc};

use kernel::Clock;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{Options, Shared, Switches, routes};
use crate::fake_github::{
    Refusal,
    code::{CodeStory, PushStory},
};

/// A running fake for tests: its address, and methods that change its state. Repositories are named by their full name, such as
/// `OWNER/NAME`. Dropping it stops the server.
pub struct FakeCodeHost {
    shared: Arc<Shared>,
    server: JoinHandle<io::Result<()>>,
}

impl FakeCodeHost {
    /// Starts a fake on a free local port, with this source of its timestamps.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start(clock: impl Clock, options: Options) -> io::Result<Self> {
        // Clients in tests need it before their first call; installing it again has no effect.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let shared = Shared::new(options, base, clock);
        let routes = routes(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { shared, server })
    }

    /// Returns its address, for `GUILDHALL_CODE_HOSTS`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.base
    }

    /// Returns the token with which it shows private repositories.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Changes the simulated faults.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.state().switches);
    }

    /// Adds a repository with the history that a story tells, and the people in it.
    ///
    /// # Errors
    /// When the name is taken, or the story cannot be played.
    pub fn add_code(&self, story: &CodeStory) -> Result<(), Refusal> {
        self.shared.library.add(story)
    }

    /// Pushes to a repository; returns the branch's commit afterward, if there is one.
    ///
    /// # Errors
    /// When the repository is unknown, or the story cannot be played.
    pub fn push_code(&self, repo: &str, push: &PushStory) -> Result<Option<String>, Refusal> {
        self.shared.library.push(repo, push)
    }

    /// Renames a repository within its owner. The former name redirects.
    ///
    /// # Errors
    /// When it is unknown.
    pub fn rename(&self, repo: &str, name: &str) -> Result<(), Refusal> {
        self.shared.library.rename(repo, name)
    }

    /// Returns the newest commit of a branch, if there is one.
    #[must_use]
    pub fn head(&self, repo: &str, branch: &str) -> Option<String> {
        let (code, _) = self.shared.library.find(repo)?;
        code.head(branch).map(str::to_owned)
    }

    /// Returns the number of calls by path.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.shared.state().calls.clone()
    }
}

impl Drop for FakeCodeHost {
    fn drop(&mut self) {
        self.server.abort();
    }
}
