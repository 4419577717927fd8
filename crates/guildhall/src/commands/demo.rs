use std::{collections::VecDeque, fs, path::Path, pin::pin};

use anyhow::{Context as _, ensure};
use kernel::Timestamp;
use platform::{command::say, config::Config, module::Demo, presence::Presence, web::Loading};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::serve::{BindArgs, Server, greet, prefer_readable, start_logging, stop_signal};
use crate::{App, MODULES, current::Current, sample_data};

/// The file that records the demo's season, so that the next start continues it.
const NOTE: &str = "demo-season.json";

#[derive(Clone, Copy, Serialize, Deserialize)]
struct SeasonNote {
    /// The end of the season.
    until: Timestamp,
    /// True when the whole season is delivered and settled.
    is_complete: bool,
}

pub(super) async fn run(mut config: Config, args: BindArgs) -> anyhow::Result<()> {
    // Checked before anything is written.
    sample_data::refuse_in_production(&config)?;
    ensure!(
        config.bind.ip().is_loopback(),
        "the demo only listens on this machine: use `--bind 127.0.0.1:PORT` instead of {}",
        config.bind
    );
    if args.bind.is_none() && config.bind.port() == 8080 && port_is_taken(&config) {
        config.bind.set_port(0);
    }
    prefer_readable(&mut config);
    if config.log == "info" {
        config.log = "warn".to_owned();
    }
    start_logging(&config);
    configure(&mut config);
    let _presence = Presence::announce(&config)?;
    let mut app = App::open(config).await?;
    sample_data::begin(&app.context, &app.config).await?;
    let note = note(&app)?;
    app.use_demo_mailbox();
    for demo in app.modules().demos() {
        (demo.simulate)(&mut app, note.until).await?;
        (demo.prepare)(&mut app, note.until).await?;
    }
    if !note.is_complete {
        // Pages are answered from now on.
        let loading = Loading::default();
        state(&loading, &app.modules().demos().collect());
        app.extensions.insert(loading);
    }
    let current = Current::of(app.clone());
    let mut stop = pin!(stop_signal());
    let server = Server::start(&current, &app.config, Some(("demo", true))).await?;
    current.run_jobs(|app| app.start_jobs()).await;
    current.watch_services().await;
    current.follow();
    greet(server.bind);
    let url = format!("http://{}", server.bind);
    let filling = fill_unless_complete(&app, &url, note);
    tokio::select! {
        filled = filling => {
            filled?;
            say("Press Ctrl-C to stop. The data is kept for the next start.");
            stop.await;
        }
        () = &mut stop => {}
    }
    server.stop().await;
    current.stop().await;
    app.context.db.close().await;
    Ok(())
}

fn port_is_taken(config: &Config) -> bool {
    std::net::TcpListener::bind(config.bind).is_err()
}

/// Sets a webhook secret for this process, unless one is configured, and what the demos of modules need.
pub(super) fn configure(config: &mut Config) {
    let fresh = || {
        use kernel::Ids as _;
        SecretString::from(platform::RandomIds.next().simple().to_string())
    };
    config.github_webhook_secret.get_or_insert_with(fresh);
    MODULES.demos().for_each(|demo| (demo.configure)(config));
}

/// Reads the recorded season, or records a new one that ends now.
fn note(app: &App) -> anyhow::Result<SeasonNote> {
    let path = app.config.data_dir.join(NOTE);
    let noted = read_note(&path)?;
    let note = noted.unwrap_or(SeasonNote { until: app.context.now(), is_complete: false });
    if noted.is_none() {
        write_note(&path, note)?;
    }
    Ok(note)
}

/// Forgets the recorded season, so that the next demo starts a new one.
pub(super) fn forget(config: &Config) -> anyhow::Result<()> {
    let path = config.data_dir.join(NOTE);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

async fn fill_unless_complete(app: &App, url: &str, mut note: SeasonNote) -> anyhow::Result<()> {
    if note.is_complete {
        return Ok(());
    }
    fill(app, url, note.until).await?;
    note.is_complete = true;
    write_note(&app.config.data_dir.join(NOTE), note)
}

fn read_note(path: &Path) -> anyhow::Result<Option<SeasonNote>> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let hint = || {
                format!(
                    "{} is not a valid demo season: delete the data directory to start over",
                    path.display()
                )
            };
            serde_json::from_str(&text).map(Some).with_context(hint)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn write_note(path: &Path, note: SeasonNote) -> anyhow::Result<()> {
    fs::write(path, serde_json::to_string(&note)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Sends every module's part of the demo to the server at `url`, whose pages say what is still to come. Sending it again changes
/// nothing.
pub(super) async fn fill(app: &App, url: &str, until: Timestamp) -> anyhow::Result<()> {
    let loading: Loading = app.extensions.get().cloned().unwrap_or_default();
    let mut coming: VecDeque<Demo> = app.modules().demos().collect();
    while let Some(demo) = coming.front() {
        state(&loading, &coming);
        (demo.fill)(app, url, until).await?;
        coming.pop_front();
    }
    state(&loading, &coming);
    Ok(())
}

fn state(loading: &Loading, coming: &VecDeque<Demo>) {
    let words: Vec<_> = coming.iter().map(|demo| demo.says).collect();
    loading.state(&words);
}
