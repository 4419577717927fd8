//! Judge `openapi`: checks the API's description with two tools. `@redocly/cli` lints it; schemathesis sends generated
//! requests to the running demo, signed in as its admin, and checks that the responses match the description. Its
//! values name objects of the demo, and each operation must accept at least one request.

mod accepted;
mod elsewhere;
mod elsewhere_discovery;
mod elsewhere_factors;
mod elsewhere_repositories;
mod elsewhere_sent;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use super::{Step, Surroundings, runtime};
use crate::installation::Installation;
use xtask::{
    fetch,
    process::{output, succeed},
    tally::Tally,
};

const REDOCLY: &str = "@redocly/cli@2.77.0";
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// The time limit, which only ends a run that hangs: three minutes are usual on two idle cores, and ten beside other judges.
const PATIENCE: Duration = Duration::from_secs(1_800);

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
    fs::write(folder.join("real_objects.py"), include_str!("real_objects.py"))?;
    tally.step("redocly lints the API's description", lint(&folder));
    let mut steps: Vec<Step> = vec![(
        "schemathesis tests the API on SQLite",
        Box::new(|| runtime()?.block_on(ask(around, "sqlite", None, ""))),
    )];
    match around.postgres {
        Some(postgres) => steps.push((
            "schemathesis tests the API on PostgreSQL",
            Box::new(|| {
                let url = postgres.new_database("openapi")?;
                runtime()?.block_on(ask(around, "postgres", Some(url), ACCEPTED_READS))
            }),
        )),
        None => tally.leave_out("schemathesis on PostgreSQL: PostgreSQL is not available"),
    }
    around.side_by_side(tally, steps);
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

/// Settings for the second engine: what an operation that reads refuses does not depend on the engine.
const ACCEPTED_READS: &str =
    "[[operations]]\ninclude-method = \"GET\"\ngeneration.mode = \"positive\"\n";

/// Runs schemathesis with these further settings on a server with a database of its own.
async fn ask(
    around: &Surroundings<'_>,
    engine: &str,
    database: Option<String>,
    settings: &str,
) -> Result<()> {
    let folder = folder(around);
    let file = format!("{engine}.toml");
    fs::write(folder.join(&file), [include_str!("schemathesis.toml"), settings].join("\n"))?;
    let installation = Installation::fresh(around.program(), folder.join(engine), database)?;
    let serving = around.demo(&installation).await?;
    let session = serving.session_of("admin").await?;
    let reports = installation.data.join("reports");
    let url = format!("http://127.0.0.1:{}", serving.port);
    let mut command = Command::new("timeout");
    command.arg(PATIENCE.as_secs().to_string());
    command.arg(folder.join("python/bin/schemathesis"));
    command.args(["--config-file", &file, "run", "openapi.json", "--seed", "1", "--url", &url]);
    command.args(["--report", "har", "--report-dir"]).arg(&reports);
    command.env("GUILDHALL_URL", &url).env("GUILDHALL_SESSION", &session);
    let asked = succeed(command.current_dir(&folder));
    drop(serving);
    asked.context("see its output above")?;
    let reports: Vec<PathBuf> =
        fs::read_dir(&reports)?.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    ensure!(reports.len() == 1, "schemathesis wrote {} reports", reports.len());
    let count = |what: &str, number| around.count(&format!("{what} on {engine}"), number);
    accepted::check(&folder.join("openapi.json"), &reports, count)?;
    fs::remove_dir_all(&installation.data)?;
    Ok(())
}
