//! Writes the archive that an operator sends to whoever helps: the state of the server without names, addresses and secrets.

mod plain;
mod scrub;

use std::{fs::OpenOptions, io::Write as _, path::Path};

use anyhow::Context as _;
use chrono::TimeDelta;
use flate2::{Compression, write::GzEncoder};
use platform::{
    command::say,
    config::{Config, Origin, ShownValue},
    db::{DbError, Sizes},
    jobs,
    module::Services,
    processes,
};
use serde_json::{Value, json};
use tar::{Builder, Header};

use plain::is_plain;
use scrub::scrubbed;

/// The time for which failures count.
const RECENT: TimeDelta = TimeDelta::days(7);

/// Writes an archive (`.tar.gz`) with the version, the settings without secrets, the findings of `doctor`, and what failed in the last
/// seven days, and prints what is inside. `services` are those of the installation if it could be opened.
///
/// # Errors
/// When the file exists or cannot be written, or the database fails.
pub async fn write(
    path: &Path,
    version: &str,
    config: &Config,
    findings: &Value,
    services: Option<&Services>,
) -> anyhow::Result<()> {
    let about = json!({
        "version": version, "system": std::env::consts::OS, "machine": std::env::consts::ARCH,
        "is_open": services.is_some(),
    });
    let mut files = vec![
        ("about.json", about),
        ("settings.json", settings(config)),
        ("health.json", without_names(findings, &hosts(services).await?)),
    ];
    if let Some(services) = services {
        files.push(("failures.json", failures(services).await?));
        files.push(("queues.json", queues(services).await?));
    }
    let written = archive(path, &files);
    written.with_context(|| format!("cannot write {}", path.display()))?;
    say(format_args!("Wrote {}, with:", path.display()));
    for (name, content) in &files {
        say(format_args!("  {name:14} {} bytes", shown(content).len()));
    }
    say("Names, addresses and tokens were removed. Read it before you send it.");
    Ok(())
}

fn archive(path: &Path, files: &[(&str, Value)]) -> std::io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let mut archive = Builder::new(GzEncoder::new(file, Compression::default()));
    for (name, content) in files {
        let content = shown(content);
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        archive.append_data(&mut header, format!("guildhall/{name}"), content.as_bytes())?;
    }
    archive.into_inner()?.finish()?.flush()
}

fn shown(content: &Value) -> String {
    format!("{content:#}\n")
}

/// Lists the settings that are not defaults, with the values of numbers and of those that name no one.
fn settings(config: &Config) -> Value {
    let changed = config.settings.iter().filter(|setting| setting.origin != Origin::Default);
    let object = changed.map(|setting| {
        let value = match &setting.value {
            ShownValue::Text(text) if is_plain(setting.key, text) => text.as_str(),
            ShownValue::Text(_) | ShownValue::Secret => "set",
            ShownValue::Nothing => "",
        };
        json!({ "key": setting.key, "value": value, "from": setting.origin })
    });
    object.collect()
}

/// Returns the names of the machines of all processes.
async fn hosts(services: Option<&Services>) -> Result<Vec<String>, DbError> {
    let Some(services) = services else {
        return Ok(Vec::new());
    };
    let all = processes::all(&services.context.db).await?;
    Ok(all.into_iter().map(|process| process.host).collect())
}

/// Removes names, also those of `hosts`, from all texts of a document, but not from its keys.
fn without_names(document: &Value, hosts: &[String]) -> Value {
    match document {
        Value::String(text) => scrubbed(text, hosts).into(),
        Value::Array(parts) => parts.iter().map(|part| without_names(part, hosts)).collect(),
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| (name.clone(), without_names(value, hosts));
            Value::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

/// Lists the failed jobs with their last errors, and the dead letters by queue and error.
async fn failures(services: &Services) -> Result<Value, DbError> {
    let (db, now) = (&services.context.db, services.context.now());
    let hosts = hosts(Some(services)).await?;
    let failed = jobs::failed_jobs(db).await?.into_iter().map(|job| {
        let error = scrubbed(job.newest.last_error.as_deref().unwrap_or_default(), &hosts);
        let at = job.newest.created_at;
        json!({ "job": job.newest.name, "at": at, "runs": job.count, "error": error })
    });
    let failed: Value = failed.collect();
    let dead = jobs::died_since(db, &services.jobs().workers, now - RECENT).await?.into_iter();
    let dead = dead.map(|dead| {
        let error = scrubbed(&dead.error, &hosts);
        json!({ "queue": dead.name, "count": dead.count, "error": error })
    });
    Ok(json!({ "jobs": failed, "dead_letters": dead.collect::<Value>() }))
}

/// Lists the queues with what waits in them, and the sizes of the largest tables.
async fn queues(services: &Services) -> Result<Value, DbError> {
    let db = &services.context.db;
    let queues = jobs::queues(db, &services.jobs().workers).await?.into_iter();
    let queue = |queue: jobs::QueueState| {
        let (depth, dead) = (queue.depth, queue.dead);
        json!({ "queue": queue.name, "depth": depth, "dead": dead, "oldest_at": queue.oldest_at })
    };
    let queues: Value = queues.map(queue).collect();
    let Sizes { whole, tables } = db.sizes().await?;
    let table =
        |table: &platform::db::TableSize| json!({ "table": table.name, "bytes": table.bytes });
    let tables: Value = tables.iter().map(table).collect();
    Ok(
        json!({ "queues": queues, "engine": db.engine().to_string(), "bytes": whole, "tables": tables }),
    )
}
