//! A throw-away PostgreSQL, with its own data folder and its own port on loopback, which is stopped at the end.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    fetch::{self, Installation},
    process::{Daemon, Farewell, found, is_root, output, succeed, tied},
    workspace::Workspace,
};

const OLDEST: u32 = 15;
const PREFIX: &str = "guildhall-postgres-";
const USER: &str = "guildhall";
/// Not a secret: the cluster listens only on loopback and is removed after the run.
const PASSWORD: &str = "throw-away";

/// A running cluster. Dropping it stops it and removes its files.
pub struct Postgres {
    daemon: Option<Daemon>,
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    durable: bool,
    keep: bool,
}

/// The settings of a cluster.
#[derive(Clone, Copy, Default)]
pub struct Manner {
    /// True to sync commits to disk. Tests of behavior are faster without.
    pub durable: bool,
    /// True to keep the files for inspection.
    pub keep: bool,
}

/// Returns the folder of PostgreSQL's programs, if it is installed and new enough.
pub fn programs() -> Option<PathBuf> {
    let on_path = found("initdb").and_then(|path| fs::canonicalize(path).ok());
    let on_path = on_path.and_then(|path| path.parent().map(Path::to_owned));
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let fits = |folder: &PathBuf| version(folder).is_some_and(|version| version >= OLDEST);
    on_path.into_iter().chain(debian).filter(fits).max_by_key(|folder| version(folder))
}

