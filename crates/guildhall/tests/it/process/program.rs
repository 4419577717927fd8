use std::{
    fs::{self, File},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use super::memory_watch::MemoryWatch;
use crate::app::{client, logs};

/// Timeout for a program to start, stop or log something, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A running program, killed when dropped; its log is printed when the test fails.
pub(crate) struct Program {
    child: Child,
    log: PathBuf,
}

impl Program {
    pub(crate) fn start(command: &mut Command, directory: &Path) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let log = match logs::folder() {
            Some(folder) => folder.join(format!("program-{}-{number}.log", std::process::id())),
            None => directory.join(format!("log-{number}")),
        };
        let file = File::create(&log).expect("a log");
        let mut program = Self::start_with_log(command, file);
        program.log = log;
        program
    }

    /// Starts a program that writes its log to a file, which is not printed.
    pub(crate) fn start_with_log(command: &mut Command, file: File) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a log"))
            .stderr(file)
            .spawn()
            .expect("the program");
        Self { child, log: PathBuf::new() }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Samples its memory until the result is dropped.
    pub(super) fn watch_memory(&self) -> MemoryWatch {
        MemoryWatch::of(self.child.id())
    }

    /// Waits until the server at `url` is ready.
    pub(crate) async fn ready(mut self, url: &str) -> Self {
        let (client, url) = (client(), format!("{url}/readyz"));
        let began = Instant::now();
        loop {
            let answer = client.get(&url).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return self;
            }
            self.must_still_run(began);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until its log contains `text`.
    pub(crate) async fn says(mut self, text: &str) -> Self {
        let began = Instant::now();
        while !self.log().contains(text) {
            self.must_still_run(began);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self
    }

    fn must_still_run(&mut self, began: Instant) {
        let ended = self.child.try_wait().expect("a state");
        assert!(ended.is_none(), "the program ended: {ended:?}");
        assert!(began.elapsed() < TIMEOUT, "the program takes too long");
    }

    /// Waits until it has stopped.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a state") {
                return status;
            }
            assert!(began.elapsed() < TIMEOUT, "the program does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until it has killed itself as planned.
    pub(crate) async fn killed(mut self) {
        let status = self.ended().await;
        assert_eq!(status.signal(), Some(libc::SIGKILL), "{status}");
    }

    /// Sends SIGTERM, as a service manager does.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends SIGHUP, as a closed terminal does.
    pub(crate) fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status();
        assert!(status.expect("kill").success(), "the signal was not sent");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            super::print_line(format_args!("{}:\n{}", self.log.display(), self.log()));
        }
    }
}
