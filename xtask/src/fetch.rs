//! What outside judges need, fetched where it can be.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::process::{found, is_root, output, succeed};

/// Whether Debian packages can be installed here.
pub(crate) fn may_install() -> bool {
    is_root() && found("apt-get").is_some()
}

/// Installs Debian packages, saying so.
pub(crate) fn apt_install(packages: &[&str]) -> Result<()> {
    println!(
        "installing {} with apt-get (--no-install declines)",
        packages.join(", ")
    );
    let apt = || {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("UCF_FORCE_CONFFOLD", "1");
        command
    };
    succeed(apt().args(["update", "--quiet"]))?;
    succeed(
        apt()
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages),
    )
}

/// npm, or Debian's.
pub(crate) fn npm(install: bool) -> Result<PathBuf> {
    if let Some(npm) = found("npm") {
        return Ok(npm);
    }
    ensure!(
        install && may_install(),
        "npm is not installed: `apt-get install nodejs npm` brings it"
    );
    apt_install(&["nodejs", "npm"])?;
    found("npm").context("npm is not on PATH after its installation")
}

/// Puts pinned npm packages into `folder/node_modules`, without running their scripts.
pub(crate) fn npm_packages(folder: &Path, packages: &[&str], install: bool) -> Result<()> {
    let stamp = folder.join("fetched");
    let wanted = packages.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == wanted) {
        return Ok(());
    }
    let npm = npm(install)?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
    let mut command = Command::new(npm);
    command.args([
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--save-exact",
    ]);
    succeed(command.args(packages).current_dir(folder))?;
    fs::write(stamp, wanted).context("the fetched packages could not be noted")
}

/// Python that can make environments, or Debian's.
fn python(install: bool) -> Result<PathBuf> {
    let makes_environments = |python: &PathBuf| {
        let mut command = Command::new(python);
        output(command.args(["-c", "import venv, ensurepip"])).is_ok()
    };
    if let Some(python) = found("python3").filter(makes_environments) {
        return Ok(python);
    }
    ensure!(
        install && may_install(),
        "Python cannot make environments: `apt-get install python3-venv` brings it"
    );
    apt_install(&["python3", "python3-venv"])?;
    found("python3").context("python3 is not on PATH after its installation")
}

/// Puts pinned Python packages into an environment of their own in `folder`.
pub(crate) fn python_packages(folder: &Path, packages: &[&str], install: bool) -> Result<()> {
    let stamp = folder.join("fetched");
    let wanted = packages.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == wanted) {
        return Ok(());
    }
    let python = python(install)?;
    succeed(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(folder),
    )?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"]);
    succeed(pip.args(packages))?;
    fs::write(stamp, wanted).context("the fetched packages could not be noted")
}
