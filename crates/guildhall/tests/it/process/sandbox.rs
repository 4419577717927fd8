use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use platform::{
    Context, ContextParts, RandomIds, SystemClock,
    crypto::KeyRing,
    db::{DatabaseUrl, Db, Sql},
};
use reqwest::redirect::Policy;
use testkit::histories::History;

use super::program::Program;
use crate::app::{Database, SECRET, client, client_builder};

/// The token for `/metrics`.
pub(super) const METRICS_TOKEN: &str = "a token for the metrics";

/// Returns the metrics of the server at `url`.
pub(crate) async fn metrics(url: &str) -> String {
    let request = client().get(format!("{url}/metrics"));
    let answer = request.bearer_auth(METRICS_TOKEN).send().await;
    answer.expect("an answer").text().await.expect("text")
}

/// The environment of programs: a database, a directory and a port for a test.
pub(crate) struct Sandbox {
    database: Database,
    /// The test's own connection for reading.
    pub(crate) db: Db,
    pub(crate) port: u16,
    /// The port of a worker's metrics.
    pub(crate) worker_port: u16,
}

/// Returns a port below the range that the system assigns automatically, so that it stays free when a program is
/// killed.
fn port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = (std::process::id() % 50) as u16 * 200;
    loop {
        let port = 20_000 + (first + NEXT.fetch_add(1, Ordering::SeqCst)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Sandbox {
    /// An environment with a migrated database.
    pub(crate) async fn new() -> Self {
        Self::over(Database::create().await).await
    }

    /// An environment with an empty database.
    pub(crate) async fn empty() -> Self {
        Self::over(Database::empty().await).await
    }

    async fn over(database: Database) -> Self {
        // Another test of this process may already have installed a TLS provider.
        rustls::crypto::ring::default_provider().install_default().ok();
        let db = Db::connect(database.url()).await.expect("a database");
        Self { database, db, port: port(), worker_port: port() }
    }

    /// An environment with the project `season` and a history's repositories.
    pub(crate) async fn with_repositories(history: &History) -> Self {
        let sandbox = Self::new().await;
        sandbox.succeed(&["project", "create", "--name", "season"]);
        for repository in &history.repositories {
            let (name, id) = (repository.full_name(), repository.id.to_string());
            sandbox.succeed(&["repo", "add", &name, "--project", "season", "--github-id", &id]);
        }
        sandbox
    }

    /// A context of the test's own connection, with the system's time and the program's keys.
    pub(crate) fn context(&self) -> Context {
        let ring = KeyRing::from_file(&self.directory().join("secret.key"));
        Context::from(ContextParts {
            keys: Some(ring.expect("a key")),
            db: self.db.clone(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            flags: Default::default(),
        })
    }

    /// The address of the database.
    pub(crate) fn database_url(&self) -> &DatabaseUrl {
        self.database.url()
    }

    /// The address of the database, as a text.
    pub(crate) fn address(&self) -> String {
        self.database.address()
    }

    /// A port for another program.
    pub(crate) fn fresh_port() -> u16 {
        port()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn directory(&self) -> &Path {
        self.database.directory()
    }

    /// Returns a command of the program with this environment's settings and no other environment variables.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
        self.configure(&mut command).args(arguments);
        command
    }

    /// Applies this environment's settings to a command, without other environment variables.
    pub(crate) fn configure<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env_clear()
            .env("DATABASE_URL", self.database.address())
            .env("GUILDHALL_DATA_DIR", self.directory())
            .env("GITHUB_WEBHOOK_SECRET", SECRET)
            .env("GUILDHALL_METRICS_TOKEN", METRICS_TOKEN)
            .env("GUILDHALL_BIND", format!("127.0.0.1:{}", self.port))
            .env("GUILDHALL_WORKER_BIND", format!("127.0.0.1:{}", self.worker_port))
            .env("GUILDHALL_JOB_LEASE_SECONDS", "1")
            // Shorter intervals would take the processor time of what a test waits for.
            .env("GUILDHALL_JOB_POLL_MILLISECONDS", "100")
            .current_dir(self.directory())
    }

    /// Makes Wren Oak the first admin with the code in the server's log. Returns a client that follows no redirects, and the
    /// cookies of the session.
    pub(crate) async fn found(&self, server: &Program) -> (reqwest::Client, String) {
        let log = server.log();
        let offer = log.lines().find(|line| line.contains("no admin yet")).expect("a code");
        let offer: serde_json::Value = serde_json::from_str(offer).expect("JSON");
        let client = client_builder().redirect(Policy::none()).build().expect("a client");
        let form = [("code", offer["code"].as_str().expect("a code")), ("name", "Wren Oak")];
        let entered = client.post(format!("{}/setup", self.url())).form(&form);
        let entered = entered.header("sec-fetch-site", "same-origin").send().await;
        let entered = entered.expect("an answer");
        assert_eq!(entered.status(), 303);
        let cookies = entered.headers().get_all("set-cookie").iter();
        let cookies = cookies.filter_map(|line| line.to_str().ok()?.split(';').next());
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        (client, cookies)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program")
    }

    /// Starts a command of the program, which kills itself if a plan says so.
    pub(crate) fn start(&self, command: &mut Command, plan: Option<&str>) -> Program {
        if let Some(plan) = plan {
            command.env("GUILDHALL_CRASH_AT", plan);
        }
        Program::start(command, self.directory())
    }

    /// Runs a command that must succeed and returns its standard output.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.status.success(), "{arguments:?}: {errors}\n{said}");
        said
    }

    /// Starts a server and waits until it is ready.
    pub(crate) async fn serve(&self, flags: &[&str]) -> Program {
        let mut command = self.command(&["serve"]);
        let program = Program::start(command.args(flags), self.directory());
        program.ready(&self.url()).await
    }

    /// Starts a worker and waits until its jobs are running.
    pub(crate) async fn worker(&self) -> Program {
        let program = Program::start(&mut self.command(&["worker"]), self.directory());
        program.says("jobs are running").await
    }

    /// Waits until all work is done.
    pub(crate) async fn settled(&self) {
        for _ in 0..6_000 {
            let inbox = github::reads::inbox(&self.db).await.expect("the inbox");
            let raised = platform::jobs::raised(&self.db).await.expect("wake-ups");
            assert_eq!(inbox.dead, 0, "dead letters were left");
            if inbox.undone + raised == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the jobs did not finish within a minute");
    }

    pub(crate) async fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        let counted = self.db.count(self.db.statement(&sql, [])).await;
        counted.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Waits until a table has this number of rows.
    pub(crate) async fn counts(&self, table: &str, expected: i64) {
        for _ in 0..3_000 {
            if self.count(table).await == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(self.count(table).await, expected, "{table}");
    }

    /// Verifies the ledger and returns the canonical dump.
    pub(crate) fn dump(&self) -> Vec<String> {
        self.succeed(&["ledger", "verify"]);
        let dump = self.succeed(&["ledger", "dump"]);
        dump.lines().map(str::to_owned).collect()
    }

    /// Destroys the database.
    pub(crate) async fn destroy(&self) {
        self.db.close().await;
        self.database.wipe().await;
    }

    /// Reconnects to the database.
    pub(crate) async fn reconnect(&mut self) {
        self.db = Db::connect(self.database.url()).await.expect("a database");
    }

    pub(crate) async fn remove(self) {
        self.db.close().await;
        self.database.remove().await;
    }
}
