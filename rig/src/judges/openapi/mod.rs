//! Judge `openapi`: checks the API's description with two tools. `@redocly/cli` lints it; schemathesis sends generated
//! requests to the running demo, signed in as its admin, and checks that the responses match the description. Its
//! values name objects of the demo, and each operation must accept at least one request.

mod accepted;
mod elsewhere;
mod elsewhere_discovery;
mod elsewhere_phones;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use super::Surroundings;
use crate::installation::Installation;
use xtask::{
    fetch,
    process::{output, succeed},
    tally::Tally,
};

const REDOCLY: &str = "@redocly/cli@2.77.0";
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// The time limit, which only ends a run that hangs: three minutes are usual on two idle cores.
const PATIENCE: Duration = Duration::from_secs(900);

/// Fetches both tools.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    let folder = folder(around);
    fetch::npm_packages(&folder, &[REDOCLY], around.install)?;
    fetch::python_packages(&folder.join("python"), &[SCHEMATHESIS], around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/openapi")
}

/// Judges the printed description, and the responses on each engine.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let binary = around.program();
    let folder = folder(around);
    let description = output(Command::new(&binary).arg("openapi"))?;
    fs::write(folder.join("openapi.json"), description)?;
    tally.step("redocly lints the API's description", lint(&folder));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let installation = Installation::fresh(binary.clone(), folder.join("sqlite"), None)?;
    let on_sqlite = runtime.block_on(ask(&folder, &installation));
    tally.step("schemathesis tests the API on SQLite", on_sqlite);
    let Some(postgres) = around.postgres else {
        tally.leave_out("schemathesis on PostgreSQL: PostgreSQL is not available");
        return Ok(());
    };
    let on_postgres = runtime.block_on(async {
        let url = postgres.new_database("openapi")?;
        let installation = Installation::fresh(binary, folder.join("postgres"), Some(url))?;
        ask(&folder, &installation).await
    });
    tally.step("schemathesis tests the API on PostgreSQL", on_postgres);
    Ok(())
}

fn lint(folder: &Path) -> Result<()> {
    fs::write(folder.join("redocly.yaml"), "extends: [recommended-strict]\n")?;
    let mut redocly = Command::new(folder.join("node_modules/.bin/redocly"));
    redocly
        .args(["lint", "openapi.json"])
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    succeed(redocly.current_dir(folder))
}

async fn ask(folder: &Path, installation: &Installation) -> Result<()> {
    let serving = installation.demo().await?;
    let session = serving.session_of("admin").await?;
    fs::write(folder.join("schemathesis.toml"), include_str!("schemathesis.toml"))?;
    fs::write(folder.join("real_objects.py"), include_str!("real_objects.py"))?;
    let reports = folder.join("reports");
    if reports.exists() {
        fs::remove_dir_all(&reports)?;
    }
    let url = format!("http://127.0.0.1:{}", serving.port);
    let mut command = Command::new("timeout");
    command.arg(PATIENCE.as_secs().to_string());
    command.arg(folder.join("python/bin/schemathesis"));
    command.args(["run", "openapi.json"]);
    command.args(["--url", &url, "--report", "har", "--report-dir", "reports"]);
    command.env("GUILDHALL_URL", &url).env("GUILDHALL_SESSION", session);
    let asked = succeed(command.current_dir(folder));
    drop(serving);
    asked.context("see its output above")?;
    let report = fs::read_dir(&reports)?.next().context("schemathesis wrote no report")??;
    accepted::check(&folder.join("openapi.json"), &report.path())?;
    fs::remove_dir_all(&installation.data)?;
    Ok(())
}
