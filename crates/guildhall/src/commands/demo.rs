use std::{fs, path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use contributions::actions::{NewProject, create_project};
use futures_util::stream;
use kernel::Timestamp;
use platform::{audit::Actor, config::Config, outbox::EMAIL};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use testkit::replay::{BadLine, Line, Pace, Sender, send_all};
use testkit::season::{Season, SeasonSpec};

use super::{
    demo_people,
    repo::register_unknown,
    say,
    serve::{
        BindArgs, Server, greet, prefer_readable, start_logging, stop_signal, wait_until_done,
    },
};
use crate::App;

/// The file that records the demo's season, so that the next start continues it.
const NOTE: &str = "demo-season.json";

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Note {
    /// The end of the season.
    until: Timestamp,
    /// True when the whole season is delivered and settled.
    is_complete: bool,
}

pub(super) async fn run(mut config: Config, args: BindArgs) -> anyhow::Result<()> {
    ensure!(
        config.bind.ip().is_loopback(),
        "the demo listens on this machine only: use --bind 127.0.0.1:PORT instead of {}",
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
    let secret = ensure_secret(&mut config);
    let mut app = App::open(config).await?;
    let note = note(&app)?;
    let season = Arc::new(Season::new(SeasonSpec::demo(note.until)));
    let demo = demo_people::of(&season);
    app.extensions.insert(demo.clone());
    if !app.post.channels.has(EMAIL) {
        app.post.channels = app.demo_mailbox().beside(&app);
    }
    register(&app, &season).await?;
    demo_people::register(&app, &demo, &season).await?;
    let server = Server::start(&app).await?;
    let runner = app.start_jobs();
    greet(server.bind);
    let url = format!("http://{}", server.bind);
    let filling = fill_unless_complete(&app, &url, &secret, note, &season);
    tokio::select! {
        filled = filling => {
            filled?;
            say("Stop with Ctrl-C. The data is kept for the next start.");
            stop_signal().await;
        }
        () = stop_signal() => {}
    }
    server.stop().await;
    runner.stop().await;
    app.context.db.close().await;
    Ok(())
}

fn port_is_taken(config: &Config) -> bool {
    std::net::TcpListener::bind(config.bind).is_err()
}

/// Returns the configured secret, or sets a new one for this process.
pub(super) fn ensure_secret(config: &mut Config) -> SecretString {
    let fresh = || {
        use kernel::Ids as _;
        SecretString::from(platform::RandomIds.next().simple().to_string())
    };
    config
        .github_webhook_secret
        .get_or_insert_with(fresh)
        .clone()
}

/// Reads the recorded season, or records a new one that ends now.
fn note(app: &App) -> anyhow::Result<Note> {
    let path = app.config.data_dir.join(NOTE);
    let noted = read_note(&path)?;
    let note = noted.unwrap_or(Note {
        until: app.context.now(),
        is_complete: false,
    });
    if noted.is_none() {
        write_note(&path, note)?;
    }
    Ok(note)
}

async fn fill_unless_complete(
    app: &App,
    url: &str,
    secret: &SecretString,
    note: Note,
    season: &Arc<Season>,
) -> anyhow::Result<()> {
    if note.is_complete {
        return Ok(());
    }
    deliver(app, url, secret, season).await?;
    let complete = Note {
        is_complete: true,
        ..note
    };
    write_note(&app.config.data_dir.join(NOTE), complete)
}

fn read_note(path: &Path) -> anyhow::Result<Option<Note>> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let hint = || {
                format!(
                    "{} is not readable as a demo's season: remove the data directory to start over",
                    path.display()
                )
            };
            serde_json::from_str(&text).map(Some).with_context(hint)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn write_note(path: &Path, note: Note) -> anyhow::Result<()> {
    fs::write(path, serde_json::to_string(&note)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Registers a season's projects and sends its deliveries, signed, to the server at `url`; returns
/// when all are settled. Sending it again changes nothing.
pub(super) async fn fill(
    app: &App,
    url: &str,
    secret: &SecretString,
    spec: SeasonSpec,
) -> anyhow::Result<()> {
    let season = Arc::new(Season::new(spec));
    register(app, &season).await?;
    deliver(app, url, secret, &season).await
}

async fn deliver(
    app: &App,
    url: &str,
    secret: &SecretString,
    season: &Arc<Season>,
) -> anyhow::Result<()> {
    let sender = Sender::new(url, secret)?;
    let lines = season.deliveries().map(|delivery| {
        let bytes = bytes::Bytes::copy_from_slice(delivery.bytes());
        Line::new(&delivery.event, &delivery.delivery.to_string(), bytes)
            .map_err(|reason| BadLine { number: 0, reason })
    });
    let bar = indicatif::ProgressBar::new_spinner().with_message("deliveries of the season");
    let pace = Pace {
        concurrency: std::num::NonZeroUsize::new(32).expect("not zero"),
        rate: None,
    };
    let tally = send_all(&sender, stream::iter(lines), pace, |tally| {
        bar.set_position(tally.accepted);
    })
    .await;
    let summary = tally.summary();
    ensure!(
        summary.refused == 0,
        "some of the season's deliveries were refused: {summary}"
    );
    bar.set_message("settling");
    wait_until_done(app).await?;
    bar.finish_and_clear();
    say(format_args!(
        "Loaded a season of {} deliveries by {} people in {} projects.",
        summary.accepted,
        season.people.len(),
        season.projects.len()
    ));
    Ok(())
}

async fn register(app: &App, season: &Season) -> anyhow::Result<()> {
    for project in &season.projects {
        if contributions::reads::project_id(&app.context.db, &project.slug)
            .await?
            .is_none()
        {
            let new = NewProject {
                name: project.name.clone(),
                slug: Some(project.slug.clone()),
                description: project.description.clone(),
                tags: project.tags.clone(),
                difficulty: Some(project.difficulty.to_owned()),
            };
            create_project(&app.context, Actor::Operator, new).await?;
        }
        let repositories = project
            .repositories
            .iter()
            .map(|repo| (repo.id, repo.full_name()))
            .collect();
        register_unknown(app, &project.slug, repositories).await?;
    }
    Ok(())
}
