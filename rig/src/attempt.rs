//! Commands that end by themselves, and may be refused.

use std::{
    fs,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

/// How long a command may take.
const LONGEST: Duration = Duration::from_secs(60);

/// The outcome of a command that may be refused.
pub(crate) struct Attempt {
    /// Its exit status; `None` when it was stopped because it did not end by itself.
    status: Option<ExitStatus>,
    stdout: String,
    stderr: String,
}

impl Attempt {
    /// Runs a command, with its output in files next to `folder`. One that does not end by itself is stopped.
    pub(crate) fn of(command: &mut Command, folder: &Path) -> Result<Self> {
        let logs = ["stdout", "stderr"].map(|name| folder.with_extension(name));
        let [stdout, stderr] = logs.each_ref().map(fs::File::create);
        command.stdout(stdout?).stderr(stderr?);
        let status = ended(command.stdin(Stdio::null()).spawn()?)?;
        let [stdout, stderr] = logs.each_ref().map(fs::read_to_string);
        let attempt =
            Self { status, stdout: stdout?.trim().to_owned(), stderr: stderr?.trim().to_owned() };
        for log in logs {
            fs::remove_file(log)?;
        }
        Ok(attempt)
    }

    /// Returns the exit code and the standard output of a command that ended by itself.
    pub(crate) fn ended(&self) -> Result<(i32, &str)> {
        let code = self.status.and_then(|status| status.code());
        let code = code.with_context(|| self.shown())?;
        Ok((code, &self.stdout))
    }

    /// Checks that the command failed by itself, with this reason.
    pub(crate) fn refused(&self, reason: &str) -> Result<()> {
        let code = self.status.and_then(|status| status.code());
        let is_refused = code.is_some_and(|code| code != 0);
        ensure!(
            is_refused && self.stderr.contains(reason),
            "not refused because of {reason:?}: {}",
            self.shown()
        );
        Ok(())
    }

    /// Checks that the command succeeded, and returns its standard output.
    pub(crate) fn succeeded(self) -> Result<String> {
        let is_done = self.status.is_some_and(|status| status.success());
        ensure!(is_done, "{}", self.shown());
        Ok(self.stdout)
    }

    fn shown(&self) -> String {
        let ended = match self.status {
            Some(status) => status.to_string(),
            None => format!("stopped after {LONGEST:?}"),
        };
        format!("{ended}, {:?}, {:?}", self.stdout, self.stderr)
    }
}

/// Waits until a command ends by itself, and returns its exit status. Stops it when it takes too long.
fn ended(mut child: Child) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < LONGEST {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    fn attempt(status: Option<i32>) -> Attempt {
        Attempt {
            status: status.map(ExitStatus::from_raw),
            stdout: "a line".to_owned(),
            stderr: "error: not here".to_owned(),
        }
    }

    #[test]
    fn only_a_command_that_ended_by_itself_is_refused_or_has_succeeded() {
        let (done, failed, killed, hanging) = (Some(0), Some(1 << 8), Some(9), None);
        for status in [done, failed, killed, hanging] {
            let is_refused = attempt(status).refused("not here").is_ok();
            assert_eq!(is_refused, status == failed, "{status:?}");
            let stdout = attempt(status).succeeded().ok();
            assert_eq!(stdout.is_some(), status == done, "{status:?}");
        }
        assert!(attempt(failed).refused("another reason").is_err());
    }
}
