use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, MutexGuard},
};

use kernel::Clock;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    API, Booking, FlashBooking, Options, Shared, Switches, routes,
    world::{Team, World},
};

/// A running fake for tests: its address, and methods that change its state. Dropping it stops the server.
pub struct FakeGamePlatform {
    root: String,
    shared: Arc<Shared>,
    server: JoinHandle<io::Result<()>>,
}

impl FakeGamePlatform {
    /// Starts a fake on a free local port, with this source of its timestamps.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start(clock: impl Clock, options: Options) -> io::Result<Self> {
        // Clients in tests need it before their first call; installing it again has no effect.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let root = format!("http://{}", listener.local_addr()?);
        let shared = Shared::new(options, clock);
        let routes = routes(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { root, shared, server })
    }

    /// Returns the address of its API, for `GAME_PLATFORM_API_BASE_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{API}", self.root)
    }

    /// Returns the address of the routes that change it, such as `/_switches`.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Returns the token that it accepts.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Locks the state.
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// Changes the simulated faults.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.world().switches);
    }

    /// Adds an approved account, and returns the platform's ID.
    pub fn add_user(&self, id: &str, username: &str) -> i64 {
        let mut world = self.shared.world();
        let email = format!("{username}@school.example");
        world.add_user(id, username.to_owned(), email, false);
        let Some(user) = world.users.get_mut(id) else {
            return 0;
        };
        "approved".clone_into(&mut user.status);
        user.metactf_id
    }

    /// Adds an approved coach, and returns the platform's ID.
    pub fn add_coach(&self, id: &str, username: &str) -> i64 {
        let metactf_id = self.add_user(id, username);
        if let Some(user) = self.shared.world().users.get_mut(id) {
            user.is_coach = true;
        }
        metactf_id
    }

    /// Sets the state of an account, such as `approved`, and when the person last signed in.
    pub fn set_status(&self, id: &str, status: &str, last_login: Option<i64>) {
        if let Some(user) = self.shared.world().users.get_mut(id) {
            status.clone_into(&mut user.status);
            user.last_login = last_login;
        }
    }

    /// Books solves and returns the platform's IDs; none for an unknown account.
    pub fn book(&self, booking: &Booking) -> Vec<i64> {
        let now = self.shared.now();
        let ids = self.shared.world().book(booking, now);
        ids.unwrap_or_default()
    }

    /// Books a number of random solves of an account, at the present time.
    pub fn book_some(&self, id: &str, count: u64) -> Vec<i64> {
        self.book(&Booking {
            syned_user_id: id.to_owned(),
            count: Some(count),
            ..Booking::default()
        })
    }

    /// Books a Flash CTF and returns the platform's IDs of its solves; none for an unknown account.
    pub fn book_flash(&self, booking: &FlashBooking) -> Vec<i64> {
        let now = self.shared.now();
        let ids = self.shared.world().book_flash(booking, now);
        ids.unwrap_or_default()
    }

    /// Changes a solve as far as fields are given, and returns whether it exists.
    pub fn correct(&self, solve: i64, changes: &Booking) -> bool {
        let mut world = self.shared.world();
        let solve = world.solve(solve);
        solve.map(|solve| changes.correct(solve)).is_some()
    }

    /// Removes a solve, and returns whether it existed.
    pub fn vanish(&self, solve: i64) -> bool {
        self.shared.world().remove(solve)
    }

    /// Removes an account with its solves, as the platform's support does.
    pub fn remove_user(&self, id: &str) {
        self.shared.world().users.remove(id);
    }

    /// Puts an account into a team, which is created if it does not exist, as the platform's staff does.
    pub fn put_into_team(&self, id: &str, team: &str, name: &str) {
        let mut world = self.shared.world();
        if !world.teams.contains_key(team) {
            let own = Team { metactf_id: world.id(), coach: String::new(), name: name.to_owned() };
            world.teams.insert(team.to_owned(), own);
        }
        if let Some(user) = world.users.get_mut(id) {
            user.team = Some(team.to_owned());
        }
    }

    /// Takes an account out of its team, as the platform's staff does.
    pub fn take_out_of_team(&self, id: &str) {
        if let Some(user) = self.shared.world().users.get_mut(id) {
            user.team = None;
        }
    }

    /// Removes a team with its memberships, as the platform's support does.
    pub fn remove_team(&self, team: &str) {
        let mut world = self.shared.world();
        world.teams.remove(team);
        let members = world.users.values_mut();
        for user in members.filter(|user| user.team.as_deref() == Some(team)) {
            user.team = None;
        }
    }

    /// Returns the IDs of the accounts.
    #[must_use]
    pub fn users(&self) -> Vec<String> {
        self.shared.world().users.keys().cloned().collect()
    }

    #[must_use]
    pub fn teams(&self) -> Vec<String> {
        self.shared.world().teams.keys().cloned().collect()
    }

    #[must_use]
    pub fn team_of(&self, id: &str) -> Option<String> {
        self.shared.world().users.get(id)?.team.clone()
    }

    /// Returns the number of emails for a new password that an account was sent.
    #[must_use]
    pub fn resets(&self, id: &str) -> u64 {
        self.shared.world().users.get(id).map_or(0, |user| user.resets)
    }

    /// Returns the number of calls by method and path, such as `GET /users`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.shared.world().calls.clone()
    }
}

impl Drop for FakeGamePlatform {
    fn drop(&mut self) {
        self.server.abort();
    }
}
