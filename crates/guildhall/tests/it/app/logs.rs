//! Records logs, so that they can be searched for secrets. The folder `TEST_LOGS` receives the logs of this process and
//! of the programs that it starts, and every secret that a test generated or received. `cargo xtask test` sets the
//! variable, and fails when a log contains one of the secrets.

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

/// More than a server logs by default, but without the details of other crates.
const FILTER: &str = "debug,sqlx=info,hyper=info,hyper_util=info,h2=info,reqwest=info,rustls=info";

/// The minimum length of a secret. A log may contain shorter words by chance.
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

/// The folder of the logs, if `TEST_LOGS` is set.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("TEST_LOGS")?);
    fs::create_dir_all(&folder).expect("TEST_LOGS names a folder");
    Some(folder)
}

/// Starts recording the log of this process, and registers the secrets of its configuration.
pub(crate) fn start(config: &Config) {
    let secrets = [
        &config.github_webhook_secret,
        &config.github_client_secret,
        &config.secret_key,
        &config.smtp_url,
        &config.resend_api_key,
        &config.game_platform_api_token,
        &config.internal_sync_secret,
        &config.openai_api_key,
    ];
    for secret in secrets.into_iter().flatten() {
        plant(secret.expose_secret());
    }
}

/// Registers a secret that no log may contain.
pub(crate) fn plant(secret: &str) {
    if let Some(file) = PLANTED.as_ref().filter(|_| secret.len() >= SHORTEST) {
        let mut file = file.lock().expect("the file");
        writeln!(file, "{secret}").expect("written");
    }
}
