//! Decrypts push messages independently: Mozilla's `http_ece` decrypts the messages that a worker sent to a fake push
//! service, and Python's `cryptography` verifies their signer.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{AnyPool, AssertSqlSafe};

use super::{PATIENCE, Surroundings, folder, python};
use crate::{http::Connection, installation::Installation, undone};
use xtask::process::output;

const MESSAGES: usize = 100;

#[derive(Deserialize)]
struct Browser {
    endpoint: String,
    p256dh: String,
    auth: String,
}

/// A message as decrypted, and its signer.
#[derive(Deserialize)]
struct Received {
    said: Value,
    claims: Value,
    topic: String,
    ttl: u32,
    bytes: usize,
}

pub(super) async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let binary = around.program();
    let mut installation = Installation::fresh(binary, folder(around).join("push"), None)?;
    let (port, _service) = installation.fake("post")?;
    let mut to_service = Connection::once_open(port).await?;
    installation.push = Some(port);
    installation.command(&["migrate", "up", "--create"])?;
    let script = installation.data.join("browser.py");
    fs::write(&script, include_str!("browser.py"))?;
    let keys = installation.data.join("keys.json");
    let endpoint = format!("http://127.0.0.1:{port}/push/judge");
    let made = call(around, &script, &["make", &endpoint, text(&keys)?])?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    fill(&pool, &serde_json::from_str(&made)?).await?;
    let worker = installation.worker("outbox")?;
    undone::wait_messages(&pool, PATIENCE).await?;
    drop(worker);
    pool.close().await;
    let request = "GET /_taken HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    let answer = to_service.send(request.as_bytes()).await?;
    let taken = installation.data.join("taken.json");
    fs::write(&taken, &answer.body)?;
    let read = call(around, &script, &["read", text(&keys)?, text(&taken)?])?;
    let received: Vec<Received> =
        serde_json::from_str(&read).context("the browser's output is not a list")?;
    let largest = check(&received, port)?;
    around.count("push messages", received.len());
    println!("{MESSAGES} messages by push: a browser read each, the largest was {largest} bytes");
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}

fn call(around: &Surroundings<'_>, script: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(python(around).join("bin/python"));
    output(command.arg(script).args(arguments))
}

/// Returns the text of the n-th message: some are short, some longer than the shown part, all with multi-byte
/// characters.
fn subject(count: usize) -> String {
    format!("Nº {count}: Laternen {}", "ü".repeat(count * 3))
}

async fn fill(pool: &AnyPool, browser: &Browser) -> Result<()> {
    let Browser { endpoint, p256dh, auth } = browser;
    let now = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now')";
    let id = "000102030405060708090a0b0c0d0e0f";
    let sql = format!(
        "INSERT INTO push_subscriptions (id, created_at, person_id, endpoint, p256dh, auth) \
         VALUES (x'{id}', {now}, x'{id}', '{endpoint}', '{p256dh}', '{auth}')"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
    for count in 0..MESSAGES {
        let content = json!({
            "subject": subject(count), "text": "", "link": "https://guild.example/projects",
        });
        let sql = format!(
            "INSERT INTO outbox_messages (id, created_at, person_id, kind, object_id, occurrence, \
             channel, recipient, content, due_at, attempts) VALUES (randomblob(16), {now}, x'{id}', \
             'judge', x'{id}', '{count}', 'push', '00010203-0405-0607-0809-0a0b0c0d0e0f', \
             '{content}', {now}, 0)"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
    }
    Ok(())
}

/// Checks the received messages; returns the size of the largest one.
fn check(received: &[Received], port: u16) -> Result<usize> {
    let shown = |count| subject(count).chars().take(200).collect::<String>();
    let expected: BTreeSet<String> = (0..MESSAGES).map(shown).collect();
    let title = |message: &Received| message.said["title"].as_str().unwrap_or_default().to_owned();
    let read: BTreeSet<String> = received.iter().map(title).collect();
    ensure!(
        read == expected && received.len() == MESSAGES,
        "{} messages were read, and not as they were written",
        received.len()
    );
    for one in received {
        let link = one.said["link"] == "https://guild.example/projects";
        let tag = one.said["tag"].as_str().unwrap_or_default().replace('-', "");
        ensure!(link && tag == one.topic, "{} and {}", one.said, one.topic);
        let origin = format!("http://127.0.0.1:{port}");
        ensure!(one.claims["aud"] == origin.as_str(), "{}", one.claims);
        ensure!(one.ttl > 0 && one.bytes <= 4_096, "{} bytes", one.bytes);
    }
    let largest = received.iter().map(|one| one.bytes).max();
    largest.context("nothing was read")
}
