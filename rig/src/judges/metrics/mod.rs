//! Judge `metrics`: the Python library of Prometheus reads the metrics of the demo in `OpenMetrics` and in Prometheus' text
//! format. Both must have the same metrics, each with its type and meaning. Prometheus' `promtool` checks the rules of alerts in
//! `ops/prometheus` and runs their tests, and each metric that they name must be one of the demo.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, ensure};

use super::Surroundings;
use crate::{http, installation::Installation};
use xtask::{fetch, process::output, tally::Tally};

const PACKAGE: &str = "prometheus_client==0.26.0";

/// The rules of alerts.
const RULES: &str = "guildhall.rules.yml";

/// The beginnings of the names of metrics in the rules.
const PREFIXES: [&str; 3] = ["guildhall_", "game_platform_", "reward_stock"];

const TOKEN: &str = "a token for this judge only";

/// The formats: the name of the file, and what `Accept` and the content type are.
const FORMATS: [(&str, &str); 2] = [
    ("plain.txt", "text/plain; version=0.0.4; charset=utf-8"),
    ("open.txt", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
];

/// Fetches the library and `promtool`.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::promtool(around.workspace, around.install)?;
    fetch::python_packages(&folder(around).join("python"), &[PACKAGE], around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/metrics")
}

/// Judges a demo on SQLite: the formats do not depend on the database.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let judged = runtime.block_on(judge(around));
    let is_read = judged.is_ok();
    tally.step("metrics by prometheus_client", judged);
    tally.step("rules by promtool", rules(around, is_read));
    Ok(())
}

/// Checks and tests the rules of alerts, and compares the metrics that they name with those of the demo if those were read.
fn rules(around: &Surroundings, is_read: bool) -> Result<()> {
    let promtool = fetch::promtool(around.workspace, false)?;
    let own = around.workspace.root.join("ops/prometheus");
    for (verb, file) in [("check", RULES), ("test", "guildhall.rules.test.yml")] {
        output(Command::new(&promtool).args([verb, "rules", file]).current_dir(&own))?;
    }
    if is_read {
        let answered = fs::read_to_string(folder(around).join(FORMATS[0].0))?;
        let text = fs::read_to_string(own.join(RULES))?;
        for name in named(&text) {
            ensure!(answered.contains(&format!("# TYPE {name} ")), "{RULES} names {name}");
        }
    }
    Ok(())
}

/// Returns the metrics that rules name, without the suffixes of the series of histograms.
fn named(rules: &str) -> BTreeSet<&str> {
    let words = rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let metrics = words.filter(|word| PREFIXES.iter().any(|prefix| word.starts_with(prefix)));
    let of_histograms =
        metrics.map(|name| name.trim_end_matches("_bucket").trim_end_matches("_count"));
    of_histograms.collect()
}

async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let folder = folder(around);
    let mut installation = Installation::fresh(around.program(), folder.join("sqlite"), None)?;
    installation.settings.push(("GUILDHALL_METRICS_TOKEN", TOKEN.to_owned()));
    let serving = around.demo(&installation).await?;
    let bearer = format!("Bearer {TOKEN}");
    for (file, format) in FORMATS {
        let headers = [("Authorization", bearer.as_str()), ("Accept", format)];
        let answer = http::request(serving.port, "GET", "/metrics", &headers, None).await?;
        ensure!(answer.status == 200, "/metrics was answered {}", answer.status);
        let kind = answer.header("Content-Type").unwrap_or_default();
        ensure!(kind == format, "{format} is answered as {kind}");
        fs::write(folder.join(file), &answer.body)?;
    }
    drop(serving);
    fs::write(folder.join("read.py"), include_str!("read.py"))?;
    let mut command = Command::new("timeout");
    command.args(["60", "python/bin/python", "read.py"]).args(FORMATS.map(|(file, _)| file));
    let printed = output(command.current_dir(&folder))?;
    let samples: usize = printed.trim().parse().context("no number of samples")?;
    ensure!(samples > 500, "only {samples} samples");
    around.count("samples", samples);
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}
