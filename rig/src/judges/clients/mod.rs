//! Judge `clients`: two generators turn the API's description into clients, which then call the running demo. The client
//! of `openapi-typescript` is checked by the TypeScript compiler; every module of `openapi-python-client` is imported.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::Surroundings;
use crate::{
    fake_github::SESSION,
    http::request,
    installation::{Installation, Serving},
};
use xtask::{
    fetch,
    process::{output, succeed},
    tally::Tally,
};

const TYPESCRIPT: &[&str] =
    &["openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3"];
const PYTHON: &str = "openapi-python-client==0.29.1";
/// The programs that call the server with the generated clients.
const CALLS_TYPESCRIPT: &str = include_str!("calls.ts");
const CALLS_PYTHON: &str = include_str!("calls.py");
/// Settings of the Python generator, which knows no media type of a token.
const SETTINGS_PYTHON: &str =
    r#"{ "content_type_overrides": { "application/jwt": "text/plain" } }"#;
/// The time limit of each program.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fetches both generators.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    let folder = folder(around);
    fetch::npm_packages(&folder.join("typescript"), TYPESCRIPT, around.install)?;
    fetch::python_packages(&folder.join("python"), &[PYTHON], around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/clients")
}

/// Generates both clients and lets them call a demo on SQLite.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let (binary, folder) = (around.program(), folder(around));
    let description = output(Command::new(&binary).arg("openapi"))?;
    fs::write(folder.join("openapi.json"), description)?;
    let start = Instant::now();
    tally.step("openapi-typescript generates a client", typescript(&folder));
    tally.step("openapi-python-client generates a client", python(&folder));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let installation = Installation::fresh(binary, folder.join("sqlite"), None)?;
    let (serving, token) = runtime.block_on(async {
        let serving = around.demo(&installation).await?;
        let token = token_of(&serving).await?;
        anyhow::Ok((serving, token))
    })?;
    let server = [format!("http://127.0.0.1:{}", serving.port), token];
    let mut node = timed("node");
    node.arg("calls.js").args(&server).current_dir(folder.join("typescript"));
    tally.step("the TypeScript client calls the server", succeed(&mut node));
    let mut python = timed("bin/python");
    python.arg("calls.py").args(&server).current_dir(folder.join("python"));
    tally.step("the Python client calls the server", succeed(&mut python));
    println!("both clients took {:?}", start.elapsed());
    drop(serving);
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

fn timed(program: &str) -> Command {
    let mut command = Command::new("timeout");
    command.arg(PATIENCE.as_secs().to_string()).arg(program);
    command
}

/// Generates types, and compiles the calls against them.
fn typescript(folder: &Path) -> Result<()> {
    let folder = folder.join("typescript");
    let package = json!({ "private": true, "type": "module" });
    fs::write(folder.join("package.json"), package.to_string())?;
    fs::write(folder.join("calls.ts"), CALLS_TYPESCRIPT)?;
    let program = |name: &str| {
        let mut command = Command::new(folder.join("node_modules/.bin").join(name));
        command.current_dir(&folder);
        command
    };
    succeed(program("openapi-typescript").args(["../openapi.json", "--output", "api.d.ts"]))?;
    succeed(
        program("tsc").args(["--strict", "--target", "es2022", "--module", "nodenext", "calls.ts"]),
    )
}

/// Generates a package. A warning of the generator is an error, since it leaves out what it does not understand.
fn python(folder: &Path) -> Result<()> {
    let folder = folder.join("python");
    fs::write(folder.join("calls.py"), CALLS_PYTHON)?;
    fs::write(folder.join("settings.json"), SETTINGS_PYTHON)?;
    // The generator formats its output with a program beside it.
    let path = env::var_os("PATH").unwrap_or_default();
    let paths = [folder.join("bin")].into_iter().chain(env::split_paths(&path));
    let mut generate = Command::new(folder.join("bin/openapi-python-client"));
    generate
        .args(["generate", "--path", "../openapi.json", "--output-path", "client"])
        .args(["--config", "settings.json"])
        .args(["--overwrite", "--fail-on-warning"])
        .env("PATH", env::join_paths(paths)?)
        .current_dir(&folder);
    succeed(&mut generate)
}

/// Creates a personal token of the demo's contributor.
async fn token_of(serving: &Serving) -> Result<String> {
    let cookie = format!("{SESSION}={}", serving.session_of("contributor").await?);
    let headers = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let body = json!({ "name": "clients", "scopes": ["read"], "expires_in_days": 1 });
    let path = "/api/v1/me/tokens";
    let answer = request(serving.port, "POST", path, &headers, Some(&body)).await?;
    ensure!(answer.status == 201, "no token: {}", answer.text());
    let created = answer.json()?;
    let secret = created["secret"].as_str().context("no secret")?;
    Ok(secret.to_owned())
}
