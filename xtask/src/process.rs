//! Starts other programs and ensures that they end.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

/// Returns the cargo that runs this program, without its variables about the package of this program: build scripts
/// that read them would run again, and everything above them would be compiled again, with each change between
/// `cargo xtask` and plain `cargo`.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// Prints the command, runs it to completion, and fails unless it succeeds.
pub fn succeed(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command.stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("cannot start `{}`", shown(command)))?;
    ensure!(status.success(), "`{}` exited with {status}", shown(command));
    Ok(())
}

/// Runs a command and returns its output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start `{}`", shown(command)))?;
    ensure!(
        output.status.success(),
        "`{}` exited with {}: {}",
        shown(command),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Formats a command like a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut text = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Finds a program on `PATH`.
pub fn found(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// Returns true for root.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The signal that stops a program.
#[derive(Clone, Copy)]
pub enum Farewell {
    /// SIGINT: PostgreSQL's fast shutdown.
    Interrupt,
    /// SIGTERM: a server's graceful stop.
    Terminate,
}

impl Farewell {
    fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
        }
    }
}

/// Creates a command that the kernel stops when this process ends, for whatever reason. Without `setpriv`, only a
/// regular end stops it.
pub fn tied(program: &Path, farewell: Farewell, user: Option<&str>) -> Result<Command> {
    let Some(setpriv) = found("setpriv") else {
        ensure!(
            user.is_none(),
            "install util-linux: `setpriv` is needed to run {} without root",
            program.display()
        );
        return Ok(Command::new(program));
    };
    let mut command = Command::new(setpriv);
    command.args(["--pdeathsig", farewell.name()]);
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", group_of(user)?.trim(), "--clear-groups"]);
    }
    command.arg("--").arg(program);
    Ok(command)
}

fn group_of(user: &str) -> Result<String> {
    output(Command::new("id").args(["-g", user]))
}

/// A running program that is stopped when this value is dropped.
pub struct Daemon {
    child: Child,
    farewell: Farewell,
}

impl Daemon {
    /// Starts `command`, which should come from [`tied`].
    pub fn start(command: &mut Command, farewell: Farewell) -> Result<Self> {
        let child = command.stdin(Stdio::null()).spawn();
        let child = child.with_context(|| format!("cannot start `{}`", shown(command)))?;
        Ok(Self { child, farewell })
    }

    /// Returns the process ID.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it without warning, like a power failure.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Stops it with SIGQUIT, which ends PostgreSQL immediately.
    pub fn quit(mut self) -> Result<()> {
        let pid = self.pid().to_string();
        let script = format!("kill -QUIT {pid}");
        output(Command::new("sh").args(["-c", &script]))?;
        self.child.wait()?;
        Ok(())
    }

    /// Returns true once it has ended on its own.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.has_ended() {
            return;
        }
        let pid = self.pid().to_string();
        // The shell's built-in `kill`: not every machine has the program.
        let script = format!("kill -{} {pid}", self.farewell.name());
        let _ = Command::new("sh").args(["-c", &script]).status();
        let patience = Instant::now() + Duration::from_secs(15);
        while !self.has_ended() && Instant::now() < patience {
            thread::sleep(Duration::from_millis(20));
        }
        if !self.has_ended() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
