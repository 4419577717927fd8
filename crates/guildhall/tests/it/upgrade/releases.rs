//! The databases of earlier releases, with requests that they answered (`releases/VERSION`). `RECORD_RELEASE=VERSION` records
//! this release.

use std::{
    fs,
    path::{Path, PathBuf},
};

use guildhall::Migrator;
use identity::model::Device;
use platform::db::{DatabaseUrl, Db};
use reqwest::{Client, redirect::Policy};
use tempfile::TempDir;

use crate::{
    app::{Database, TestApp, browser::SESSION, client_builder},
    auth::{
        matrix::{demo_people, server},
        rows,
    },
};

const DATABASE: &str = "guildhall.db.zst";
const REQUESTS: &str = "requests.txt";
/// The maximum size of a compressed database in bytes: every release leaves one in the repository.
const MOST_BYTES: usize = 200_000;
/// The visitors of a recorded request.
const VISITORS: [&str; 2] = ["visitor", "admin"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/upgrade/releases")
}

/// A request as a line of a list: `200 admin /admin/audit`.
fn line(status: u16, visitor: &str, path: &str) -> String {
    format!("{status} {visitor} {path}")
}

/// The visitors' ways to request a path.
struct Visits {
    url: String,
    client: Client,
    session: String,
}

impl Visits {
    async fn of(app: &TestApp) -> Self {
        let client = client_builder().redirect(Policy::none()).build().expect("a client");
        let session = app.signed_in("admin", &Device::default()).await;
        Self { url: app.url.clone(), client, session }
    }

    /// Returns the status of the answer, whose body may be endless.
    async fn status(&self, visitor: &str, path: &str) -> u16 {
        let mut request = self.client.get(format!("{}{path}", self.url));
        if visitor == "admin" {
            request = request.header("cookie", format!("{SESSION}={}", self.session));
        }
        request.send().await.expect("an answer").status().as_u16()
    }
}

/// The page that opens a secret of the server, which another server cannot.
const SEALED: &str = "/api/v1/me/push-subscriptions";

/// Writes the database and the successful requests of this release to a folder.
async fn record(to: &Path) {
    let app = server().await;
    let visits = Visits::of(&app).await;
    let mut lines = Vec::new();
    for (method, _, path, ..) in rows::all() {
        if method != "GET" || path == SEALED {
            continue;
        }
        for visitor in VISITORS {
            let status = visits.status(visitor, path).await;
            if status == 200 {
                lines.push(line(status, visitor, path));
            }
        }
    }
    lines.sort_unstable();
    lines.dedup();
    fs::write(to.join(REQUESTS), lines.join("\n") + "\n").expect("written");
    let copy = to.join("copy.db");
    app.context().db.copy_to(&copy).await.expect("copied");
    let bytes = fs::read(&copy).expect("the copy");
    fs::remove_file(&copy).expect("removed");
    let bytes = zstd::encode_all(bytes.as_slice(), 19).expect("compressed");
    assert!(bytes.len() <= MOST_BYTES, "{} bytes: record fewer rows", bytes.len());
    fs::write(to.join(DATABASE), bytes).expect("written");
    app.abandon().await;
}

/// Opens the database of a release with this one. Returns the requests that are answered otherwise.
async fn differences(release: &Path) -> Vec<String> {
    let database = Database::empty().await;
    let DatabaseUrl::Sqlite(path) = database.url() else { unreachable!("SQLite only") };
    let bytes = fs::read(release.join(DATABASE)).expect("a database");
    fs::write(path, zstd::decode_all(bytes.as_slice()).expect("a database")).expect("written");
    let db = Db::connect(database.url()).await.expect("a database");
    db.migrate::<Migrator>().await.expect("migrated");
    db.close().await;
    let app = TestApp::demo(database, demo_people()).await;
    let visits = Visits::of(&app).await;
    let requests = fs::read_to_string(release.join(REQUESTS)).expect("requests");
    assert!(requests.lines().count() > 20, "{requests}");
    let mut differences = Vec::new();
    for wanted in requests.lines() {
        let mut parts = wanted.splitn(3, ' ').skip(1);
        let (visitor, path) = (parts.next().expect("a visitor"), parts.next().expect("a path"));
        let status = visits.status(visitor, path).await;
        if line(status, visitor, path) != wanted {
            differences.push(format!("{wanted}: {status}"));
        }
    }
    app.abandon().await;
    differences
}

#[tokio::test]
#[ignore = "needs SQLite"]
async fn a_recorded_release_is_served_by_this_one() {
    if let Ok(version) = std::env::var("RECORD_RELEASE") {
        let to = folder().join(version);
        fs::create_dir_all(&to).expect("a folder");
        record(&to).await;
    }
    // This release is the first that has to serve what it recorded.
    let own = TempDir::new().expect("a folder");
    record(own.path()).await;
    let recorded = fs::read_dir(folder()).expect("the releases");
    let recorded = recorded.map(|entry| entry.expect("an entry").path());
    let releases = recorded.filter(|path| path.is_dir()).chain([own.path().to_owned()]);
    for release in releases {
        let found = differences(&release).await;
        assert!(found.is_empty(), "{}: {found:#?}", release.display());
    }
}
