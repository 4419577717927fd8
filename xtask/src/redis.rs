//! A throw-away Redis, with its own port on loopback and nothing on disk, which is stopped at the end.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::{
    fetch,
    postgres::free_port,
    process::{Daemon, Farewell, found, tied},
};

/// A running server, which is stopped when this value is dropped.
pub struct Redis {
    program: PathBuf,
    daemon: Option<Daemon>,
    port: u16,
}

/// Finds a Redis or Valkey server.
pub(crate) fn program() -> Option<PathBuf> {
    found("redis-server").or_else(|| found("valkey-server"))
}

/// Finds Redis, or installs it if possible and allowed.
pub fn program_or_install(install: bool) -> Result<PathBuf> {
    if let Some(program) = program() {
        return Ok(program);
    }
    ensure!(
        install && fetch::may_install(),
        "Redis is not installed: run `apt-get install redis-server`"
    );
    fetch::apt_install(&["redis-server"])?;
    program().context("redis-server is not on PATH after its installation")
}

impl Redis {
    /// Starts an empty server and waits until it listens.
    pub fn start(program: &Path) -> Result<Self> {
        let mut redis = Self { program: program.to_owned(), daemon: None, port: free_port()? };
        redis.back()?;
        println!("Redis listens on 127.0.0.1:{}", redis.port);
        Ok(redis)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Kills it without warning, like a power failure.
    pub fn kill(&mut self) -> Result<()> {
        self.daemon.take().map_or(Ok(()), Daemon::kill)
    }

    /// Starts it again on the same port, empty.
    pub fn back(&mut self) -> Result<()> {
        let mut command = tied(&self.program, Farewell::Terminate, None)?;
        command
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let daemon = self.daemon.insert(Daemon::start(&mut command, Farewell::Terminate)?);
        let patience = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            ensure!(
                !daemon.has_ended() && Instant::now() < patience,
                "the temporary Redis did not start"
            );
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}
