//! A complete server for one test: a database copied from a migrated template, a clock that the test controls, and real
//! HTTP on its own port.

mod accounts;
pub(crate) mod at_once;
pub(crate) mod browser;
mod database;
pub(crate) mod github_scene;
pub(crate) mod logs;
pub(crate) mod mailbox;
pub(crate) mod markup;
pub(crate) mod names;
mod notifications;
pub(crate) mod programme;
mod pull_requests;
pub(crate) mod queries;
pub(crate) mod redis;
pub(crate) mod rights;
pub(crate) mod scenarios;
pub(crate) mod second_factor;
pub(crate) mod sources;
mod tokens;

use std::{
    mem,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use axum::{Router, extract::Request};
use guildhall::{ApiRoutes, App, Current, MODULES};
use identity::model::{DemoPeople, DemoPerson};
use kernel::Timestamp;
use platform::{
    Context, ContextParts, RandomIds,
    config::{Config, Flags},
    db::{DatabaseUrl, Db, Migrations},
    jobs::{Progress, Runner},
    module::Modules,
    outbox::Channels,
    web::Loading,
};
use recognition::Programmes;
use reqwest::{ClientBuilder, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use testkit::{clock::FakeClock, delivery::Delivery};
use tokio_util::sync::CancellationToken;
use tower::{ServiceExt as _, service_fn};

pub(crate) use database::Database;

/// The secret that test deliveries are signed with.
pub(crate) const SECRET: &str = "It's a Secret to Everybody";

/// A server under test.
pub(crate) struct TestApp {
    pub(crate) server: App,
    pub(crate) clock: FakeClock,
    pub(crate) url: String,
    client: reqwest::Client,
    database: Database,
    may_leave_work: bool,
}

/// The number of a server's statements.
#[derive(Clone, Default)]
pub(crate) struct StatementCount(Arc<Mutex<Vec<String>>>);

impl StatementCount {
    /// Returns the number of statements since the previous call.
    pub(crate) fn take(&self) -> usize {
        self.taken().len()
    }

    /// Returns the statements since the previous call.
    pub(crate) fn taken(&self) -> Vec<String> {
        mem::take(&mut *self.0.lock().expect("the statements"))
    }
}

impl TestApp {
    /// Returns the address of the database.
    pub(crate) fn database_url(&self) -> &DatabaseUrl {
        self.database.url()
    }

    /// Starts a server without background jobs: [`TestApp::work`] runs what is due.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a server with a changed configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::create().await;
        Self::over(database, change).await
    }

    /// Starts a server that applies saved settings, as the program does. [`TestApp::server`] stays as it was at the start.
    pub(crate) async fn following(change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::create().await;
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let server = open(&database, &clock, change).await;
        logs::start(&server.config);
        rustls::crypto::ring::default_provider().install_default().ok();
        let current = Current::of(server.clone());
        current.follow();
        let (url, client) = (listen_with(current.serve(None).await).await, client());
        Self { server, clock, url, client, database, may_leave_work: false }
    }

    /// Starts a server that reports every statement to `observer`.
    pub(crate) async fn observed(
        observer: impl Fn(&sea_orm::Statement) + Clone + Send + Sync + 'static,
    ) -> Self {
        let database = Database::create().await;
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let mut server = open(&database, &clock, |_| {}).await;
        server.context.db.observe(observer);
        server.post.channels = mailbox::Mailbox::default().channels();
        Self::serve(database, clock, server).await
    }

    /// Starts a server that counts its statements.
    pub(crate) async fn counted() -> (Self, StatementCount) {
        let count = StatementCount::default();
        let counter = count.clone();
        let app = Self::observed(move |statement| {
            counter.0.lock().expect("the statements").push(statement.sql.clone());
        });
        (app.await, count)
    }

    /// Starts a server in demo mode with these people.
    pub(crate) async fn demo(database: Database, people: Arc<[DemoPerson]>) -> Self {
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let mut server = open(&database, &clock, |_| {}).await;
        server.extensions.insert(DemoPeople(people));
        Self::serve(database, clock, server).await
    }

    /// Starts a server in demo mode without a mail server: emails go to the demo mailbox.
    pub(crate) async fn demo_with_mailbox(people: Arc<[DemoPerson]>) -> Self {
        let database = Database::create().await;
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let mut server = open(&database, &clock, |_| {}).await;
        server.extensions.insert(DemoPeople(people));
        server.post.channels = server.demo_mailbox().channels();
        Self::serve(database, clock, server).await
    }

    /// Starts a server whose pages say what is still loading.
    pub(crate) async fn loading(loading: Loading) -> Self {
        let database = Database::create().await;
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let mut server = open(&database, &clock, |_| {}).await;
        server.extensions.insert(loading);
        Self::serve(database, clock, server).await
    }

    /// Starts a server that is prepared for the demo's season until `until`, with its simulated services.
    pub(crate) async fn prepared_for_demo(until: Timestamp) -> Self {
        let database = Database::create().await;
        let clock = FakeClock::new(until);
        let configure = |config: &mut Config| {
            MODULES.demos().for_each(|demo| (demo.configure)(config));
        };
        let mut server = open(&database, &clock, configure).await;
        for demo in MODULES.demos() {
            let simulated = (demo.simulate)(&mut server, until).await;
            simulated.expect("simulated services");
            let prepared = (demo.prepare)(&mut server, until).await;
            prepared.expect("people and projects");
        }
        Self::serve(database, clock, server).await
    }

    /// Starts a server with other modules; `M` creates their tables.
    pub(crate) async fn of_modules<M: Migrations>(
        modules: Modules,
        programmes: Programmes,
    ) -> Self {
        let database = Database::create().await;
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let db = Db::connect(database.url()).await.expect("a database");
        db.migrate::<M>().await.expect("migrated");
        db.close().await;
        let mut server = open_with(modules, &database, &clock, |_| {}).await;
        server.extensions.insert(programmes);
        Self::serve(database, clock, server).await
    }

    /// Starts a server on an existing database.
    pub(crate) async fn over(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let server = open(&database, &clock, change).await;
        Self::serve(database, clock, server).await
    }

    /// Starts a server with a changed configuration that sends its messages through these channels.
    pub(crate) async fn posting(channels: Arc<Channels>, change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::create().await;
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let mut server = open(&database, &clock, change).await;
        server.post.channels = channels;
        Self::serve(database, clock, server).await
    }

    async fn serve(database: Database, clock: FakeClock, server: App) -> Self {
        logs::start(&server.config);
        // Another test of this process may already have installed a TLS provider.
        rustls::crypto::ring::default_provider().install_default().ok();
        let (url, client) = (listen(&server).await, client());
        Self { server, clock, url, client, database, may_leave_work: false }
    }

    pub(crate) fn context(&self) -> &Context {
        &self.server.context
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Returns the `DATABASE_URL` for a separate process.
    pub(crate) fn address(&self) -> String {
        self.database.address()
    }

    /// Opens another process's app on the same database, with its own connections and jobs.
    pub(crate) async fn sibling(&self) -> App {
        self.sibling_with(|_| {}).await
    }

    /// Opens another process's app on the same database, after `change` changed its configuration.
    pub(crate) async fn sibling_with(&self, change: impl FnOnce(&mut Config)) -> App {
        open(&self.database, &self.clock, change).await
    }

    /// Starts another server on the same database, with its own connections; returns it with its address.
    pub(crate) async fn replica(&self) -> (App, String) {
        let server = self.sibling().await;
        let url = listen(&server).await;
        (server, url)
    }

    /// Lets [`TestApp::finish`] pass with unfinished work.
    pub(crate) fn may_leave_work(&mut self) {
        self.may_leave_work = true;
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    /// Requests a path and returns its JSON; the status must be 200.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.expect("JSON")
    }

    /// Checks a path's status and problem code, and that the message contains `words`.
    pub(crate) async fn refuses(&self, path: &str, status: u16, code: &str, words: &str) {
        let response = self.get(path).send().await.expect("an answer");
        let is = response.status().as_u16();
        let text = response.text().await.expect("text");
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        let is = (is, problem["code"].as_str().unwrap_or_default());
        assert_eq!(is, (status, code), "{path}: {text}");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(words), "{path}: {detail}");
    }

    /// Sends a signed delivery as GitHub does.
    pub(crate) async fn send(&self, delivery: &Delivery) -> Response {
        let mut request = self.post("/api/v1/webhooks/github");
        for (name, value) in delivery.headers(SECRET, None) {
            request = request.header(name, value);
        }
        request.body(delivery.bytes().to_vec()).send().await.expect("an answer")
    }

    /// Sends deliveries, which must all be accepted.
    pub(crate) async fn deliver(&self, deliveries: &[Delivery]) {
        for delivery in deliveries {
            assert_eq!(self.send(delivery).await.status(), StatusCode::ACCEPTED);
        }
    }

    /// Runs the workers until nothing is due.
    pub(crate) async fn work(&self) {
        let id = self.server.context.ids.next();
        let workers = self.server.jobs().workers;
        let mut idle_in_a_row = 0;
        for worker in workers.iter().cycle() {
            let progress = worker.run(self.context().clone(), id).await.expect("worked");
            idle_in_a_row = if progress == Progress::Idle { idle_in_a_row + 1 } else { 0 };
            if idle_in_a_row == workers.len() {
                return;
            }
        }
    }

    /// Runs a schedule once and returns its report.
    pub(crate) async fn run_schedule(&self, name: &str) -> String {
        let schedules = self.server.jobs().schedules;
        let schedule = schedules.iter().find(|one| one.name() == name);
        let run = schedule.expect(name).run(self.context().clone());
        run.await.expect("ran")
    }

    /// Starts background jobs as the program does.
    pub(crate) fn jobs(server: &App) -> Runner {
        server.start_jobs()
    }

    /// Waits until background jobs have finished all work.
    pub(crate) async fn settled(&self) {
        for _ in 0..6_000 {
            if self.undone().await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the jobs did not finish within a minute");
    }

    pub(crate) async fn undone(&self) -> i64 {
        let db = &self.context().db;
        let inbox = github::reads::inbox(db).await.expect("the inbox");
        inbox.undone + platform::jobs::raised(db).await.expect("wake-ups")
    }

    /// Returns facts, leaderboards and the net ledger in a form for comparing servers.
    pub(crate) async fn dump(&self) -> Vec<String> {
        recognition::reads::dump(self.context(), Programmes::of(&self.server))
            .await
            .expect("a dump")
    }

    /// Checks that all derived data and explanations agree with the ledger.
    pub(crate) async fn verify(&self) {
        let found = recognition::actions::verify(self.context(), Programmes::of(&self.server))
            .await
            .expect("verified");
        assert!(found.is_empty(), "{found:?}");
    }

    /// Runs the workers that notify people, fetch their avatars, refresh the boards, evaluate badges, and end what banned
    /// people let others do, which most tests ignore.
    async fn run_notifiers(&self) {
        let id = self.context().ids.next();
        let workers = self.server.jobs().workers.into_iter();
        let notifies = |name: &str| {
            let others = [
                "avatars",
                "bans",
                "board-listings",
                "BadgeAwardProcessor",
                "badges-of-everyone",
                "lowered-roles",
            ];
            name.ends_with("-notices") || others.contains(&name)
        };
        for worker in workers.filter(|worker| notifies(worker.name)) {
            let run = || worker.run(self.context().clone(), id);
            while run().await.expect("notified") != Progress::Idle {}
        }
    }

    /// Ends the test and checks that no work and no dead letters remain.
    pub(crate) async fn finish(self) {
        if !self.may_leave_work {
            self.run_notifiers().await;
            assert_eq!(self.undone().await, 0, "work was left undone");
            let inbox = github::reads::inbox(&self.context().db).await.expect("the inbox");
            assert_eq!(inbox.dead, 0, "dead letters were left");
        }
        self.abandon().await;
    }

    /// Ends the test without these checks.
    pub(crate) async fn abandon(self) {
        self.server.context.db.close().await;
        self.database.remove().await;
    }
}

/// Serves on a free port; returns the address.
async fn listen(server: &App) -> String {
    listen_with(on_first_request(server.clone())).await
}

async fn listen_with(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(platform::web::serve(listener, router, CancellationToken::new()));
    url
}

/// Returns a router that composes the server's routes for the first request, which many tests never send.
fn on_first_request(server: App) -> Router {
    let router = Arc::new(LazyLock::new(move || server.router(None)));
    Router::new().fallback_service(service_fn(move |request: Request| {
        let router = Router::clone(&router);
        router.oneshot(request)
    }))
}

/// Builds clients of servers on this machine. Loading the system's certificates takes longer than most tests.
pub(crate) fn client_builder() -> ClientBuilder {
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}

/// Returns the client of [`client_builder`].
pub(crate) fn client() -> reqwest::Client {
    client_builder().build().expect("a client")
}

async fn open(database: &Database, clock: &FakeClock, change: impl FnOnce(&mut Config)) -> App {
    static API: LazyLock<ApiRoutes> = LazyLock::new(|| ApiRoutes::of(MODULES));
    let mut app = open_with(MODULES, database, clock, change).await;
    app.extensions.insert(API.clone());
    app
}

async fn open_with(
    modules: Modules,
    database: &Database,
    clock: &FakeClock,
    change: impl FnOnce(&mut Config),
) -> App {
    let mut config = Config::load(&Default::default(), &Flags::default()).expect("defaults");
    config.data_dir = database.directory().to_owned();
    config.github_webhook_secret = Some(SECRET.to_owned().into());
    config.job_lease_seconds = 5;
    // Work of the same process wakes its jobs up; the polls of many tests at once would take all processor time.
    config.job_poll_milliseconds = 100;
    config.exempt_networks = vec!["127.0.0.1".parse().expect("a network")];
    change(&mut config);
    let context = Context::from(ContextParts {
        keys: None,
        flags: App::flags(modules, &config).expect("flags"),
        db: Db::connect(database.url()).await.expect("a database"),
        clock: Arc::new(clock.clone()),
        ids: Arc::new(RandomIds),
    });
    context.flags.seed(&context).await.expect("seeded");
    App::new(modules, config, context).expect("an application")
}

/// Moves the timers of this test's runtime, which has one thread, by `time` instead of waiting that long.
pub(crate) async fn skip(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Parses a timestamp.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}
