//! `cargo xtask drill`: makes failures of servers of its own, and measures how long it takes to see and to repair them.

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use serde::Deserialize;
use xtask::{
    process::{cargo, succeed},
    workspace::Workspace,
};

/// The names of the files that drills share, which are no drills themselves.
const SHARED: [&str; 2] = ["cluster", "drill"];
/// The headings of the table.
const COLUMNS: [&str; 6] = ["drill", "outcome", "seen by", "seconds", "repaired", "lost"];

/// Options of `cargo xtask drill`.
#[derive(Args)]
pub(crate) struct Options {
    /// The drill, such as `full-disk`, or `all`.
    name: String,
    /// Run the drills with this binary instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// The binary of the release before, for `rolling-upgrade` [default: the same binary]
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
}

/// The line that a drill prints, as far as the table shows it.
#[derive(Debug, Default, Deserialize)]
struct Report {
    drill: String,
    outcome: String,
    seen_by: Option<String>,
    seen_seconds: Option<f64>,
    repaired_seconds: Option<f64>,
    /// The number of rows that were accepted and are missing.
    lost: Option<u64>,
}

impl Report {
    /// Reads the last line of what a drill printed. A drill without a report has failed.
    fn read(name: &str, printed: &str) -> Self {
        let line = printed.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|_| Self {
            drill: name.to_owned(),
            outcome: "failed".to_owned(),
            ..Self::default()
        })
    }

    fn cells(&self) -> [String; 6] {
        let shown = |seconds: Option<f64>| seconds.map(|it| format!("{it:.1}")).unwrap_or_default();
        [
            self.drill.clone(),
            self.outcome.clone(),
            self.seen_by.clone().unwrap_or_default(),
            shown(self.seen_seconds),
            shown(self.repaired_seconds),
            self.lost.map(|lost| lost.to_string()).unwrap_or_default(),
        ]
    }
}

/// Runs the drills one after another. Each prints a line of JSON, and a table follows; the exit code is 1 if one failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let mut all = drills(workspace)?;
    let names: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    all.retain(|(name, _)| options.name == "all" || options.name == *name);
    ensure!(!all.is_empty(), "no drill is called {}: there are {}", options.name, names.join(", "));
    if options.binary.is_none() {
        succeed(cargo().args(["build", "--locked", "--package", "guildhall"]))?;
    }
    let built = || workspace.target.join("debug/guildhall");
    let binary = options.binary.clone().unwrap_or_else(built);
    let mut have_passed = true;
    let mut reports = Vec::new();
    for (name, file) in all {
        let mut command = Command::new("python3");
        command.arg(&file).env("GUILDHALL", &binary).stderr(Stdio::inherit());
        command.envs(options.previous.iter().map(|previous| ("GUILDHALL_PREVIOUS", previous)));
        let done = command.output().with_context(|| format!("cannot run the drill {name}"))?;
        let printed = String::from_utf8_lossy(&done.stdout);
        print!("{printed}");
        have_passed &= done.status.success();
        reports.push(Report::read(&name, &printed));
    }
    println!("\n{}", table(&reports));
    Ok(if have_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the names of the drills, in their order, with the file of each.
fn drills(workspace: &Workspace) -> Result<Vec<(String, PathBuf)>> {
    let folder = workspace.root.join("ops/drills");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        let is_python = path.extension().is_some_and(|extension| extension == "py");
        if let Some(name) = name.filter(|name| is_python && !SHARED.contains(&name.as_str())) {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the reports as a table with aligned columns, a line for each.
fn table(reports: &[Report]) -> String {
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    rows.extend(reports.iter().map(Report::cells));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; 6] = std::array::from_fn(|column| width(column).unwrap_or_default());
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_become_a_table() {
        let ran = concat!(
            r#"{"drill": "full-disk", "seen_by": "a refusal", "seen_seconds": 0.5, "#,
            r#""repaired_seconds": 12, "lost": 0, "outcome": "ok", "checks": {}}"#,
        );
        let reports = [
            Report::read("full-disk", &format!("a word before\n{ran}\n")),
            Report::read("replica", "Traceback\n"),
        ];
        let expected = "\
drill      outcome  seen by    seconds  repaired  lost
full-disk  ok       a refusal  0.5      12.0      0
replica    failed";
        assert_eq!(table(&reports), expected);
    }
}
