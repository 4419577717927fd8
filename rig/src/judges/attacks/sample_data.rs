use std::fs;

use anyhow::{Result, ensure};

use super::target::Target;
use crate::{http::Connection, installation::Installation};

const PRODUCTION: [(&str, &str); 1] = [("GUILDHALL_ENVIRONMENT", "production")];
/// The end of the error for a database with other data.
const OTHER_DATA: &str = "sample data. Use another --data-dir";

async fn people(target: &Target) -> Result<i64> {
    let all = "SELECT count(*) FROM users WHERE login <> $1";
    target.count(all, "").await
}

/// Writes sample data into the data directory of a live server.
pub(super) async fn in_live_folder(target: &Target, arguments: &[&str]) -> Result<()> {
    let before = people(target).await?;
    let bind = [("GUILDHALL_BIND", "127.0.0.1:0")];
    let attempt = target.installation.attempt(arguments, &bind)?;
    attempt.refused(OTHER_DATA)?;
    ensure!(people(target).await? == before, "people were added to the live server");
    Ok(())
}

/// Writes sample data into the database of a live server, from another data directory with the same secret key: without
/// it, no command would open the database.
pub(super) async fn in_live_database(target: &Target) -> Result<()> {
    let before = people(target).await?;
    let other =
        Installation::fresh(target.installation.binary.clone(), target.folder.join("other"), None)?;
    target.installation.copy_key(&other)?;
    let url = target.installation.database_url();
    let settings = [("DATABASE_URL", url.as_str()), ("GUILDHALL_BIND", "127.0.0.1:0")];
    let attempt = other.attempt(&["demo"], &settings)?;
    attempt.refused(OTHER_DATA)?;
    ensure!(people(target).await? == before, "people were added to the live server");
    Ok(())
}

/// Runs a command for sample data in a new installation that is for production.
pub(super) async fn in_production(target: &Target, arguments: &[&str]) -> Result<()> {
    let folder = target.folder.join("production");
    let fresh = Installation::fresh(target.installation.binary.clone(), folder, None)?;
    fresh.quietly(&["migrate", "up", "--create"])?;
    let mut settings = PRODUCTION.to_vec();
    settings.push(("GUILDHALL_BIND", "127.0.0.1:0"));
    let mut arguments = arguments.to_vec();
    if arguments[0] == "fake" {
        arguments.extend(["--bind", "127.0.0.1:0"]);
    }
    let attempt = fresh.attempt(&arguments, &settings)?;
    attempt.refused("are refused in production")
}

/// Opens the demo under a name that points to this machine, and through a proxy on it.
pub(super) async fn elsewhere(target: &Target) -> Result<()> {
    let folder = target.folder.join("demo");
    let demo = Installation::fresh(target.installation.binary.clone(), folder, None)?;
    let serving = demo.demo_begun().await?;
    let ask = async |headers: &str| {
        let request = format!("GET / HTTP/1.1\r\n{headers}\r\n\r\n");
        let mut connection = Connection::open(serving.port).await?;
        connection.send(request.as_bytes()).await
    };
    let own = ask("Host: localhost").await?;
    ensure!(own.status == 200, "the demo answers {} here", own.status);
    for headers in [
        "Host: guild.example",
        "Host: 127.0.0.1.guild.example:8080",
        "Host: 192.0.2.1",
        "Host: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1",
        "Host: 127.0.0.1\r\nX-Forwarded-Host: guild.example",
        "Host: 127.0.0.1\r\nForwarded: for=192.0.2.1",
        "Host: 127.0.0.1\r\nVia: 1.1 proxy",
    ] {
        let answer = ask(headers).await?;
        ensure!(
            answer.status == 403 && answer.text().contains("NOT_THIS_MACHINE"),
            "{headers:?} is answered {}",
            answer.status
        );
    }
    drop(serving);
    fs::remove_dir_all(&demo.data)?;
    Ok(())
}
