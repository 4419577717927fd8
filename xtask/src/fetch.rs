//! Fetches programs that tests and judges need.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    postgres,
    process::{found, is_root, output, succeed},
    redis,
    workspace::Workspace,
};

/// Returns true if Debian packages can be installed.
pub fn may_install() -> bool {
    is_root() && found("apt-get").is_some()
}

/// Installs Debian packages and prints that.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    println!("installing {} with apt-get (skip with `--no-install`)", packages.join(", "));
    let apt = || {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("UCF_FORCE_CONFFOLD", "1")
            // Another installation may hold the lock.
            .args(["--option", "DPkg::Lock::Timeout=600"]);
        command
    };
    succeed(apt().args(["update", "--quiet"]))?;
    succeed(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages))
}

/// Installs all missing Debian packages at once.
///
/// # Errors
/// When they cannot be installed.
pub fn debian() -> Result<()> {
    let mut packages = Vec::new();
    let mut want = |is_there: bool, names: &[&'static str]| {
        if !is_there {
            packages.extend(names);
        }
    };
    want(postgres::programs().is_some(), &["postgresql"]);
    want(redis::program().is_some(), &["redis-server"]);
    want(found("strace").is_some(), &["strace"]);
    want(browser().is_some(), BROWSER);
    want(found("npm").is_some(), &["nodejs", "npm"]);
    if packages.is_empty() || !may_install() {
        return Ok(());
    }
    postgres::decline_default_cluster()?;
    apt_install(&packages)
}

const BROWSER: &[&str] = &["chromium", "chromium-driver", "fonts-dejavu-core"];

/// Returns a browser and its driver, if both are installed.
fn browser() -> Option<(PathBuf, PathBuf)> {
    Some((found("chromium")?, found("chromedriver")?))
}

/// Finds a browser and its driver, or installs them if possible and allowed.
///
/// # Errors
/// When they cannot be installed.
pub fn browser_or_install(install: bool) -> Result<(PathBuf, PathBuf)> {
    if let Some(programs) = browser() {
        return Ok(programs);
    }
    ensure!(
        install && may_install(),
        "chromium and its driver are not installed: run `apt-get install chromium chromium-driver`"
    );
    apt_install(BROWSER)?;
    browser().context("chromium is not on PATH after its installation")
}

/// Finds strace, or installs it if possible and allowed.
///
/// # Errors
/// When it cannot be installed.
pub fn strace(install: bool) -> Result<PathBuf> {
    if let Some(program) = found("strace") {
        return Ok(program);
    }
    ensure!(install && may_install(), "strace is not installed: run `apt-get install strace`");
    apt_install(&["strace"])?;
    found("strace").context("strace is not on PATH after its installation")
}

/// Finds Prometheus's `promtool`, or extracts it from Debian's package, because installing the package would start the
/// server.
///
/// # Errors
/// When it cannot be installed.
pub fn promtool(workspace: &Workspace, install: bool) -> Result<PathBuf> {
    let folder = workspace.target.join("tools/prometheus");
    let own = folder.join("usr/bin/promtool");
    if let Some(program) = found("promtool").or_else(|| own.is_file().then(|| own.clone())) {
        return Ok(program);
    }
    ensure!(
        install && found("apt-get").is_some() && found("dpkg-deb").is_some(),
        "promtool is not installed: install Prometheus"
    );
    fs::create_dir_all(&folder)?;
    let mut download = Command::new("apt-get");
    download.args(["download", "--quiet", "prometheus"]);
    let mut downloaded = succeed(download.current_dir(&folder));
    if downloaded.is_err() && may_install() {
        succeed(Command::new("apt-get").args(["update", "--quiet"]))?;
        downloaded = succeed(&mut download);
    }
    downloaded?;
    for file in fs::read_dir(&folder)? {
        let file = file?.path();
        if file.extension().is_some_and(|end| end == "deb") {
            succeed(Command::new("dpkg-deb").arg("--extract").arg(&file).arg(&folder))?;
            fs::remove_file(file)?;
        }
    }
    ensure!(own.is_file(), "Debian's Prometheus package does not contain promtool");
    Ok(own)
}

/// Finds npm, or installs Debian's.
pub fn npm(install: bool) -> Result<PathBuf> {
    if let Some(npm) = found("npm") {
        return Ok(npm);
    }
    ensure!(install && may_install(), "npm is not installed: run `apt-get install nodejs npm`");
    apt_install(&["nodejs", "npm"])?;
    found("npm").context("npm is not on PATH after its installation")
}

/// Installs pinned npm packages into `folder/node_modules`, without running their scripts.
pub fn npm_packages(folder: &Path, packages: &[&str], install: bool) -> Result<()> {
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
    fs::write(stamp, wanted).context("cannot record the fetched packages")
}

/// The package with PostgreSQL and the extension `vector`.
const PGSERVER: &str = "pgserver==0.1.4";

/// Finds a Python that can create virtual environments, or installs Debian's.
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
        "Python cannot create virtual environments: run `apt-get install python3-venv`"
    );
    apt_install(&["python3", "python3-venv"])?;
    found("python3").context("python3 is not on PATH after its installation")
}

/// Installs pinned Python packages, given as lines of a requirements file, into a virtual environment in `folder`.
pub fn python_packages(folder: &Path, packages: &[&str], install: bool) -> Result<()> {
    let stamp = folder.join("fetched");
    let wanted = packages.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == wanted) {
        return Ok(());
    }
    let python = python(install)?;
    succeed(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder))?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, &wanted)?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    succeed(pip.arg(requirements))?;
    fs::write(stamp, wanted).context("cannot record the fetched packages")
}

/// Programs in folders that belong together.
pub struct Installation {
    /// The folders, which are side by side.
    pub folders: Vec<PathBuf>,
    /// The folder of the programs, relative to the parent of the folders.
    pub programs: PathBuf,
}

/// Installs PostgreSQL with the extension `vector`, which PyPI has as a package.
///
/// # Errors
/// When it cannot be installed, such as on a platform for which there is no package.
pub fn postgres_with_vectors(workspace: &Workspace, install: bool) -> Result<Installation> {
    let folder = workspace.target.join("tools/pgserver");
    python_packages(&folder, &[PGSERVER], install)?;
    let programs = PathBuf::from("pgserver/pginstall/bin");
    let versions = fs::read_dir(folder.join("lib"))?.flatten();
    let packages = versions.map(|version| version.path().join("site-packages"));
    let mut packages = packages.filter(|folder| folder.join(&programs).is_dir());
    let packages = packages.next().context("the package pgserver has no PostgreSQL")?;
    let folders = ["pgserver", "pgserver.libs"].map(|name| packages.join(name));
    Ok(Installation { folders: folders.into(), programs })
}