fn version(folder: &Path) -> Option<u32> {
    if !folder.join("postgres").is_file() {
        return None;
    }
    let text = output(Command::new(folder.join("initdb")).arg("--version")).ok()?;
    let digits =
        text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Finds PostgreSQL, or installs it if possible and allowed.
pub fn programs_or_install(install: bool) -> Result<PathBuf> {
    if let Some(folder) = programs() {
        return Ok(folder);
    }
    ensure!(
        install && fetch::may_install(),
        "PostgreSQL {OLDEST} or newer is not installed: run `apt-get install postgresql`"
    );
    decline_default_cluster()?;
    fetch::apt_install(&["postgresql"])?;
    programs().with_context(|| format!("the installed PostgreSQL is older than {OLDEST}"))
}

/// Prevents Debian from starting its default cluster on installation, which is not needed here.
pub(crate) fn decline_default_cluster() -> Result<()> {
    let settings = Path::new("/etc/postgresql-common/createcluster.conf");
    if settings.exists() {
        return Ok(());
    }
    fs::create_dir_all("/etc/postgresql-common")?;
    fs::write(settings, "create_main_cluster = false\n")
        .context("cannot turn off the default cluster of Debian's package")
}

impl Postgres {
    /// Creates a cluster and waits until it responds.
    pub fn start(workspace: &Workspace, programs: &Path, manner: Manner) -> Result<Self> {
        Self::begin(workspace, manner, |_, _| Ok(programs.to_owned()))
    }

    /// Creates a cluster with a copy of an installation, which the user that PostgreSQL runs as may be unable to access, and
    /// waits until it responds.
    pub fn start_copy(
        workspace: &Workspace,
        installation: &Installation,
        manner: Manner,
    ) -> Result<Self> {
        Self::begin(workspace, manner, |folder, user| {
            let own = folder.join("programs");
            fs::create_dir(&own)?;
            let mut copy = Command::new("cp");
            succeed(copy.arg("-R").args(&installation.folders).arg(&own))?;
            if let Some(user) = user {
                succeed(Command::new("chown").args(["-R", user]).arg(&own))?;
            }
            Ok(own.join(&installation.programs))
        })
    }

    fn begin(
        workspace: &Workspace,
        manner: Manner,
        programs: impl FnOnce(&Path, Option<&str>) -> Result<PathBuf>,
    ) -> Result<Self> {
        let user = user()?;
        let folder = new_folder(workspace, user, manner)?;
        let mut cluster = Self {
            daemon: None,
            programs: programs(&folder, user)?,
            folder,
            port: free_port()?,
            durable: manner.durable,
            keep: manner.keep,
        };
        cluster.make(user)?;
        cluster.run(user)?;
        println!(
            "PostgreSQL listens on 127.0.0.1:{} (fsync {}, process {})",
            cluster.port,
            on(manner.durable),
            cluster.pid()
        );
        Ok(cluster)
    }

    /// Returns the URL of `database`, with a user who may create databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Creates an empty database and returns its URL.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub fn new_database(&self, name: &str) -> Result<String> {
        self.copied_database("template1", name)
    }

    /// Creates a copy of the database `from` and returns its URL. `from` must have no connections.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub fn copied_database(&self, from: &str, name: &str) -> Result<String> {
        output(self.client("dropdb").args(["--if-exists", name]))?;
        output(self.client("createdb").args(["--template", from, name]))?;
        Ok(self.url(name))
    }

    /// Returns the command of one of PostgreSQL's client programs.
    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .args(["--host", "127.0.0.1", "--username", USER, "--port"])
            .arg(self.port.to_string())
            .env("PGPASSWORD", PASSWORD);
        command
    }

    /// Stops it as in a crash and starts it again: `pg_ctl restart -m immediate`.
    pub fn crash(&mut self) -> Result<()> {
        self.stop()?;
        self.back()
    }

    /// Stops it as in a crash: `pg_ctl stop -m immediate`.
    pub fn stop(&mut self) -> Result<()> {
        self.daemon.take().map_or(Ok(()), Daemon::quit)
    }

    /// Starts it again on the same port, with what it has stored.
    pub fn back(&mut self) -> Result<()> {
        self.run(user()?)
    }

    /// Returns the ID of its main process.
    pub fn pid(&self) -> u32 {
        self.daemon.as_ref().map_or(0, Daemon::pid)
    }

    fn make(&self, user: Option<&str>) -> Result<()> {
        let password = self.folder.join("password");
        fs::write(&password, PASSWORD)?;
        let mut initdb = tied(&self.programs.join("initdb"), Farewell::Interrupt, user)?;
        initdb.arg("--pgdata").arg(self.folder.join("data")).arg("--pwfile").arg(password);
        initdb.args([
            "--username",
            USER,
            "--auth=password",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        initdb.current_dir(&self.folder).stdout(Stdio::null());
        succeed(&mut initdb)
    }

    fn run(&mut self, user: Option<&str>) -> Result<()> {
        let log = fs::File::create(self.folder.join("log"))?;
        let mut postgres = tied(&self.programs.join("postgres"), Farewell::Interrupt, user)?;
        postgres.arg("-D").arg(self.folder.join("data")).arg("-p").arg(self.port.to_string());
        for setting in self.settings() {
            postgres.arg("-c").arg(setting);
        }
        postgres.current_dir(&self.folder).stdout(log.try_clone()?).stderr(log);
        let daemon = self.daemon.insert(Daemon::start(&mut postgres, Farewell::Interrupt)?);
        let patience = Instant::now() + Duration::from_secs(60);
        while !is_ready(&self.programs, self.port) {
            if daemon.has_ended() || Instant::now() > patience {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("the temporary PostgreSQL did not start:\n{log}");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn settings(&self) -> [String; 8] {
        let durable = on(self.durable);
        [
            "listen_addresses=127.0.0.1".into(),
            "unix_socket_directories=".into(),
            "max_connections=400".into(),
            "shared_buffers=256MB".into(),
            "max_wal_size=4GB".into(),
            format!("fsync={durable}"),
            format!("full_page_writes={durable}"),
            // Containers have little shared memory.
            "dynamic_shared_memory_type=mmap".into(),
        ]
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.daemon = None;
        if self.keep {
            println!("PostgreSQL's files are kept in {}", self.folder.display());
        } else {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn on(yes: bool) -> &'static str {
    if yes { "on" } else { "off" }
}

fn is_ready(programs: &Path, port: u16) -> bool {
    let mut ask = Command::new(programs.join("pg_isready"));
    ask.args(["--quiet", "--host", "127.0.0.1", "--port"]).arg(port.to_string());
    ask.status().is_ok_and(|status| status.success())
}

/// Returns a port of 127.0.0.1 that is currently free.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Returns the user that runs PostgreSQL; `None` for the current user.
fn user() -> Result<Option<&'static str>> {
    is_root().then(unprivileged).transpose()
}

/// Returns an unprivileged user, because PostgreSQL refuses to run as root.
fn unprivileged() -> Result<&'static str> {
    let exists = |user: &&&str| output(Command::new("id").args(["-u", user])).is_ok();
    let user = ["postgres", "nobody"].iter().find(exists);
    user.copied().context("PostgreSQL cannot run as root: add a user `postgres`")
}

/// Removes folders of runs that were killed and could not do so themselves.
fn clear_stale(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let process = number.and_then(|number| number.split('-').next());
        if process.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The memory that must be free for keeping a cluster in it, in bytes.
const ENOUGH_MEMORY: u64 = 4 << 30;

/// Returns the folder for the folders of clusters. Databases that need not survive are kept in memory if there is enough:
/// tests create and remove hundreds of them, each with hundreds of files. Root's clusters on disk are in the temporary
/// folder, because other users cannot access a checkout in root's home.
fn parent(workspace: &Workspace, user: Option<&str>, manner: Manner) -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if !manner.durable && !manner.keep && free_bytes(&memory) >= ENOUGH_MEMORY {
        return memory;
    }
    user.map_or_else(|| workspace.target.join("postgres"), |_| env::temp_dir())
}

/// Returns the number of free bytes of a file system, as `df` states it; 0 if it is unknown.
fn free_bytes(folder: &Path) -> u64 {
    let mut df = Command::new("df");
    let text = output(df.args(["--output=avail", "--block-size=1"]).arg(folder));
    let last = text.ok().and_then(|text| text.lines().last()?.trim().parse().ok());
    last.unwrap_or_default()
}

fn new_folder(workspace: &Workspace, user: Option<&str>, manner: Manner) -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let name = format!("{PREFIX}{}-{number}", std::process::id());
    let parent = parent(workspace, user, manner);
    clear_stale(&parent);
    let folder = parent.join(name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    if let Some(user) = user {
        succeed(Command::new("chown").arg(user).arg(&folder))?;
    }
    Ok(folder)
}
