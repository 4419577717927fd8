//! What the server logs while it is tested, for whoever looks through it for secrets. `TEST_LOGS` names a
//! folder: log lines of this process go there, those of programs that it starts, and every secret that
//! a test made up or was given. `cargo xtask test` sets it, and fails when a log holds one of them.

use std::{
    env, fs,
    fs::{File, OpenOptions},
    io::Write as _,
    path::PathBuf,
    sync::{LazyLock, Mutex},
};

use platform::config::Config;
use secrecy::ExposeSecret as _;
use tracing_subscriber::{EnvFilter, fmt as lines};

/// More than a server logs unless it is told to, without what other crates say of their own work.
const FILTER: &str = "debug,sqlx=info,hyper=info,hyper_util=info,h2=info,reqwest=info,rustls=info";

/// Shorter than any secret of ours: a log may hold such words by chance.
const SHORTEST: usize = 10;

static PLANTED: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let folder = folder()?;
    let id = std::process::id();
    let open = |name: String| {
        let mut options = OpenOptions::new();
        let opened = options.create(true).append(true).open(folder.join(name));
        opened.expect("a file in TEST_LOGS")
    };
    let format = lines().with_env_filter(EnvFilter::new(FILTER)).json();
    let log = Mutex::new(open(format!("it-{id}.log")));
    format.with_writer(log).try_init().ok();
    Some(Mutex::new(open(format!("planted-{id}.txt"))))
});

/// Where the logs go, if anywhere.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("TEST_LOGS")?);
    fs::create_dir_all(&folder).expect("TEST_LOGS names a folder");
    Some(folder)
}

/// Begins to keep the log of this process. No log may hold what the server was configured with.
pub(crate) fn start(config: &Config) {
    let secrets = [
        &config.github_webhook_secret,
        &config.github_client_secret,
        &config.secret_key,
        &config.smtp_url,
        &config.resend_api_key,
    ];
    for secret in secrets.into_iter().flatten() {
        plant(secret.expose_secret());
    }
}

/// No log may hold this.
pub(crate) fn plant(secret: &str) {
    if let Some(file) = PLANTED.as_ref().filter(|_| secret.len() >= SHORTEST) {
        let mut file = file.lock().expect("the file");
        writeln!(file, "{secret}").expect("written");
    }
}
