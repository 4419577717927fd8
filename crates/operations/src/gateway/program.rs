use std::{
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use platform::config::Setting;
use tokio::{io::AsyncReadExt as _, process::Command, time::timeout};

/// The length at which what the program says is cut, in characters.
const LONGEST: usize = 300;
/// How much of the end of what the program says is kept, in bytes.
const TAIL: usize = 4_096;

/// Runs the program that copies a backup, without a shell and without the variables of the server. `{file}` in its arguments is
/// replaced by the path of the file, `{name}` by its name.
///
/// # Errors
/// When it cannot be started, takes longer than `patience`, or fails; with the last line that it wrote to standard error.
pub(crate) async fn run(
    command: &str,
    file: &Path,
    settings: &[Setting],
    patience: Duration,
) -> Result<()> {
    let path = file.to_str().context("the path of the backup is not text")?;
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut words =
        command.split_whitespace().map(|word| word.replace("{file}", path).replace("{name}", name));
    let program = words.next().context("backup_command is empty")?;
    let mut child = Command::new(&program);
    child.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    child.kill_on_drop(true);
    for setting in settings {
        child.env_remove(setting.variable).env_remove(format!("{}_FILE", setting.variable));
    }
    let ran = timeout(patience, ended(&mut child)).await;
    let ran = ran
        .with_context(|| format!("{program} did not end within {} seconds", patience.as_secs()))?;
    let (status, said) = ran.with_context(|| format!("cannot run {program}"))?;
    if status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    let last: String = last.chars().take(LONGEST).collect();
    bail!("{program} failed ({status}): {last}")
}

/// Runs a program to its end. Returns its status and the last [`TAIL`] bytes that it wrote to standard error.
async fn ended(command: &mut Command) -> io::Result<(ExitStatus, Vec<u8>)> {
    let mut child = command.spawn()?;
    let mut said = Vec::new();
    if let Some(mut errors) = child.stderr.take() {
        let mut part = vec![0_u8; TAIL];
        loop {
            let length = errors.read(&mut part).await?;
            if length == 0 {
                break;
            }
            said.extend_from_slice(&part[..length]);
            let surplus = said.len().saturating_sub(TAIL);
            said.drain(..surplus);
        }
    }
    Ok((child.wait().await?, said))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_gets_the_file_and_a_time_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a b.db");
        std::fs::write(&file, "rows").expect("written");
        let into = folder.path().display();
        let run = async |command: &str, seconds: u64| {
            run(command, &file, &[], Duration::from_secs(seconds)).await
        };
        run(&format!("cp {{file}} {into}/copy-of-{{name}}"), 60).await.expect("copied");
        let talkative = "dd if=/dev/zero of=/dev/stderr bs=1024 count=512";
        run(talkative, 60).await.expect("what it says is read to the end");
        let copy = folder.path().join("copy-of-a b.db");
        assert_eq!(std::fs::read_to_string(copy).expect("read"), "rows");
        for (command, seconds, expected) in [
            ("no-such-program {file}", 60, "cannot run no-such-program"),
            ("tail -f {file}", 1, "did not end within"),
            ("cat {file} /no/such/file", 60, "cat failed"),
        ] {
            let said = run(command, seconds).await.expect_err(command);
            assert!(said.to_string().contains(expected), "{said:#}");
        }
    }
}
