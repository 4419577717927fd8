use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::LazyLock,
};

use guildhall::Migrator;
use platform::db::{DatabaseUrl, Db};
use sea_orm::{ConnectionTrait, Database as Connection, DatabaseConnection};
use tempfile::TempDir;
use tokio::{
    runtime::{Builder, Runtime},
    sync::OnceCell,
};
use uuid::Uuid;

/// A migrated database for one test, with a data directory.
pub(crate) struct Database {
    url: DatabaseUrl,
    directory: TempDir,
    /// The name of the PostgreSQL database.
    name: Option<String>,
}

/// Returns the PostgreSQL server of `TEST_DATABASE_URL`; without it, tests run on SQLite.
fn postgres() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok()
}

fn with_name(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(a, q)| (a, Some(q)));
    let (server, _) = address.rsplit_once('/').expect("an address with a database");
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{server}/{name}{query}")
}

/// Runs a statement on the server itself. The connections for it are kept on a runtime of their own, because each test has
/// another one.
async fn run(server: &str, sql: String) {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().expect("a runtime")
    });
    static ADMIN: OnceCell<DatabaseConnection> = OnceCell::const_new();
    let server = server.to_owned();
    let done = RUNTIME.spawn(async move {
        let admin = ADMIN.get_or_try_init(|| Connection::connect(server)).await;
        let admin = admin.expect("the PostgreSQL of TEST_DATABASE_URL");
        admin.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    });
    done.await.expect("done");
}

fn fresh_name() -> String {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&Uuid::from_u128(u128::from(std::process::id())).as_bytes()[8..]);
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    format!("test_{}_{count}", hex::encode(bytes).trim_start_matches('0'))
}

/// The template that all databases are copied from, migrated once per process.
async fn template() -> &'static Database {
    static TEMPLATE: OnceCell<Database> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let database = Database::empty().await;
            let db = Db::connect(database.url()).await.expect("a database");
            db.migrate::<Migrator>().await.expect("migrated");
            db.close().await;
            database
        })
        .await
}

impl Database {
    /// Creates a migrated database.
    pub(crate) async fn create() -> Self {
        let template = template().await;
        match (&template.url, postgres(), &template.name) {
            (DatabaseUrl::Sqlite(path), ..) => {
                let database = Self::sqlite();
                let DatabaseUrl::Sqlite(copy) = &database.url else { unreachable!() };
                std::fs::copy(path, copy).expect("copied");
                database
            }
            (_, Some(server), Some(template)) => Self::postgres(&server, Some(template)).await,
            _ => unreachable!("a PostgreSQL template has a server and a name"),
        }
    }

    /// Creates a database without tables.
    pub(crate) async fn empty() -> Self {
        match postgres() {
            None => Self::sqlite(),
            Some(server) => Self::postgres(&server, None).await,
        }
    }

    fn sqlite() -> Self {
        // As private as a data directory that the program creates.
        let private = Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().permissions(private).tempdir();
        let directory = directory.expect("a directory");
        let url = DatabaseUrl::Sqlite(directory.path().join("guildhall.db"));
        Self { url, directory, name: None }
    }

    async fn postgres(server: &str, template: Option<&str>) -> Self {
        let name = fresh_name();
        // Copying files takes less than half of the processor time of writing each page to the log.
        let template = template.map(|name| format!(" TEMPLATE {name} STRATEGY FILE_COPY"));
        let template = template.unwrap_or_default();
        run(server, format!("CREATE DATABASE {name}{template}")).await;
        Self {
            url: DatabaseUrl::Postgres(with_name(server, &name)),
            directory: TempDir::new().expect("a directory"),
            name: Some(name),
        }
    }

    pub(crate) fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Returns the `DATABASE_URL` for a separate process.
    pub(crate) fn address(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Deletes everything in the database.
    pub(crate) async fn wipe(&self) {
        match (postgres(), &self.name) {
            (Some(server), Some(name)) => {
                let gone = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                run(&server, gone).await;
                run(&server, format!("CREATE DATABASE {name}")).await;
            }
            _ => {
                for entry in fs::read_dir(self.directory()).expect("a directory") {
                    let path = entry.expect("an entry").path();
                    fs::remove_file(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
                }
            }
        }
    }

    pub(crate) async fn remove(self) {
        if let (Some(server), Some(name)) = (postgres(), self.name) {
            run(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}
